//! Packs from where they lie. Comes in: names and folders. Goes out: packs as texts: those inside
//! the program, folders of a repository, single rule files. Reads the disk and compiles nothing.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::rule::pack::{MANIFEST, NotFound, Pack, PackLibrary, PackSource};
use crate::rule::spec::nearest;
use crate::text::{Code, Diagnostic};

/// Puts the files of packs into the program.
macro_rules! built_in {
    ($($pack:literal: [$($file:literal),+ $(,)?]),+ $(,)?) => {
        &[$(($pack, &[$((
            concat!("rules/", $pack, "/", $file),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $pack, "/", $file)),
        )),+])),+]
    };
}

/// A pack inside the program: its name, and the paths and texts of its files.
type BuiltIn = (&'static str, &'static [(&'static str, &'static str)]);

/// The packs inside the program. A test holds this list against the folder.
const BUILT_IN: &[BuiltIn] = built_in! {
    "dm-base": ["pack.yaml", "10-one-binary.yaml", "api/bluegitter.go", "api/gaoyuan98.go", "api/gitee.go", "api/gorm-dameng.go"],
    "dm-dsn": ["pack.yaml", "10-literals.yaml", "20-code.yaml", "30-files.yaml"],
    "dm-field-fallback": ["pack.yaml", "10-field.yaml", "20-own-types.yaml", "api/profile.go"],
    "dm-godriver-1.5": ["pack.yaml", "10-module.yaml", "20-connector.yaml", "25-connector-type.yaml", "30-display-name.yaml", "api/new-path.go", "api/old-path.go"],
    "dm-hardening": ["pack.yaml", "10-pool.yaml", "20-rows.yaml", "30-values.yaml", "40-errors.yaml", "api/sqlx.go"],
    "dm-module": ["pack.yaml", "10-module.yaml"],
    "dm-switch": ["pack.yaml", "10-switch.yaml"],
    "dm-upgrade": ["pack.yaml", "10-module.yaml", "20-api.yaml", "30-behaviour.yaml"],
    "gomock": ["pack.yaml", "rules.yaml"],
    "gouuid": ["pack.yaml", "rules.yaml"],
    "gouuid-google": ["pack.yaml", "rules.yaml", "api/satori.go"],
    "ioutil": ["pack.yaml", "rules.yaml"],
    "jwt-v5": ["pack.yaml", "10-module.yaml", "20-claims.yaml", "30-api.yaml", "api/dgrijalva.go", "api/four.go", "api/three.go"],
    "mysql-to-dm": ["pack.yaml", "10-driver.yaml", "20-tags.yaml", "30-sql.yaml"],
    "pgx-v5": ["pack.yaml", "10-module.yaml", "20-pgx.yaml", "30-pgconn.yaml", "40-pgtype.yaml", "api/pgconn.go", "api/pgproto3.go", "api/pgtype.go", "api/pgx.go", "api/pgxpool.go", "api/stdlib.go", "api/stmtcache.go"],
    "pkg-errors": ["pack.yaml", "10-module.yaml", "20-return.yaml", "30-wrap.yaml", "40-cause.yaml", "api/errors.go"],
    "redis-v9": ["pack.yaml", "10-module.yaml", "20-names.yaml", "30-commands.yaml", "api/redis-v8.go"],
    "urfave-cli-v2": ["pack.yaml", "10-module.yaml", "20-api.yaml", "api/cli-v1.go"],
};

/// The names of the built-in packs.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// A built-in pack.
pub fn built_in(name: &str) -> Option<PackSource> {
    let (name, files) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Some(PackSource { name: (*name).to_owned(), files: files.collect() })
}

/// The folder of a pack that holds declarations of libraries.
const API: &str = "api";

