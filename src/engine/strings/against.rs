//! What is against editing a text where it stands: somebody else uses it, or it is not in one
//! place. Comes in: what a rule found in the strings of all places. Goes out: one fix for each text,
//! with the first reason against it.

use std::sync::Arc;

use regex::Regex;

use super::view::{LiteralEdit, View};
use super::{StringUse, StringUseChange, owner};
use crate::engine::fix::ReviewReason;
use crate::engine::render::{Chunk, Rendered, Replacement};
use crate::go::source::SourceFile;
use crate::go::types::{Reach, Through};
use crate::text::{LineIndex, Span};

/// What a rule found in one value of a string.
pub(super) struct Hit {
    /// The file that it is said in.
    pub(super) owner: Arc<str>,
    /// Where in that file.
    pub(super) at: Span,
    pub(super) edits: Vec<LiteralEdit>,
    pub(super) against: Option<ReviewReason>,
}

impl Hit {
    pub(super) fn new(
        view: &View,
        find: &Regex,
        result: Result<Vec<LiteralEdit>, ReviewReason>,
        (sink, at): (&Arc<str>, Span),
    ) -> Self {
        let (edits, against) = match result {
            Ok(edits) => (edits, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        let place = find.find(&view.text).map(|m| m.range()).unwrap_or_default();
        let at_sink = Self { owner: sink.clone(), at, edits: Vec::new(), against: None };
        let Some(first) = edits.first() else {
            return match view.literal_at(&place) {
                Some((literal, through))
                    if owner(literal, through, sink) == *literal.file.path() =>
                {
                    let (owner, at) = (literal.file.path().clone(), literal.span);
                    Self { owner, at, edits, against }
                }
                _ => Self { against, ..at_sink },
            };
        };
        let home = owner(&first.literal, &first.through, sink);
        if home != *first.literal.file.path() {
            let why = format!(
                "the text is another package's, in {}",
                place_of(&first.literal.file, first.span)
            );
            return Self { against: Some(ReviewReason::Origin(why)), ..at_sink };
        }
        let elsewhere = edits.iter().find(|edit| {
            edit.literal.file.path() != first.literal.file.path()
                || edit.literal.decl != first.literal.decl
        });
        if let Some(other) = elsewhere {
            let why = format!(
                "a part of the text stands in {}",
                place_of(&other.literal.file, other.span)
            );
            let (owner, at) = (home, first.literal.span);
            return Self { owner, at, edits: Vec::new(), against: Some(ReviewReason::Origin(why)) };
        }
        let literals = edits.iter().map(|edit| edit.literal.span);
        let at = literals.reduce(Span::cover).unwrap_or(first.literal.span);
        Self { owner: home, at, edits, against }
    }

    pub(super) fn refuse(&mut self, reason: ReviewReason) {
        self.edits.clear();
        self.against = Some(reason);
    }

    fn through(&self) -> impl Iterator<Item = &Arc<Through>> {
        self.edits.iter().flat_map(|edit| &edit.through)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.edits.len() == other.edits.len()
            && self.edits.iter().zip(&other.edits).all(|(a, b)| a.is_same(b))
    }

    fn cuts(&self, other: &Self) -> bool {
        let pairs = self.edits.iter().flat_map(|a| other.edits.iter().map(move |b| (a, b)));
        pairs.into_iter().any(|(a, b)| a.literal.span == b.literal.span)
    }
}

/// One use for each text in `file`.
pub(super) fn settled(mut hits: Vec<Hit>, file: &SourceFile) -> Vec<StringUse> {
    hits.sort_by_key(|hit| (hit.at, hit.edits.is_empty()));
    let mut uses: Vec<StringUse> = Vec::new();
    let mut taken = vec![false; hits.len()];
    for nth in 0..hits.len() {
        if taken[nth] {
            continue;
        }
        let hit = &hits[nth];
        let same: Vec<&Hit> = if hit.edits.is_empty() {
            vec![hit]
        } else {
            hits.iter().filter(|other| hit.is_same(other)).collect()
        };
        for (index, other) in hits.iter().enumerate().skip(nth) {
            let is_same =
                if hit.edits.is_empty() { other.at == hit.at } else { hit.is_same(other) };
            taken[index] |= is_same;
        }
        let in_two_ways = || hits.iter().any(|other| hit.cuts(other) && !hit.is_same(other));
        let against = hit.against.clone().or_else(|| {
            let two = in_two_ways().then(|| "it is used in two ways".to_owned());
            two.or_else(|| shared(&same, file)).map(ReviewReason::Origin)
        });
        let (span, rendered) = (hit.at, rendered(hit));
        let change = StringUseChange::Edit(rendered, against);
        if !uses.iter().any(|use_| use_.span == span) {
            uses.push(StringUse { span, change });
        }
    }
    uses
}

/// Who else would notice: `hits` are all that ask for the same edits.
fn shared(hits: &[&Hit], file: &SourceFile) -> Option<String> {
    let all = || hits.iter().flat_map(|hit| hit.through());
    for through in all() {
        let name = &through.name;
        if through.reach == Reach::Exported {
            return Some(format!("{name} is exported: other packages may use it"));
        }
        if through.is_exposed {
            return Some(format!("the address of {name} is taken: it may have other values"));
        }
        if through.is_repeated {
            return Some(format!("{name} repeats the value of another constant"));
        }
        let is_known = |used: &crate::go::types::Declared| {
            all().any(|t| t.declared == through.declared && t.mention == *used)
        };
        if let Some(other) = through.uses.iter().find(|used| !is_known(used)) {
            let line = if *other.file == **file.path() {
                let lines = LineIndex::new(file.text());
                format!("line {}", lines.line_col(other.span.start).line)
            } else {
                other.file.to_string()
            };
            return Some(format!("{name} has other uses ({line})"));
        }
    }
    None
}

fn rendered(hit: &Hit) -> Rendered {
    let mut edits: Vec<&LiteralEdit> = hit.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut literals: Vec<Span> = edits.iter().map(|edit| edit.literal.span).collect();
    literals.dedup();
    let gaps = literals.windows(2).map(|pair| Span::new(pair[0].end, pair[1].start));
    let kept = gaps.filter(|gap| !gap.is_empty()).collect();
    let replacement = |edit: &&LiteralEdit| Replacement {
        span: edit.span,
        chunks: vec![Chunk::Text(edit.new.clone())],
    };
    let replacements = edits.iter().map(replacement).collect();
    Rendered { replacements, kept, ..Rendered::default() }
}

fn place_of(file: &SourceFile, span: Span) -> String {
    let lines = LineIndex::new(file.text());
    format!("{}:{}", file.path(), lines.line_col(span.start).line)
}
