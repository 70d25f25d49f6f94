//! Strings that formats make. Comes in: a call of `fmt.Sprintf`. Goes out: the values of the format,
//! with those of the arguments put in as far as they are known.

use super::{MAX_VALUES, Route, StringPiece, StringValue, Tracer, hole, joined};
use crate::go::literal::unquote;
use crate::go::syntax::{Kind, Node};
use crate::go::types::calls::args;
use crate::go::types::printf::{Directive, directives};
use crate::go::types::unit::Cx;

/// The arguments of a format; none where they are spread from a slice.
struct Filling<'c, 'n> {
    cx: Cx<'c>,
    arguments: Option<&'n [Node<'c>]>,
}

impl Tracer<'_> {
    /// A call of `fmt.Sprintf`.
    pub(super) fn format(&self, cx: Cx<'_>, call: Node<'_>, route: &Route) -> Vec<StringValue> {
        let mut arguments = args(call);
        let Some(format) = arguments.next() else { return hole(call, "it is incomplete") };
        let arguments: Vec<Node<'_>> = arguments.collect();
        let spread = arguments.iter().any(|arg| arg.kind() == Kind::Ellipsis);
        let filling = Filling { cx, arguments: if spread { None } else { Some(&arguments) } };
        let mut found = Vec::new();
        for pieces in self.values(cx, format, route) {
            found.extend(self.filled(&filling, pieces, route));
        }
        found.truncate(MAX_VALUES);
        found
    }

    /// A format with its arguments put in, as far as they are known.
    fn filled(
        &self,
        filling: &Filling<'_, '_>,
        format: StringValue,
        route: &Route,
    ) -> Vec<StringValue> {
        let mut found = vec![Vec::new()];
        let mut next = filling.arguments.map(|_| 0);
        for piece in format {
            let StringPiece::Text { literal, range, is_format: false, depth, through } = piece
            else {
                next = None;
                found = joined(&found, || vec![vec![piece]]);
                continue;
            };
            let value = unquote(literal.text()).unwrap_or_default();
            let stretch = |range| StringPiece::Text {
                literal: literal.clone(),
                range,
                is_format: true,
                depth,
                through: through.clone(),
            };
            let mut at = range.start;
            for Directive { span, is_plain, takes } in directives(&value[range.clone()]) {
                let (start, end) = (range.start + span.start, range.start + span.end);
                found = joined(&found, || vec![vec![stretch(at..start)]]);
                at = end;
                let argument = next.and_then(|nth| filling.arguments?.get(nth)).copied();
                next = takes.and_then(|takes| Some(next? + takes));
                let shown = &value[start..end];
                found =
                    joined(&found, || self.argument(filling.cx, argument, is_plain, shown, route));
            }
            found = joined(&found, || vec![vec![stretch(at..range.end)]]);
        }
        found
    }

    /// What a directive of a format puts in.
    fn argument(
        &self,
        cx: Cx<'_>,
        argument: Option<Node<'_>>,
        is_plain: bool,
        shown: &str,
        route: &Route,
    ) -> Vec<StringValue> {
        let hole = |code: &str, why| {
            let (shown, code) = (shown.to_owned(), code.to_owned());
            vec![StringPiece::Hole { shown, code, why, operand: None }]
        };
        let Some(argument) = argument else {
            return vec![hole(shown, "it is not known which argument it is")];
        };
        if !is_plain {
            return vec![hole(argument.text(), "a format prints it")];
        }
        let deeper = Route { depth: route.depth + 1, ..route.clone() };
        let values = self.values(cx, argument, &deeper);
        let known = |value: StringValue| match value.as_slice() {
            [StringPiece::Hole { code, why, .. }] => hole(code, why),
            _ => value,
        };
        values.into_iter().map(known).collect()
    }
}
