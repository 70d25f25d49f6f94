//! Fixes and what becomes of them. A fix is applied whole or not at all, and every site has
//! exactly one status that a person can see.

use std::sync::Arc;

use super::shape::Shape;
use crate::text::Span;

/// What became of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FixStatus {
    /// The fix is part of the edits.
    Applied,
    /// A person has to look before it is applied.
    NeedsReview(ReviewReason),
    /// A person has to do it.
    Manual,
    /// A fix of another rule, or a larger one of the same, was applied here.
    Overlaps {
        /// The rule that won, as an index into the rule set.
        rule: usize,
    },
    /// The site stands inside its own rewritten form.
    AlreadyDone,
    /// The result would not be Go.
    WouldNotParse,
    /// The file is generated: its generator has to change.
    GeneratedFile,
    /// Something outside the file must change first.
    HeldBack(String),
    /// The user did not select it.
    NotSelected,
    /// A comment keeps the rule away, for this reason; it may be empty.
    Suppressed(String),
}

/// Why a person has to look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReviewReason {
    /// The rule's author says so.
    RuleSays,
    /// A comment would be lost.
    CommentAtRisk,
    /// The name of a package that the fix needs means something else at the site.
    Shadowed(String),
    /// The name of an imported package is not known for certain.
    GuessedName(String),
    /// No go.mod says whether the rule is in force.
    NoModule,
    /// The replacement would be found again.
    FoundAgain,
    /// A name that stays would refer to something else.
    NameCaptured(String),
    /// A variable would be left without a use.
    LeftUnused(String),
    /// A `:=` would declare nothing.
    NothingDeclared,
    /// A `:=` would give a variable of before another value.
    Reassigned(String),
    /// A field is used in a way that the rule has no answer for, or that would change its meaning.
    FieldUse(&'static str),
    /// A string comes from where it cannot just be edited.
    Origin(String),
    /// Something has the new name already.
    Clash(String),
    /// An interface needs the method that is renamed.
    NeededBy(Arc<str>),
    /// The method goes with the one that is renamed: an interface has one of them, a type that
    /// implements it the other.
    GoesWith(Arc<str>),
    /// The new form stands where something is assigned, or its address is taken, and cannot.
    NotAssignable,
    /// The new form would stand alone and is no statement.
    NoStatement,
    /// The fix would evaluate this twice, which was evaluated once.
    EvaluatedTwice(String),
    /// It is not known whether the code has the type that the rule asks for.
    UnknownType(Unsure),
    /// Nothing of this type is in scope.
    NotInScope(String),
    /// Lines that check an error cannot stand there, or not without more changes.
    ErrorResult(String),
    /// Another file stands where one is to be created.
    OtherFile,
    /// It is not known what a program is linked with, for this reason.
    ImportsUnknown(String),
}

/// What is not known of the type of an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsure {
    /// The expression, on one line.
    pub expression: String,
    /// What is missing.
    pub why: String,
}

impl FixStatus {
    /// Whether the fix, alone, would leave names that mean something else, or nothing.
    pub(super) fn is_about_names(&self) -> bool {
        use ReviewReason as R;
        let FixStatus::NeedsReview(reason) = self else { return false };
        matches!(
            reason,
            R::NameCaptured(_) | R::LeftUnused(_) | R::NothingDeclared | R::Reassigned(_)
        )
    }

    /// The status in a few words, as reports group it.
    pub fn label(&self) -> &'static str {
        match self {
            FixStatus::Applied => "applied",
            FixStatus::NeedsReview(_) => "needs review",
            FixStatus::Manual => "manual",
            FixStatus::Overlaps { .. } => "overlaps",
            FixStatus::AlreadyDone => "already done",
            FixStatus::WouldNotParse => "would not parse",
            FixStatus::GeneratedFile => "generated file",
            FixStatus::HeldBack(_) => "held back",
            FixStatus::NotSelected => "not selected",
            FixStatus::Suppressed(_) => "suppressed",
        }
    }
}

impl ReviewReason {
    /// The reason in a few words, as summaries count it.
    pub fn label(&self) -> &'static str {
        match self {
            ReviewReason::RuleSays => "rule says so",
            ReviewReason::CommentAtRisk => "comment at risk",
            ReviewReason::Shadowed(_) => "shadowed",
            ReviewReason::GuessedName(_) => "package name guessed",
            ReviewReason::NoModule => "no module",
            ReviewReason::FoundAgain => "found again",
            ReviewReason::NameCaptured(_) => "name captured",
            ReviewReason::LeftUnused(_) => "left unused",
            ReviewReason::NothingDeclared => "nothing declared",
            ReviewReason::Reassigned(_) => "name taken",
            ReviewReason::FieldUse(_) => "field use",
            ReviewReason::Origin(_) => "origin of the string",
            ReviewReason::Clash(_) => "name taken",
            ReviewReason::NeededBy(_) => "needed by an interface",
            ReviewReason::GoesWith(_) => "goes with a renamed method",
            ReviewReason::NotAssignable => "not assignable",
            ReviewReason::NoStatement => "no statement",
            ReviewReason::EvaluatedTwice(_) => "evaluated twice",
            ReviewReason::UnknownType(_) => "unknown type",
            ReviewReason::NotInScope(_) => "not in scope",
            ReviewReason::ErrorResult(_) => "error result",
            ReviewReason::OtherFile => "another file is there",
            ReviewReason::ImportsUnknown(_) => "imports not known",
        }
    }
}

/// A place where a rule had something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// Where, in the text as it was before the run.
    pub span: Span,
    /// What became of it.
    pub status: FixStatus,
    /// What the change looks like, where a pattern made it.
    pub shape: Option<Box<Shape>>,
}

impl Site {
    /// A site without a shape of its own.
    pub fn new(rule: usize, span: Span, status: FixStatus) -> Self {
        Self { rule, span, status, shape: None }
    }
}

/// Something that a rule reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// Where, in the text as it was before the run.
    pub span: Span,
    /// What it says. Whoever gets to see it, passwords of the repository are nobody's business: they
    /// are covered.
    pub message: String,
}
