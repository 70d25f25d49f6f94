//! Whether a `vendor` folder fits its go.mod. Comes in: a go.mod and the text of
//! `vendor/modules.txt`. Goes out: what `go build` would refuse with "inconsistent vendoring", as
//! cmd/go checks it (modload/vendor.go, `checkVendorConsistency`), one sentence for each module.

use std::collections::BTreeMap;

use super::{ModFile, Replace, ReplaceTarget};

/// What a `modules.txt` says of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Vendored<'t> {
    version: &'t str,
    explicit: bool,
    replaced_by: Option<&'t str>,
}

/// Where a `modules.txt` and its go.mod differ, by module path; nothing where Go would build. A
/// `modules.txt` of a workspace is not looked at: it belongs to several go.mod files.
pub fn vendor_problems(go_mod: &ModFile, modules_txt: &str) -> Vec<String> {
    if modules_txt.starts_with("## workspace") {
        return Vec::new();
    }
    let vendored = read(modules_txt);
    let mut problems = BTreeMap::new();
    for require in go_mod.requires() {
        let (path, version) = (require.path.as_str(), require.version.to_string());
        let found = vendored.get(path).filter(|v| v.version == version);
        let problem = match (found, vendored.get(path)) {
            (Some(found), _) if found.explicit => continue,
            (Some(_), _) => format!("{path} {version} is not marked as explicit there"),
            (None, Some(other)) if !other.version.is_empty() => {
                format!("{path} is {version} in go.mod and {} there", other.version)
            }
            (None, _) => format!("{path} {version} is missing there"),
        };
        problems.insert(path, problem);
    }
    for replace in go_mod.replaces() {
        let path = replace.path.as_str();
        let Some(found) = vendored.get(path) else { continue };
        let target = target(replace);
        let in_force = replace.version.as_ref().is_none_or(|v| v.to_string() == found.version);
        if in_force && found.replaced_by != Some(target.as_str()) {
            let there = found.replaced_by.unwrap_or("not replaced");
            problems
                .entry(path)
                .or_insert(format!("{path} is replaced by {target}, {there} there"));
        }
    }
    for (path, found) in vendored {
        let required = go_mod.required_version(path).is_some();
        if found.explicit && !required {
            problems.entry(path).or_insert(format!("{path} is explicit there, not in go.mod"));
        }
        let replaced = go_mod.replaces().iter().any(|r| r.path == path);
        if found.replaced_by.is_some() && !replaced {
            problems.entry(path).or_insert(format!("{path} is replaced there, not in go.mod"));
        }
    }
    problems.into_values().collect()
}

fn target(replace: &Replace) -> String {
    match &replace.target {
        ReplaceTarget::Directory(folder) => folder.clone(),
        ReplaceTarget::Module { path, version } => format!("{path} {version}"),
    }
}

/// The modules of a `modules.txt`, by path.
fn read(text: &str) -> BTreeMap<&str, Vendored<'_>> {
    let mut all: BTreeMap<&str, Vendored<'_>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        if let Some(marks) = line.strip_prefix("## ") {
            let explicit = marks.split(';').any(|mark| mark.trim() == "explicit");
            if let Some(module) = current.and_then(|path| all.get_mut(path)) {
                module.explicit |= explicit;
            }
        } else if let Some(module) = line.strip_prefix("# ") {
            let (module, replaced_by) = match module.split_once(" => ") {
                Some((module, target)) => (module, Some(target.trim())),
                None => (module, None),
            };
            let (path, version) = module.trim().split_once(' ').unwrap_or((module.trim(), ""));
            let entry = all.entry(path).or_default();
            if !version.is_empty() {
                entry.version = version;
            }
            entry.replaced_by = entry.replaced_by.or(replaced_by);
            current = Some(path);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const GO_MOD: &str = "module m\ngo 1.17\nrequire (\n\ta.b/c v1.2.0\n\ta.b/d v0.1.0 // indirect\n)\nreplace a.b/d => ../d\n";

    fn problems(modules_txt: &str) -> Vec<String> {
        vendor_problems(&ModFile::parse(GO_MOD), modules_txt)
    }

    #[test]
    fn a_folder_that_go_mod_vendor_has_made_fits() {
        let text = "# a.b/c v1.2.0\n## explicit; go 1.16\na.b/c\na.b/c/x\n# a.b/d v0.1.0 => ../d\n## explicit\na.b/d\n# a.b/e v1.0.0\na.b/e\n# a.b/d => ../d\n";
        assert_eq!(problems(text), [""; 0]);
    }

    #[test]
    fn each_module_that_differs_is_named_once() {
        let text = "# a.b/c v1.1.0\n## explicit\n# a.b/d v0.1.0\na.b/d\n# a.b/f v1.0.0 => ../f\n## explicit\n";
        assert_eq!(
            problems(text),
            [
                "a.b/c is v1.2.0 in go.mod and v1.1.0 there",
                "a.b/d v0.1.0 is not marked as explicit there",
                "a.b/f is explicit there, not in go.mod",
            ]
        );
        let text = "# a.b/c v1.2.0\n## explicit\n# a.b/d v0.1.0\n## explicit\n";
        assert_eq!(problems(text), ["a.b/d is replaced by ../d, not replaced there"]);
        assert_eq!(problems("").len(), 2);
        assert_eq!(problems("## workspace\n"), [""; 0]);
    }
}
