//! Calls that gained an error result, ready to run.

use super::Search;
use crate::rule::metavariable::MetaId;
use crate::rule::template::Template;

/// A call that gives an error besides what it gave before.
#[derive(Debug)]
pub struct ErrorResult {
    /// The call.
    pub search: Search,
    /// How many values it gave before.
    pub values: usize,
    /// What a value is called where it needs a name; otherwise that is worked out of what is called.
    pub value: Option<String>,
    /// What happens where there is an error.
    pub on_error: OnError,
    /// The pattern of the call as it is written.
    pub call: String,
}

impl ErrorResult {
    /// What a call becomes, for people.
    pub fn becomes(&self) -> String {
        let name = self.value.as_deref().unwrap_or("value");
        let values = vec![name; self.values].join(", ");
        let separator = if self.values == 0 { "" } else { ", " };
        let lines = self.on_error.written.replace('\n', "\n\t");
        format!("{values}{separator}err := {}\nif err != nil {{\n\t{lines}\n}}", self.call)
    }
}

/// What happens where there is an error.
#[derive(Debug)]
pub struct OnError {
    /// The statements.
    pub template: Template,
    /// What stands in them for the error.
    pub err: MetaId,
    /// What stands in them for the zero values of the results before the last.
    pub zeros: MetaId,
    /// What they return, where they do.
    pub returns: Vec<Returned>,
    /// The names in them that the code at the site has to know.
    pub names: Vec<String>,
    /// The names that they declare.
    pub declares: Vec<String>,
    /// The statements as they are written.
    pub written: String,
}

/// A `return` among the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Whether it gives zero values.
    pub zeros: bool,
    /// How many other values it gives.
    pub values: usize,
    /// Whether the last of them speaks of the error.
    pub gives_error: bool,
}
