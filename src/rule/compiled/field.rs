//! A field that became another one or a call, ready to run: what each kind of its uses becomes.

use crate::rule::metavariable::MetaId;
use crate::rule::pattern::PackageId;
use crate::rule::template::Template;

/// A field and what its uses become. What is not said needs review.
#[derive(Debug)]
pub struct FieldRule {
    /// The package of its type.
    pub package: PackageId,
    /// Its type.
    pub owner: String,
    /// Its name.
    pub from: String,
    /// `$x`, what the field is selected from.
    pub x: MetaId,
    /// `$v`, what is assigned.
    pub v: MetaId,
    /// What `$x.Field` becomes where it is read.
    pub read: Option<Template>,
    /// What stands for the zero value where the field is compared with it by `==` or `!=`.
    pub zero: Option<Template>,
    /// What an assignment becomes.
    pub write: Option<FieldWrite>,
    /// What `Field: $v` becomes, by element.
    pub literal: Vec<Template>,
    /// The members that templates select from `$x`, or set.
    pub members: Vec<String>,
}

/// What an assignment to a field becomes.
#[derive(Debug)]
pub enum FieldWrite {
    /// One to another field.
    One(String),
    /// One to each of several fields.
    Several(Box<SeveralWrites>),
}

/// Assignments to several fields in place of one.
#[derive(Debug)]
pub struct SeveralWrites {
    /// Where evaluating `$v` several times is the same as once: it is assigned to each.
    pub each: Template,
    /// Elsewhere: the first gets the value, the others are set to the first.
    pub chained: Template,
}
