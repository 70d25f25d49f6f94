//! A file that fixes use, ready to be created: its text, and the code that uses it.

use super::Action;
use crate::rule::pattern::PackageId;
use crate::rule::template::Template;

/// A file that is created where a fix uses it.
#[derive(Debug)]
pub struct NewFile {
    /// Where, from the folder of the module or of the package; `/` between its parts.
    pub path: String,
    /// Its text, in parts.
    pub content: Vec<ContentPart>,
    /// Which code uses it.
    pub used_by: UsedBy,
}

/// A part of the text of a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentPart {
    /// Itself.
    Text(String),
    /// The path of the module.
    Module,
    /// The name in the package clause.
    Package,
}

/// Which code uses a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsedBy {
    /// Code of the module that names this package; there is one file in the module.
    Importers(PackageId),
    /// Code of the package that has one of these names; there is one file in the package.
    Names(Vec<String>),
}

impl NewFile {
    /// The text in a module, or a package.
    pub fn text(&self, module: &str, package: &str) -> String {
        let part = |part: &ContentPart| match part {
            ContentPart::Text(text) => text.clone(),
            ContentPart::Module => module.to_owned(),
            ContentPart::Package => package.to_owned(),
        };
        self.content.iter().map(part).collect()
    }

    /// Whether code that a rule writes uses the file.
    pub fn is_used_by(&self, action: &Action) -> bool {
        let templates: Vec<&Template> = match action {
            Action::Rewrite(rewrite) => rewrite.templates().collect(),
            Action::Field(field) => field.read.iter().chain(&field.literal).collect(),
            Action::ErrorResult(error_result) => vec![&error_result.on_error.template],
            _ => Vec::new(),
        };
        templates.into_iter().any(|template| match &self.used_by {
            UsedBy::Importers(package) => template.packages().any(|id| id == *package),
            UsedBy::Names(names) => template.says_name(names),
        })
    }
}
