//! What the package index needs to know of `go.mod` and `go.work`: which modules at which versions
//! stand where. Comes in: the text of one such file. Goes out: its directives, as far as they bear
//! on where packages are found; lines that are none are passed over.

/// A module path, with a version where one is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ModuleVersion {
    pub(super) path: String,
    pub(super) version: Option<String>,
}

/// `replace from => to`. A target without a version is a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replace {
    pub(super) from: ModuleVersion,
    pub(super) to: ModuleVersion,
}

/// The directives of a `go.mod` or `go.work`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ModuleFile {
    pub(super) module: Option<String>,
    /// The minor number of the `go` directive: 21 of `go 1.21.3`.
    pub(super) go: Option<u32>,
    pub(super) requires: Vec<(String, String)>,
    pub(super) replaces: Vec<Replace>,
    /// Folders that a `go.work` uses.
    pub(super) uses: Vec<String>,
}

impl ModuleFile {
    /// Reads `text`.
    pub(super) fn read(text: &str) -> Self {
        let mut file = Self::default();
        let mut block: Option<String> = None;
        for line in text.lines() {
            let words = words(line);
            let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
            match (words[..].last().copied(), block.as_deref()) {
                (None, _) => continue,
                (Some(")"), Some(_)) if words.len() == 1 => {
                    block = None;
                    continue;
                }
                (Some("("), None) => {
                    block = Some(words[0].to_string());
                    continue;
                }
                (_, Some(verb)) => words.insert(0, verb),
                _ => {}
            }
            file.directive(&words);
        }
        file
    }

    fn directive(&mut self, words: &[&str]) {
        match *words {
            ["module", path] => self.module = Some(path.into()),
            ["go", version] => {
                self.go = version.strip_prefix("1.").and_then(|rest| {
                    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                    rest[..digits].parse().ok()
                });
            }
            ["require", path, version] => self.requires.push((path.into(), version.into())),
            ["use", folder] => self.uses.push(folder.into()),
            ["replace", ref rest @ ..] => {
                let Some(arrow) = rest.iter().position(|w| *w == "=>") else { return };
                let side = |words: &[&str]| match *words {
                    [path] => Some(ModuleVersion { path: path.into(), version: None }),
                    [path, version] => {
                        Some(ModuleVersion { path: path.into(), version: Some(version.into()) })
                    }
                    _ => None,
                };
                if let (Some(from), Some(to)) = (side(&rest[..arrow]), side(&rest[arrow + 1..])) {
                    self.replaces.push(Replace { from, to });
                }
            }
            _ => {}
        }
    }
}

/// The words of a line without its comment; parentheses are words, quotes are taken off.
fn words(line: &str) -> Vec<String> {
    let line = line.split("//").next().unwrap_or_default();
    let line = line.replace('(', " ( ").replace(')', " ) ");
    line.split_whitespace().map(|w| w.trim_matches(['"', '`']).to_string()).collect()
}

/// A path or version as the module cache spells it in file names: capitals become `!` and the
/// small letter (<https://go.dev/ref/mod#module-cache>).
pub fn escape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('!');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Whether version `a` comes after `b` (semantic versioning; what is no version comes first).
pub(super) fn is_newer(a: &str, b: &str) -> bool {
    let parse = |v: &str| {
        let v = v.strip_prefix('v').unwrap_or(v);
        semver::Version::parse(v.strip_suffix("+incompatible").unwrap_or(v)).ok()
    };
    parse(a) > parse(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_single_and_in_blocks() {
        let file = ModuleFile::read(
            "module \"a.b/c\" // m\ngo 1.21rc2\nrequire x.y/z v1.0.0\nrequire (\n\t// c\n\td.e/f v2.0.0+incompatible // indirect\n)\n\
             replace x.y/z v1.0.0 => ../z\nreplace (\n\td.e/f => g.h/f v1.2.3\n)\nuse (\n\t./a\n)\nuse ./b\n",
        );
        assert_eq!(file.module.as_deref(), Some("a.b/c"));
        assert_eq!(file.go, Some(21));
        let requires: Vec<_> = file.requires.iter().map(|(p, v)| format!("{p}@{v}")).collect();
        assert_eq!(requires, ["x.y/z@v1.0.0", "d.e/f@v2.0.0+incompatible"]);
        assert_eq!(file.replaces[0].to.path, "../z");
        assert_eq!(file.replaces[0].from.version.as_deref(), Some("v1.0.0"));
        assert_eq!(file.replaces[1].to.version.as_deref(), Some("v1.2.3"));
        assert_eq!(file.uses, ["./a", "./b"]);
    }

    #[test]
    fn versions_in_the_order_of_releases() {
        assert!(is_newer("v1.10.0", "v1.9.0"));
        assert!(is_newer("v1.4.0", "v1.4.0-0.20230101000000-abcdefabcdef"));
        assert!(!is_newer("v2.0.0+incompatible", "v2.0.0+incompatible"));
        assert_eq!(escape("github.com/BurntSushi/toml"), "github.com/!burnt!sushi/toml");
    }
}
