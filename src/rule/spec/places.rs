//! `files`, `unless-files` and `unless-folder`: the files that a rule looks at.
//!
//! Comes in: the keys of a rule, or of a rule file for all of its rules. Goes out: globs as texts.

use super::decode::{Decoder, Field};
use super::map::{Fields, Shape};
use super::string::{Spanned, SpannedStr};

/// The files that a rule looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacesSpec {
    /// Globs of the files that it is for; empty: all.
    pub files: Vec<SpannedStr>,
    /// Globs of files, of these, that it leaves out.
    pub unless_files: Vec<SpannedStr>,
    /// Folders whose files it leaves out.
    pub unless_folder: Option<UnlessFolderSpec>,
}

/// Folders of one name that stand beside one of another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlessFolderSpec {
    /// A glob of the folder's name.
    pub named: SpannedStr,
    /// A glob of the name of the other folder.
    pub beside: SpannedStr,
    /// In how many folders above them the files are left out, too: 1 is the folder that both
    /// stand in.
    pub above: Option<Spanned<usize>>,
    /// Whether Go files of one folder that differ in the first word of their names are told apart in
    /// the same way.
    pub file_names: Option<Spanned<bool>>,
}

const UNLESS_FOLDER: Shape = Shape {
    name: "`unless-folder`",
    keys: &["named", "beside", "above", "file-names"],
    hints: &[],
};

/// Reads which files a rule looks at.
pub(super) fn places(d: &mut Decoder, fields: &Fields) -> PlacesSpec {
    let mut globs = |key| fields.get(key).map(|field| d.one_or_more(field)).unwrap_or_default();
    let (files, unless_files) = (globs("files"), globs("unless-files"));
    let unless_folder = fields.get("unless-folder").and_then(|field| unless_folder(d, field));
    PlacesSpec { files, unless_files, unless_folder }
}

fn unless_folder(d: &mut Decoder, field: Field) -> Option<UnlessFolderSpec> {
    let example = "`unless-folder: {named: GLOB, beside: GLOB}`";
    let fields = d.fields(field, &UNLESS_FOLDER, example)?;
    let mut glob = |key| {
        let field = d.required(&fields, key, UNLESS_FOLDER.name, &format!("{key}: GLOB"))?;
        d.string(field)
    };
    let (named, beside) = (glob("named"), glob("beside"));
    let help = "write in how many folders above the files are left out, too: `above: 1`";
    let above = fields.get("above").and_then(|field| d.count(field, help));
    let file_names = fields.get("file-names").and_then(|field| d.boolean(field));
    Some(UnlessFolderSpec { named: named?, beside: beside?, above, file_names })
}

impl PlacesSpec {
    /// Takes what is said for the whole file: `files` and `unless-folder` where the rule says nothing
    /// itself, `unless-files` besides what it says.
    pub(super) fn or(&mut self, whole: &PlacesSpec) {
        if self.files.is_empty() {
            self.files.clone_from(&whole.files);
        }
        self.unless_files.extend(whole.unless_files.iter().cloned());
        if self.unless_folder.is_none() {
            self.unless_folder.clone_from(&whole.unless_folder);
        }
    }
}
