//! Which sites a run may fix. Comes in: what the user selected. Goes out, for a site: yes, or *not
//! selected*. Only fixes that could be applied are asked about.

use crate::text::Span;

/// The sites of a file that may be fixed.
#[derive(Clone, Copy, Default)]
pub enum Choice<'a> {
    /// All.
    #[default]
    All,
    /// None: the file is not selected.
    None,
    /// Those for which this holds, by rule and place in the text as it was before the run.
    Sites(&'a (dyn Fn(usize, Span) -> bool + Sync)),
}

impl Choice<'_> {
    /// Whether the fix of a rule at a place may be applied.
    pub fn takes(self, rule: usize, span: Span) -> bool {
        match self {
            Choice::All => true,
            Choice::None => false,
            Choice::Sites(takes) => takes(rule, span),
        }
    }

    /// Whether every fix may be applied, so that none has to be asked about.
    pub fn is_all(self) -> bool {
        matches!(self, Choice::All)
    }
}
