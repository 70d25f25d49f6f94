//! Metavariables: `$x`, `$$$xs` and, in templates, `${…}`. Comes in: the text of a pattern or
//! template. Goes out: the same text with identifiers of the same length in their places, so that
//! it parses as Go and offsets stay true, and where each stands.

use crate::go::lex::quoted_len;
use crate::text::Span;

/// The name of the metavariable that stands for the whole match, in templates and findings.
pub const WHOLE_MATCH: &str = "match";

/// A metavariable of a rule; the same name is the same id in all of the rule's patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetaId(u16);

impl MetaId {
    /// An index for tables of bindings.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The metavariables of a rule, by name without `$`.
#[derive(Clone, Debug, Default)]
pub struct Metavariables {
    names: Vec<String>,
}

impl Metavariables {
    /// The id of `name`, new if the rule has not used it before.
    ///
    /// # Panics
    /// Where a rule has more than 65,535 metavariables.
    pub fn intern(&mut self, name: &str) -> MetaId {
        self.get(name).unwrap_or_else(|| {
            self.names.push(name.to_string());
            MetaId(u16::try_from(self.names.len() - 1).expect("a rule with few metavariables"))
        })
    }

    /// The id of `name`, if a pattern of the rule uses it.
    pub fn get(&self, name: &str) -> Option<MetaId> {
        let at = self.names.iter().position(|n| n == name)?;
        u16::try_from(at).ok().map(MetaId)
    }

    /// The name without `$`.
    pub fn name(&self, id: MetaId) -> &str {
        &self.names[id.index()]
    }

    /// All names without `$`, in the order in which they came up.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// A place in a pattern or template that is not literal Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: HoleKind,
}

/// What stands in the place of Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoleKind {
    /// `$name`; `None` for `$_`.
    One(Option<String>),
    /// `$$$name`; `None` for `$$$`.
    Many(Option<String>),
    /// `${…}`: what stands between the braces.
    Value(String),
}

/// Text in which every hole is an identifier of the same length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stencil {
    /// The text, as long as the original.
    pub text: String,
    /// The holes, by ascending offset.
    pub holes: Vec<Hole>,
}

/// A `$` that is no metavariable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadHole {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// Finds the holes of a pattern. Inside string literals and comments `$` is literal.
///
/// # Errors
/// The first `$` that begins no metavariable.
pub fn pattern_stencil(text: &str) -> Result<Stencil, BadHole> {
    stencil(text, false)
}

/// Finds the holes of a template: those of patterns, and `${…}` outside of string literals. (What
/// stands inside a literal is found by [`interpolations`].)
///
/// # Errors
/// The first `$` that begins no metavariable.
pub fn template_stencil(text: &str) -> Result<Stencil, BadHole> {
    stencil(text, true)
}

fn stencil(text: &str, template: bool) -> Result<Stencil, BadHole> {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut holes = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'`' | b'\'' => {
                at += quoted_len(&bytes[at..]).unwrap_or_else(|looked_at| looked_at.max(1));
            }
            b'/' if bytes[at..].starts_with(b"//") => {
                at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
            }
            b'/' if bytes[at..].starts_with(b"/*") => {
                let end = memchr::memmem::find(&bytes[at..], b"*/");
                at = end.map_or(bytes.len(), |e| at + e + 2);
            }
            b'$' => {
                let hole = hole_at(text, at, template)?;
                at = hole.span.end;
                out[hole.span.range()].fill(b'_');
                holes.push(hole);
            }
            _ => at += 1,
        }
    }
    // Only whole `$…` were replaced, by as many ASCII bytes.
    let text = String::from_utf8(out).map_err(|_| BadHole {
        span: Span::new(0, text.len()),
        message: "a metavariable breaks a character".into(),
    })?;
    Ok(Stencil { text, holes })
}

fn hole_at(text: &str, at: usize, template: bool) -> Result<Hole, BadHole> {
    let rest = &text[at..];
    if template && rest.starts_with("${") {
        let Some(len) = rest.find('}') else {
            let message = "`${` has no closing `}`".into();
            return Err(BadHole { span: Span::new(at, text.len()), message });
        };
        let span = Span::new(at, at + len + 1);
        return Ok(Hole { span, kind: HoleKind::Value(rest[2..len].to_string()) });
    }
    let many = rest.starts_with("$$$");
    let sigil = if many { 3 } else { 1 };
    let name = &rest[sigil..];
    let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let name = &name[..name.find(|c: char| !is_part(c)).unwrap_or(name.len())];
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) { "" } else { name };
    if !many && name.is_empty() {
        let span = Span::new(at, at + 1);
        let message = "`$` must be followed by a name, as in `$x`".into();
        return Err(BadHole { span, message });
    }
    let span = Span::new(at, at + sigil + name.len());
    let kept = (!name.is_empty() && name != "_").then(|| name.to_string());
    let kind = if many { HoleKind::Many(kept) } else { HoleKind::One(kept) };
    Ok(Hole { span, kind })
}

/// Finds `${…}` in a piece of text such as a string literal or the replacement of a `text` rule;
/// `$${` stands for a literal `${` and is no hole.
pub fn interpolations(text: &str) -> Vec<Hole> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("${").map(|s| s + at) {
        let escaped = text[..start].ends_with('$');
        let Some(end) = text[start..].find('}').map(|e| e + start + 1) else { break };
        if !escaped {
            let kind = HoleKind::Value(text[start + 2..end - 1].to_string());
            found.push(Hole { span: Span::new(start, end), kind });
        }
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_become_identifiers_of_the_same_length() {
        let stencil = pattern_stencil("f($x, $$$ys, $_, \"$no\", $$$) // $no").expect("holes");
        assert_eq!(stencil.text, "f(__, _____, __, \"$no\", ___) // $no");
        let kinds: Vec<_> = stencil.holes.into_iter().map(|h| h.kind).collect();
        assert_eq!(
            kinds,
            [
                HoleKind::One(Some("x".into())),
                HoleKind::Many(Some("ys".into())),
                HoleKind::One(None),
                HoleKind::Many(None)
            ]
        );
    }

    #[test]
    fn a_lone_dollar_is_an_error_where_it_stands() {
        let error = pattern_stencil("f($1)").expect_err("no name");
        assert_eq!(error.span, Span::new(2, 3));
        assert!(pattern_stencil("${x}").is_err(), "only templates have values");
        assert!(template_stencil("${x").is_err());
    }

    #[test]
    fn interpolations_are_found_unless_escaped() {
        let spans: Vec<_> = interpolations("a${b}c$${d}${e}").iter().map(|h| h.span).collect();
        assert_eq!(spans, [Span::new(1, 5), Span::new(11, 15)]);
    }
}
