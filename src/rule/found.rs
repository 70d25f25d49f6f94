//! Rules that look for a regular expression, ready to run: what they search, what they look for and
//! what they make of it. Comes in: nothing (see `compile`). Goes out: what the engine works with.

use globset::GlobSet;
use regex::{Captures, Regex};

use super::compiled::{MessagePart, Search};
use super::metavariable::MetaId;
use super::pattern::PackageId;
use super::value::{Filter, filtered};
use crate::text::{COVER, Message, is_secret};

/// What happens to struct tags.
#[derive(Debug)]
pub struct TagAction {
    /// The structs.
    pub owner: TagOwner,
    /// The key.
    pub key: String,
    /// What is looked for in its value.
    pub find: Regex,
    /// What it becomes.
    pub replace: Substitution,
}

/// The struct whose tags a rule changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagOwner {
    /// Any.
    Any,
    /// That type.
    Type {
        /// Its package.
        package: PackageId,
        /// Its name.
        name: String,
    },
}

/// What happens to comments that tools read.
#[derive(Debug)]
pub struct DirectiveAction {
    /// What follows the slashes: `go:generate`.
    pub name: String,
    /// What is looked for behind that.
    pub find: Regex,
    /// What it becomes.
    pub replace: Substitution,
}

impl DirectiveAction {
    /// The last word of the name, by which files without the directive are passed over.
    pub fn word(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    /// What stands behind the name, if the line is such a directive.
    pub fn arguments<'t>(&self, line: &'t str) -> Option<&'t str> {
        let rest = line.strip_prefix("//")?.strip_prefix(self.name.as_str())?;
        rest.strip_prefix([' ', '\t'])
    }

    /// What becomes of these arguments.
    pub fn edited(&self, arguments: &str) -> String {
        let replace = |captures: &Captures<'_>| self.replace.expand(captures);
        self.find.replace_all(arguments, replace).into_owned()
    }
}

/// What happens to strings that flow to a place.
#[derive(Debug)]
pub struct StringAction {
    /// The place.
    pub search: Search,
    /// The string.
    pub of: MetaId,
    /// What is looked for in its value.
    pub find: Regex,
    /// What the whole value must not match.
    pub unless: Option<Regex>,
    /// What becomes of it.
    pub change: StringChange,
}

/// What becomes of what was found in a string.
#[derive(Debug)]
pub enum StringChange {
    /// It is replaced.
    Replace(Substitution),
    /// A finding; the named groups of `find` are values of the string.
    Report(Vec<MessagePart>),
}

/// What happens to files that are not Go.
#[derive(Debug)]
pub struct TextAction {
    /// The files.
    pub files: GlobSet,
    /// What is looked for.
    pub find: Regex,
    /// What the lines of a match must not match.
    pub unless: Option<Regex>,
    /// What becomes of it.
    pub change: TextChange,
}

/// What becomes of what was found in a file.
#[derive(Debug)]
pub enum TextChange {
    /// It is replaced.
    Replace(Substitution),
    /// A finding with this text.
    Report(Substitution),
}

/// What takes the place of what a regular expression found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Substitution {
    /// In order.
    pub parts: Vec<SubstitutionPart>,
    /// As it was written, parameters put in.
    pub shown: String,
}

/// A part of a [`Substitution`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubstitutionPart {
    /// Itself.
    Text(String),
    /// What a group of the regular expression found.
    Group {
        /// Which.
        index: usize,
        /// What is done to it, in order.
        filters: Vec<Filter>,
    },
}

impl Substitution {
    /// The text for a match.
    pub fn expand(&self, captures: &Captures<'_>) -> String {
        let group = |index| captures.get(index).map_or("", |m| m.as_str());
        self.parts
            .iter()
            .map(|part| match part {
                SubstitutionPart::Text(text) => text.clone(),
                SubstitutionPart::Group { index, filters } => filtered(filters, group(*index)),
            })
            .collect()
    }

    /// The text of a finding at a match: passwords are covered, and so is a group that is called one.
    pub fn tell(&self, captures: &Captures<'_>, find: &Regex) -> String {
        let mut message = Message::default();
        for part in &self.parts {
            match part {
                SubstitutionPart::Text(words) => message.say(words),
                SubstitutionPart::Group { index, filters } => {
                    let name = find.capture_names().nth(*index).flatten();
                    let is_secret = name.is_some_and(is_secret);
                    let group = captures.get(*index).map_or("", |m| m.as_str());
                    message.quote(&filtered(filters, if is_secret { COVER } else { group }));
                }
            }
        }
        message.masked()
    }
}
