//! What is looked for in code, and what it becomes, ready to run.

use crate::go::types::Shape;
use crate::rule::constraint::Constraint;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::Pattern;
use crate::rule::template::Template;

/// A pattern with its constraints.
#[derive(Debug)]
pub struct Search {
    /// What is looked for.
    pub pattern: Pattern,
    /// What else must hold, in the order of the rule file.
    pub constraints: Vec<Constraint>,
    /// Texts that a file must hold, or the pattern cannot match in it.
    pub required: Vec<Required>,
}

/// A text that a file must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Required {
    /// An identifier.
    Word(String),
    /// An import path.
    Import(String),
}

impl Required {
    /// The bytes to look for.
    pub fn text(&self) -> &str {
        match self {
            Required::Word(text) | Required::Import(text) => text,
        }
    }
}

/// `match` and `rewrite`.
#[derive(Debug)]
pub struct Rewrite {
    /// What is looked for.
    pub search: Search,
    /// What it becomes.
    pub template: Template,
    /// What the template takes from the scope.
    pub scope: Option<ScopeValue>,
    /// Whether comments may be lost.
    pub drops_comments: bool,
    /// What is context, if the rule is written as a diff.
    pub diff: Option<Diff>,
}

impl Rewrite {
    /// The template, and those for where the scope has no value for it.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let method = self.scope.iter().flat_map(|scope| &scope.method).map(|m| &m.template);
        let otherwise = self.scope.iter().flat_map(|scope| &scope.otherwise);
        std::iter::once(&self.template).chain(method).chain(otherwise)
    }
}

/// A value that a template takes from what is in scope at the match.
#[derive(Debug)]
pub struct ScopeValue {
    /// What stands for it in the template.
    pub id: MetaId,
    /// Its type, or one of several.
    pub shapes: Vec<Shape>,
    /// The same for people.
    pub wanted: String,
    /// Where there is none: a method that gives one.
    pub method: Option<MethodOfScope>,
    /// The template for where there is none either.
    pub otherwise: Option<Template>,
}

/// A method that gives a value.
#[derive(Debug)]
pub struct MethodOfScope {
    /// What stands for its receiver in the template.
    pub id: MetaId,
    /// Its name.
    pub name: String,
    /// The template for where a value in scope has it.
    pub template: Template,
}

/// What stays where it is, as a diff says.
#[derive(Debug)]
pub struct Diff {
    /// The pattern, token by token.
    pub before: Template,
    /// Pairs, ascending, of tokens of `before` and of the template that are one piece of context.
    pub context: Vec<(usize, usize)>,
    /// Whether the template says all that the pattern says, and more: it would match again what it
    /// has made. Then a site that has its form is done, whatever `$$$` stands for there.
    pub adds_only: bool,
}