/// Reads the folder of a pack: `pack.yaml`, the other YAML files in it and patch files, not those in folders
/// below. Messages show the files under `shown`.
///
/// # Errors
/// Where the folder or a file cannot be read, or there is no `pack.yaml`.
pub fn read_folder(folder: &Path, shown: &str) -> Result<PackSource, Diagnostic> {
    let unreadable = |what: &str, error: &dyn std::fmt::Display| {
        let message = format!("the pack `{shown}` cannot be read: {what}{error}");
        let help = "name a folder with a pack.yaml, or a built-in pack";
        Diagnostic::error(Code::PackUnreadable, message).help(help)
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| unreadable("", &e))? {
        let entry = entry.map_err(|e| unreadable("", &e))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let extension = Path::new(&name).extension().and_then(|e| e.to_str());
        let holds_rules = matches!(extension, Some("yaml" | "yml" | "patch"));
        if holds_rules && !name.starts_with('.') && entry.path().is_file() {
            paths.push(name);
        }
    }
    // Declarations of libraries; most packs have none.
    for entry in fs::read_dir(folder.join(API)).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_go = Path::new(&name).extension().is_some_and(|e| e == "go");
        if is_go && !name.starts_with(['.', '_']) && entry.path().is_file() {
            paths.push(format!("{API}/{name}"));
        }
    }
    paths.sort();
    if !paths.iter().any(|name| name == MANIFEST) {
        return Err(unreadable("", &"there is no pack.yaml in it"));
    }
    let mut files = Vec::new();
    for name in paths {
        let text =
            read_text(&folder.join(&name)).map_err(|e| unreadable(&format!("{name}: "), &e))?;
        files.push((format!("{}/{name}", shown.trim_end_matches('/')), text));
    }
    let name = fs::canonicalize(folder).ok();
    let name = name.as_deref().and_then(Path::file_name).and_then(|n| n.to_str());
    Ok(PackSource { name: name.unwrap_or(shown).to_owned(), files })
}

/// Reads a single rule file as a pack.
///
/// # Errors
/// Where it cannot be read.
pub fn read_rule_file(file: &Path, shown: &str) -> Result<PackSource, Diagnostic> {
    let text = read_text(file).map_err(|error| {
        let message = format!("the rule file `{shown}` cannot be read: {error}");
        Diagnostic::error(Code::PackUnreadable, message).help(rule_file_help(shown))
    })?;
    Ok(PackSource::of_rule_file(shown, text))
}

/// What to name in the place of a rule file that is not there; a rule's id looks like none.
fn rule_file_help(shown: &str) -> String {
    let help = "name a YAML file with rules, or a patch file";
    if shown.contains(['.', '/', '\\']) {
        return help.to_owned();
    }
    format!("{help}; `--only {shown}` chooses a rule of the packs in force")
}

/// The text of a file; a byte-order mark is YAML's own business.
fn read_text(file: &Path) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// The pack that a person named: a folder if there is a separator in the name or no built-in pack
/// of that name, relative to `base`.
///
/// # Errors
/// Where there is no such pack, or it cannot be read.
pub fn named(name: &str, base: &Path) -> Result<PackSource, Diagnostic> {
    if let Some(pack) = built_in(name) {
        return Ok(pack);
    }
    let is_path = name.contains(['/', '\\']) || name.starts_with('.');
    let folder = base.join(name);
    if is_path || folder.is_dir() {
        return read_folder(&folder, name);
    }
    let names: Vec<&str> = built_in_names().collect();
    let help = match nearest(name, &names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("built-in packs are {}; a folder is written `./{name}`", names.join(", ")),
    };
    let message = format!("there is no pack `{name}`");
    Err(Diagnostic::error(Code::PackUnreadable, message).help(help))
}

/// Where packs that others extend are looked for: beside the packs in use, then in the program.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// Folders that hold pack folders, and how messages show them.
    shelves: Vec<(PathBuf, String)>,
    /// The folders of the packs that were found on them.
    extended: RefCell<Vec<PathBuf>>,
}

impl Library {
    /// Looks also beside the pack folder `folder`, which messages show as `shown`.
    pub fn look_beside(&mut self, folder: &Path, shown: &str) {
        let Ok(folder) = fs::canonicalize(folder) else { return };
        let Some(above) = folder.parent() else { return };
        let shown = shown.trim_end_matches('/');
        let shown = match shown.rsplit_once('/') {
            Some((before, last)) if !matches!(last, "." | "..") => before.to_owned(),
            _ if matches!(shown, "." | "..") || shown.ends_with("/..") => format!("{shown}/.."),
            _ => ".".to_owned(),
        };
        if !self.shelves.iter().any(|(known, _)| known == above) {
            self.shelves.push((above.to_owned(), shown));
        }
    }
}

impl Library {
    /// The folders of the packs that others extend.
    pub fn extended(self) -> Vec<PathBuf> {
        self.extended.into_inner()
    }
}

impl PackLibrary for Library {
    fn find(&self, name: &str) -> Result<PackSource, NotFound> {
        // A name is no way out of the folder.
        if name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(NotFound::Unknown);
        }
        for (shelf, shown) in &self.shelves {
            let folder = shelf.join(name);
            if folder.join(MANIFEST).is_file() {
                self.extended.borrow_mut().push(folder.clone());
                return read_folder(&folder, &format!("{shown}/{name}"))
                    .map_err(|diagnostic| NotFound::Unreadable(diagnostic.message));
            }
        }
        built_in(name).ok_or(NotFound::Unknown)
    }

    fn names(&self) -> Vec<String> {
        let mut names: BTreeSet<String> = built_in_names().map(str::to_owned).collect();
        for (shelf, _) in &self.shelves {
            let entries = fs::read_dir(shelf).into_iter().flatten().flatten();
            let packs = entries.filter(|entry| entry.path().join(MANIFEST).is_file());
            names.extend(packs.filter_map(|entry| entry.file_name().into_string().ok()));
        }
        names.into_iter().collect()
    }
}

