//! What rules ask about types. Comes in: a node and what a rule wants of it. Goes out: yes, no, or
//! unknown with the expression at which knowledge ended; a no also where the file's package
//! cannot reach what declares the type.

use std::borrow::Cow;
use std::sync::Arc;

use super::fix::Unsure;
use super::names::FileNames;
use crate::go::scope::{NameUse, ObjectKind};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::go::types::{Constant, FileTypes, Fit, Shape, Unknown};
use crate::rule::compiled::OWN_MODULE;
use crate::text::layout::on_one_line;

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

impl Answer {
    /// Both answers in one: the second is asked for where the first is not no.
    #[must_use]
    pub fn and(self, other: impl FnOnce() -> Answer) -> Self {
        match self {
            Answer::No => Answer::No,
            Answer::Yes => other(),
            Answer::Unknown(unsure) => match other() {
                Answer::No => Answer::No,
                _ => Answer::Unknown(unsure),
            },
        }
    }

    /// The answer to the opposite question where `positive` is false.
    #[must_use]
    pub fn is(self, positive: bool) -> Self {
        match self {
            Answer::Yes if !positive => Answer::No,
            Answer::No if !positive => Answer::Yes,
            answer => answer,
        }
    }
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

    /// Whether a method of `node` without parameters gives a value of one of `shapes`.
    pub fn gives(&self, node: Node<'_>, method: &str, shapes: &[Shape]) -> Answer {
        self.any(node, shapes, &|types, shape| {
            types.method_gives(self.decl, node.id(), method, shape)
        })
    }

    /// Whether what stands under the type of `node` is one of `shapes`.
    pub fn stands_on(&self, node: Node<'_>, shapes: &[Shape]) -> Answer {
        self.any(node, shapes, &|types, shape| types.underlying_fits(self.decl, node.id(), shape))
    }

    /// Whether the type of `node` implements the interface.
    pub fn implements(&self, node: Node<'_>, interface: &Shape) -> Answer {
        let interface = self.real(interface);
        self.asked(node, &|types| types.implements(self.decl, node.id(), &interface))
    }

    /// Whether the place of `node` wants one of `shapes`, and `by` declares that place.
    pub fn is_wanted_as(&self, node: Node<'_>, shapes: &[Shape], by: Option<&str>) -> Answer {
        let by = by.map(|path| self.names.real_path(path).unwrap_or_else(|| path.to_owned()));
        let declared = match (by.as_deref(), self.names.types()) {
            (Some(path), Some(types)) => match types.wanted_by(self.decl, node.id(), path) {
                Fit::Unknown(_) if types.lacks(path, None) => Fit::No,
                fit => fit,
            },
            _ => Fit::Yes,
        };
        match self.answer(node, declared) {
            Answer::Yes => {
                self.any(node, shapes, &|types, shape| types.wants(self.decl, node.id(), shape))
            }
            other => other,
        }
    }

    /// The answer to a question about `node`.
    pub fn asked(&self, node: Node<'_>, ask: &dyn Fn(&FileTypes<'_>) -> Fit) -> Answer {
        let Some(types) = self.names.types() else { return no_sources(node) };
        self.answer(node, ask(types))
    }

    /// Whether `node` is constant.
    pub fn is_constant(&self, node: Node<'_>) -> Answer {
        self.asked(node, &|types| types.is_constant(self.decl, node.id()))
    }

    /// Whether evaluating `node` twice is the same as once.
    pub fn is_pure(&self, node: Node<'_>) -> Answer {
        self.asked(node, &|types| types.is_pure(self.decl, node.id()))
    }

    /// The value of a constant string: `Err` with the answer where it is none, or not known.
    ///
    /// # Errors
    /// No, or unknown.
    pub fn string(&self, part: &Part, node: Node<'_>) -> Result<Arc<str>, Answer> {
        if !may_be_constant(part, node) {
            return Err(Answer::No);
        }
        let Some(types) = self.names.types() else { return Err(no_sources(node)) };
        match types.constant_of(self.decl, node.id()) {
            Some(Constant::String(value)) => Ok(value),
            Some(_) => Err(Answer::No),
            None => Err(match self.is_constant(node) {
                // A literal that is not UTF-8: bytes that no regular expression on text matches.
                Answer::Yes if node.kind() == Kind::BasicLit => Answer::No,
                Answer::Yes => Answer::Unknown(Unsure {
                    expression: shortened(node.text()),
                    why: "its value is not computed".into(),
                }),
                other => other,
            }),
        }
    }

    fn any(
        &self,
        node: Node<'_>,
        shapes: &[Shape],
        fits: &dyn Fn(&FileTypes<'_>, &Shape) -> Fit,
    ) -> Answer {
        let Some(types) = self.names.types() else { return no_sources(node) };
        let one = |shape: &Shape| {
            let shape = self.real(shape);
            match fits(types, &shape) {
                Fit::Unknown(_) if types.rules_out(&shape) => Fit::No,
                fit => fit,
            }
        };
        self.answer(node, shapes.iter().fold(Fit::No, |fit, shape| fit.or(|| one(shape))))
    }

    /// The shape with import paths as code has them.
    fn real<'s>(&self, shape: &'s Shape) -> Cow<'s, Shape> {
        if !shape.has_path(&|path| path.starts_with(OWN_MODULE)) {
            return Cow::Borrowed(shape);
        }
        Cow::Owned(shape.with_paths(&|path| {
            self.names.real_path(path).map_or_else(|| path.into(), |real| real.as_str().into())
        }))
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
        Unsure { expression: shortened(text.unwrap_or(node.text())), why: reason }
    }
}

/// Whether the form of `node` allows for a constant: most code is told apart without its types.
fn may_be_constant(part: &Part, node: Node<'_>) -> bool {
    match node.kind() {
        Kind::BasicLit => true,
        Kind::Ident => match part.scopes().name_use(node.id()) {
            NameUse::Free | NameUse::Key(None) => true,
            NameUse::Refers(id) | NameUse::Key(Some(id)) => {
                part.scopes().object(id).kind == ObjectKind::Const
            }
            _ => false,
        },
        Kind::Selector => node.child(Role::X).is_some_and(|x| {
            x.kind() == Kind::Ident && part.scopes().name_use(x.id()) == NameUse::Free
        }),
        Kind::Unary if matches!(node.op(), Op::And | Op::Arrow) => false,
        Kind::Paren | Kind::Unary | Kind::Binary => {
            node.children().all(|child| may_be_constant(part, child))
        }
        Kind::Call => {
            let args = node.child(Role::Args).into_iter().flat_map(Node::children);
            let mut args = args.peekable();
            args.peek().is_some() && args.all(|arg| may_be_constant(part, arg))
        }
        _ => false,
    }
}

fn no_sources(node: Node<'_>) -> Answer {
    let expression = shortened(node.text());
    Answer::Unknown(Unsure { expression, why: "no sources".into() })
}

/// Code in a message: on one line, and not all of it where it is long.
fn shortened(code: &str) -> String {
    const LONGEST: usize = 60;
    let mut line = on_one_line(code);
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push('…');
    }
    line
}
