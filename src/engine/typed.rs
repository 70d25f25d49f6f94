//! What rules ask about types. Comes in: a node and what a rule wants of it. Goes out: yes, no, or
//! unknown with the expression at which knowledge ended; a no also where the file's package
//! cannot reach what declares the type.

use super::fix::Unsure;
use super::names::FileNames;
use crate::go::syntax::Node;
use crate::go::types::{FileTypes, Fit, Shape, Unknown};

/// The answer to a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// That is not known.
    Unknown(Unsure),
}

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Answer::Yes } else { Answer::No }
    }
}

/// Answers questions about the nodes of one declaration.
pub struct Typed<'a, 't> {
    /// The file.
    pub names: &'a FileNames<'t>,
    /// The declaration, as an index into the file's outline.
    pub decl: usize,
}

impl Typed<'_, '_> {
    /// Whether the type of `node` is one of `shapes`.
    pub fn has_type(&self, node: Node<'_>, shapes: &[Shape]) -> Answer {
        self.any(node, shapes, &|types, shape| types.fits(self.decl, node.id(), shape))
    }

    /// Whether what stands under the type of `node` is one of `shapes`.
    pub fn stands_on(&self, node: Node<'_>, shapes: &[Shape]) -> Answer {
        self.any(node, shapes, &|types, shape| types.underlying_fits(self.decl, node.id(), shape))
    }

    fn any(
        &self,
        node: Node<'_>,
        shapes: &[Shape],
        fits: &dyn Fn(&FileTypes<'_>, &Shape) -> Fit,
    ) -> Answer {
        let Some(types) = self.names.types() else { return no_sources(node) };
        let one = |shape: &Shape| match fits(types, shape) {
            Fit::Unknown(_) if types.rules_out(shape) => Fit::No,
            fit => fit,
        };
        self.answer(node, shapes.iter().fold(Fit::No, |fit, shape| fit.or(|| one(shape))))
    }

    /// The answer in words for people.
    fn answer(&self, node: Node<'_>, fit: Fit) -> Answer {
        match fit {
            Fit::Yes => Answer::Yes,
            Fit::No => Answer::No,
            Fit::Unknown(why) => Answer::Unknown(self.unsure(node, &why)),
        }
    }

    fn unsure(&self, node: Node<'_>, why: &Unknown) -> Unsure {
        let file = self.names.file();
        let mut reason = why.reason.to_string();
        let here = why.file == *file.path();
        // The place may be all of the declaration: the expression itself says more then.
        let inside = here && !why.span.is_empty() && !why.span.contains(node.span());
        let text = file.text().get(why.span.range()).filter(|_| inside);
        if !here && !why.file.is_empty() {
            reason = format!("{reason}, in {}", why.file);
        }
        Unsure { expression: on_one_line(text.unwrap_or(node.text())), why: reason }
    }
}

fn no_sources(node: Node<'_>) -> Answer {
    let expression = on_one_line(node.text());
    Answer::Unknown(Unsure { expression, why: "no sources".into() })
}

/// Code in a message: on one line, and not all of it where it is long.
fn on_one_line(code: &str) -> String {
    const LONGEST: usize = 60;
    let mut line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push('…');
    }
    line
}
