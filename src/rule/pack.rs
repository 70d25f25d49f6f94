//! Packs as texts. Comes in: the files of a pack, read by whoever can read. Goes out: what its
//! `pack.yaml` and its rule files say, and all mistakes that these have as texts.

use super::api::read_api;
use super::gopatch::read_gopatch;
use super::spec::{PackSpec, PackageSpec, ParamSpec, RuleFileSpec, read_pack, read_rules};
use crate::go::packages::ApiFile;
use crate::text::{Diagnostic, SourceMap};

/// The texts of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackSource {
    /// The name under which it was found: of its folder, or of a single rule file.
    pub name: String,
    /// Paths, as messages show them, and texts: `pack.yaml`, the rule files and the Go files of the
    /// folder `api`, in any order.
    pub files: Vec<(String, String)>,
}

/// How the names of files in gopatch's syntax end.
pub const PATCH: &str = ".patch";

/// The file that says what a pack is.
pub const MANIFEST: &str = "pack.yaml";

impl PackSource {
    /// A single rule file as a pack, named after the file.
    pub fn of_rule_file(path: impl Into<String>, text: impl Into<String>) -> Self {
        let path = path.into();
        let file = file_name(&path);
        let endings = [".yaml", ".yml", PATCH];
        let name = endings.iter().find_map(|ending| file.strip_suffix(ending));
        Self { name: name.unwrap_or(file).to_owned(), files: vec![(path.clone(), text.into())] }
    }
}

/// The last element of a path as messages show it.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Finds the packs that other packs extend.
pub trait PackLibrary {
    /// The pack of that name.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    fn find(&self, name: &str) -> Result<PackSource, NotFound>;

    /// The names of all packs that could be found, for messages.
    fn names(&self) -> Vec<String>;
}

/// Why there is no such pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// No pack has the name.
    Unknown,
    /// It is there, but cannot be read, for that reason.
    Unreadable(String),
}

/// What the files of a pack say.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name, by its `pack.yaml` or else by where it was found.
    pub name: String,
    /// The name under which it was found.
    pub found_as: String,
    /// What its `pack.yaml` says, if it has one.
    pub spec: Option<PackSpec>,
    /// Its rule files, by name in byte order.
    pub files: Vec<RuleFileSpec>,
    /// Declarations of packages, for where their sources are not at hand.
    pub api: Vec<ApiFile>,
}

impl Pack {
    /// Reads the files of a pack, which `sources` keeps.
    pub fn read(source: &PackSource, sources: &mut SourceMap) -> (Pack, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut pack = Pack {
            name: source.name.clone(),
            found_as: source.name.clone(),
            spec: None,
            files: Vec::new(),
            api: Vec::new(),
        };
        let mut files: Vec<_> = source.files.iter().collect();
        files.sort_by_key(|(path, _)| file_name(path).as_bytes());
        for (path, text) in files {
            let file = sources.add(path.as_str(), text.as_str());
            let mut found = if file_name(path) == MANIFEST {
                let (spec, found) = read_pack(file, text);
                if let Some(name) = &spec.pack {
                    name.as_str().clone_into(&mut pack.name);
                }
                pack.spec = Some(spec);
                found
            } else if std::path::Path::new(path).extension().is_some_and(|e| e == "go") {
                let (api, found) = read_api(file, path, text);
                pack.api.extend(api);
                found
            } else if let Some(name) = file_name(path).strip_suffix(PATCH) {
                let (spec, found) = read_gopatch(file, name, text);
                pack.files.push(spec);
                found
            } else {
                let (spec, found) = read_rules(file, text);
                pack.files.push(spec);
                found
            };
            diagnostics.append(&mut found);
        }
        (pack, diagnostics)
    }

    /// One line for people; the name where the pack does not say.
    pub fn title(&self) -> &str {
        let title = self.spec.as_ref().and_then(|spec| spec.title.as_ref());
        title.map_or(&self.name, |title| title.as_str())
    }

    /// The packages that its `pack.yaml` declares.
    pub fn packages(&self) -> &[PackageSpec] {
        self.spec.as_ref().map_or(&[], |spec| &spec.packages)
    }

    /// The parameters that its `pack.yaml` declares.
    pub fn params(&self) -> &[ParamSpec] {
        self.spec.as_ref().map_or(&[], |spec| &spec.params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_files_come_in_the_byte_order_of_their_names() {
        let rules = |id: &str| format!("rules:\n- {{id: {id}, import: {{remove: a}}}}\n");
        let source = PackSource {
            name: "folder".into(),
            files: vec![
                ("p/b.yaml".into(), rules("b")),
                ("p/pack.yaml".into(), "pack: said\n".into()),
                ("p/B.yaml".into(), rules("upper-b")),
            ],
        };
        let (pack, diagnostics) = Pack::read(&source, &mut SourceMap::default());
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let ids: Vec<_> = pack.files.iter().map(|f| f.rules[0].id.as_str()).collect();
        assert_eq!(ids, ["upper-b", "b"]);
        assert_eq!((pack.name.as_str(), pack.title()), ("said", "said"));
    }

    #[test]
    fn a_rule_file_is_a_pack_of_its_name() {
        assert_eq!(PackSource::of_rule_file("a/close-rows.yaml", "").name, "close-rows");
    }
}