/// What the built-in packs are an offer for: by pack, in the order of names, its `detect` paths.
pub fn detectable() -> BTreeMap<String, Vec<String>> {
    let mut sources = crate::text::SourceMap::default();
    let packs = built_in_names().filter_map(built_in);
    let packs = packs.map(|source| Pack::read(&source, &mut sources).0);
    let paths = |pack: &Pack| {
        let detect = pack.spec.iter().flat_map(|spec| &spec.detect);
        detect.map(|path| path.as_str().to_owned()).collect()
    };
    packs.map(|pack| (pack.found_as.clone(), paths(&pack))).collect()
}

/// The names of the built-in packs for a repository that requires these modules and imports these
/// packages. A path of `detect` stands for itself and what is below it.
pub fn detect(required: &BTreeSet<String>, imports: &BTreeSet<String>) -> Vec<String> {
    let below = |path: &str, wanted: &str| {
        path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let here = |wanted: &String| required.iter().chain(imports).any(|path| below(path, wanted));
    let fits = detectable().into_iter().filter(|(_, paths)| paths.iter().any(here));
    fits.map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_holds_what_the_folder_holds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut on_disk = Vec::new();
        for entry in fs::read_dir(&folder).expect("the folder of packs").flatten() {
            let name = entry.file_name().into_string().expect("a plain name");
            let shown = format!("rules/{name}");
            on_disk.push(read_folder(&entry.path(), &shown).expect("a pack"));
        }
        let sorted = |mut packs: Vec<PackSource>| {
            for pack in &mut packs {
                pack.files.sort();
            }
            packs.sort_by(|a, b| a.name.cmp(&b.name));
            packs
        };
        let inside = built_in_names().filter_map(built_in).collect();
        assert_eq!(sorted(inside), sorted(on_disk));
    }

    #[test]
    fn packs_are_offered_for_what_a_repository_uses() {
        let set = |paths: &[&str]| paths.iter().map(|p| (*p).to_owned()).collect();
        let offered = |required: &[&str], imports: &[&str]| detect(&set(required), &set(imports));
        assert_eq!(offered(&["github.com/dm-go-driver"], &[]), ["dm-godriver-1.5"]);
        assert_eq!(offered(&[], &["github.com/dm-go-driver/util"]), ["dm-godriver-1.5"]);
        assert!(offered(&["github.com/dm-go-drivers"], &["fmt"]).is_empty());
    }

    #[test]
    fn folders_that_are_no_packs_are_named_with_the_reason() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = read_folder(folder.path(), "./here").expect_err("no pack.yaml");
        assert_eq!(error.code, Code::PackUnreadable);
        assert!(error.message.contains("`./here`") && error.message.contains("no pack.yaml"));
        fs::write(folder.path().join(MANIFEST), b"pack: \xff").expect("written");
        let error = read_folder(folder.path(), "./here").expect_err("not UTF-8");
        assert!(error.message.contains("pack.yaml: it is not UTF-8"), "{}", error.message);
        let error = named("dm-godriver-1.4", folder.path()).expect_err("no such pack");
        assert!(error.help.is_some_and(|help| help.contains("`dm-godriver-1.5`")));
        assert!(read_rule_file(&folder.path().join("no.yaml"), "no.yaml").is_err());
    }

    #[test]
    fn packs_beside_a_pack_can_be_extended_and_nothing_else() {
        let shelf = tempfile::tempdir().expect("a folder");
        for name in ["own", "base"] {
            fs::create_dir(shelf.path().join(name)).expect("made");
            fs::write(shelf.path().join(name).join(MANIFEST), format!("pack: {name}\n"))
                .expect("written");
        }
        let mut library = Library::default();
        library.look_beside(&shelf.path().join("own"), "team/own");
        let base = library.find("base").expect("beside it");
        assert_eq!(base.files[0].0, "team/base/pack.yaml");
        assert_eq!(library.find("../own"), Err(NotFound::Unknown));
        assert!(library.find("dm-godriver-1.5").is_ok());
        let mut names: Vec<&str> = built_in_names().chain(["base", "own"]).collect();
        names.sort_unstable();
        assert_eq!(library.names(), names);
    }
}
