//! The values of constant expressions (Go specification, "Constants", "Constant expressions",
//! "Iota"): strings, integers and booleans. Floating-point and complex values are not computed.

use std::sync::Arc;

use super::checker::Checker;
use super::const_text::literal;
use super::decls::repeated_spec;
use super::model::{Basic, Reason, Type};
use super::names::Entity;
use super::unit::{Cx, Place};
use super::universe::{Builtin, Universe};
use crate::go::packages::NameKind;
use crate::go::scope::ObjectKind;
use crate::go::syntax::{Kind, Node, Op, Role};

/// Expressions nest no deeper than this.
const MAX_DEPTH: usize = 60;

/// The value of a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// An integer or a rune.
    Int(i128),
    /// A string of valid UTF-8.
    String(Arc<str>),
    /// A boolean.
    Bool(bool),
}

impl Constant {
    pub(super) fn as_length(&self) -> Option<u64> {
        match self {
            Constant::Int(n) => u64::try_from(*n).ok(),
            _ => None,
        }
    }

    fn int(&self) -> Option<i128> {
        match self {
            Constant::Int(n) => Some(*n),
            _ => None,
        }
    }
}

/// Where a constant is being computed.
#[derive(Clone, Copy)]
struct At {
    iota: Option<i128>,
    depth: usize,
}

impl Checker<'_> {
    /// The value of the constant expression `node`; none if it is not constant, or not computed.
    pub(super) fn constant(&self, cx: Cx<'_>, node: Node<'_>) -> Option<Constant> {
        self.evaluate(cx, node, At { iota: iota_at(node), depth: 0 })
    }

    /// The value of `node` where it stands: an integer that becomes a floating-point number may
    /// be rounded.
    pub(super) fn final_constant(&self, cx: Cx<'_>, node: Node<'_>) -> Option<Constant> {
        let value = self.constant(cx, node)?;
        if value.int().is_some_and(|n| n.unsigned_abs() > 1 << f32::MANTISSA_DIGITS) {
            let ty = self.type_at(cx, node);
            self.computable(cx, node, &ty)?;
        }
        Some(value)
    }

    /// Why the length `node` has no value.
    pub(super) fn constant_gap(&self, cx: Cx<'_>, node: Node<'_>) -> Reason {
        self.gap_below(cx, node, 0).unwrap_or(Reason::Constant)
    }

    fn gap_below(&self, cx: Cx<'_>, node: Node<'_>, depth: usize) -> Option<Reason> {
        if depth > 20 || !self.spend() {
            return None;
        }
        let names = node.subtree().filter(|n| matches!(n.kind(), Kind::Ident | Kind::Selector));
        names.filter_map(|name| self.denoted(cx, name)).find_map(|entity| match entity {
            Entity::External(path, why) => Some(Reason::Package(path, why)),
            Entity::Unknown(reason) if reason != Reason::NoType => Some(reason),
            Entity::Global(package, sites) if sites.len() > 1 => {
                let source = &package.files()[sites[0].file].source;
                Some(Reason::BuildTags(source.text_in(sites[0].decl, sites[0].name).into()))
            }
            Entity::Global(package, sites) => {
                let place = self.site_place(&package, sites.first()?);
                self.at(place, |cx, ident| {
                    let spec = ident.parent()?.parent().filter(|s| s.kind() == Kind::ValueSpec)?;
                    let values = repeated_spec(spec).child(Role::Value)?;
                    self.gap_below(cx, values, depth + 1)
                })
            }
            _ => None,
        })
    }

    fn evaluate(&self, cx: Cx<'_>, node: Node<'_>, at: At) -> Option<Constant> {
        if at.depth > MAX_DEPTH || !self.spend() {
            return None;
        }
        let deeper = At { depth: at.depth + 1, ..at };
        match node.kind() {
            Kind::BasicLit => literal(node.op(), node.text()),
            Kind::Paren => self.evaluate(cx, node.children().next()?, deeper),
            Kind::Ident | Kind::Selector => self.evaluate_name(cx, node, deeper),
            Kind::Unary => self.evaluate_unary(cx, node, deeper),
            Kind::Binary => self.evaluate_binary(cx, node, deeper),
            Kind::Call => self.evaluate_call(cx, node, deeper),
            _ => None,
        }
    }

    fn evaluate_name(&self, cx: Cx<'_>, node: Node<'_>, at: At) -> Option<Constant> {
        match self.denoted(cx, node)? {
            Entity::Universe(Universe::Bool) => Some(Constant::Bool(node.text() == "true")),
            Entity::Universe(Universe::Iota) => at.iota.map(Constant::Int),
            Entity::Local(id) => {
                let object = cx.part.scopes().object(id);
                let place = cx.place(cx.node(object.ident));
                (object.kind == ObjectKind::Const).then(|| self.evaluate_declared(place, at))?
            }
            Entity::Global(package, sites) => {
                let mut values = sites.iter().map(|site| {
                    (site.kind == NameKind::Const)
                        .then(|| self.evaluate_declared(self.site_place(&package, site), at))?
                });
                let first = values.next()??;
                values.all(|v| v.as_ref() == Some(&first)).then_some(first)
            }
            _ => None,
        }
    }

    /// The value of the constant whose name stands at `place`.
    fn evaluate_declared(&self, place: Place, at: At) -> Option<Constant> {
        self.at(place, |cx, ident| {
            let names = ident.parent()?;
            let spec = names.parent().filter(|s| s.kind() == Kind::ValueSpec)?;
            let nth = names.children().take_while(|n| *n != ident).count();
            let source = repeated_spec(spec);
            if is_shadowed(source, spec) {
                return None;
            }
            let value = source.child(Role::Value)?.children().nth(nth)?;
            if let Some(ty) = source.child(Role::Type) {
                let ty = self.type_expr(cx, ty);
                self.computable(cx, ident, &ty)?;
            }
            self.evaluate(cx, value, At { iota: iota_at(ident), depth: at.depth + 1 })
        })
    }

    /// The basic type under `ty`, if values of it are computed.
    fn computable(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type) -> Option<Basic> {
        match self.underlying(cx, node, ty) {
            Type::Basic(b)
                if b.is_integer()
                    || b.is_string()
                    || matches!(b, Basic::Bool | Basic::UntypedBool) =>
            {
                Some(b)
            }
            _ => None,
        }
    }

    fn evaluate_unary(&self, cx: Cx<'_>, node: Node<'_>, at: At) -> Option<Constant> {
        let x = node.children().next()?;
        let value = self.evaluate(cx, x, at)?;
        Some(match (node.op(), value) {
            (Op::Not, Constant::Bool(b)) => Constant::Bool(!b),
            (Op::Add, Constant::Int(n)) => Constant::Int(n),
            (Op::Sub, Constant::Int(n)) => Constant::Int(n.checked_neg()?),
            (Op::Xor, Constant::Int(n)) => {
                let ty = self.expr(cx, x);
                let bits = match self.computable(cx, x, &ty)?.canonical() {
                    Basic::Uint8 => 8,
                    Basic::Uint16 => 16,
                    Basic::Uint32 => 32,
                    Basic::Uint64 => 64,
                    // As wide as the platform says.
                    Basic::Uint | Basic::Uintptr => return None,
                    _ => 0,
                };
                Constant::Int(if bits == 0 { !n } else { !n & ((1 << bits) - 1) })
            }
            _ => return None,
        })
    }

    /// Chains such as long concatenations are followed to the left without nesting.
    fn evaluate_binary(&self, cx: Cx<'_>, node: Node<'_>, at: At) -> Option<Constant> {
        let mut chain = vec![node];
        while let Some(x) = chain.last()?.child(Role::X).filter(|x| x.kind() == Kind::Binary) {
            chain.push(x);
        }
        let mut left = self.evaluate(cx, chain.last()?.child(Role::X)?, at)?;
        while let Some(node) = chain.pop() {
            // `&&` and `||` have constant operands on both sides, or are not constant.
            let right = self.evaluate(cx, node.child(Role::Y)?, at)?;
            left = operate(node.op(), &left, &right)?;
        }
        Some(left)
    }

    fn evaluate_call(&self, cx: Cx<'_>, node: Node<'_>, at: At) -> Option<Constant> {
        let fun = node.child(Role::Fun)?;
        let mut args = node.child(Role::Args)?.children();
        let (arg, None) = (args.next()?, args.next()) else { return None };
        if self.builtin_of(cx, fun) == Some(Builtin::Len) {
            if let Some(Constant::String(s)) = self.evaluate(cx, arg, at) {
                return i128::try_from(s.len()).ok().map(Constant::Int);
            }
            return self.array_length(cx, arg);
        }
        if self.is_type(cx, fun) != Some(true) {
            return None;
        }
        let to = self.computable(cx, fun, &self.type_expr(cx, fun))?;
        match self.evaluate(cx, arg, at)? {
            Constant::Int(n) if to.is_integer() => Some(Constant::Int(n)),
            Constant::Int(n) if to.is_string() => {
                let c = u32::try_from(n).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
                Some(Constant::String(c.to_string().into()))
            }
            value @ Constant::String(_) if to.is_string() => Some(value),
            value @ Constant::Bool(_) if !to.is_string() && !to.is_integer() => Some(value),
            _ => None,
        }
    }

    /// The length of an array is constant where nothing is called for it.
    pub(super) fn array_length(&self, cx: Cx<'_>, arg: Node<'_>) -> Option<Constant> {
        if has_call_or_receive(arg) {
            return None;
        }
        let ty = self.expr(cx, arg);
        let under = match self.underlying(cx, arg, &ty) {
            Type::Pointer(to) => self.underlying(cx, arg, &to),
            other => other,
        };
        match under {
            Type::Array(n, _) => Some(Constant::Int(n.into())),
            _ => None,
        }
    }

    /// The value of a length: an integer, or a floating-point constant that is one.
    pub(super) fn length(&self, cx: Cx<'_>, node: Node<'_>) -> Option<u64> {
        match self.constant(cx, node) {
            Some(value) => value.as_length(),
            None => self.whole_number(cx, node, 0),
        }
    }

    /// The value of `1e6`, or of a constant that is given as such.
    fn whole_number(&self, cx: Cx<'_>, node: Node<'_>, depth: usize) -> Option<u64> {
        let node = node.unparenthesized();
        match node.kind() {
            Kind::BasicLit if node.op() == Op::Float => {
                let value: f64 = node.text().replace('_', "").parse().ok()?;
                let whole = value.fract() == 0.0 && (0.0..9e15).contains(&value);
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number in the range"
                )]
                whole.then_some(value as u64)
            }
            Kind::Ident | Kind::Selector if depth < 20 => match self.denoted(cx, node)? {
                Entity::Local(id) => {
                    let object = cx.part.scopes().object(id);
                    (object.kind == ObjectKind::Const)
                        .then(|| self.whole_number_of(cx, cx.node(object.ident), depth))?
                }
                Entity::Global(package, sites) if sites.len() == 1 => {
                    let place = self.site_place(&package, &sites[0]);
                    (sites[0].kind == NameKind::Const).then(|| {
                        self.at(place, |cx, ident| self.whole_number_of(cx, ident, depth))
                    })?
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn whole_number_of(&self, cx: Cx<'_>, ident: Node<'_>, depth: usize) -> Option<u64> {
        let names = ident.parent()?;
        let spec = names.parent().filter(|s| s.kind() == Kind::ValueSpec)?;
        let nth = names.children().take_while(|n| *n != ident).count();
        let value = spec.child(Role::Value)?.children().nth(nth)?;
        self.whole_number(cx, value, depth + 1)
    }
}

/// Whether a constant between `source` and `spec`, which repeats it, has a name that the repeated
/// expression speaks of: inside a function the name then means something else the second time.
pub(super) fn is_shadowed(source: Node<'_>, spec: Node<'_>) -> bool {
    let local = || spec.ancestors().any(|a| a.kind() == Kind::DeclStmt);
    if source == spec || !local() {
        return false;
    }
    let specs = spec.parent().into_iter().flat_map(Node::children);
    let between = specs.skip_while(|s| *s != source).take_while(|s| *s != spec);
    let names: Vec<&str> = between
        .filter_map(|s| s.child(Role::Name))
        .flat_map(Node::children)
        .map(Node::text)
        .collect();
    let repeated = source.children().filter(|c| c.role() != Role::Name);
    repeated.flat_map(Node::subtree).any(|n| n.kind() == Kind::Ident && names.contains(&n.text()))
}

/// The value of `iota` where `node` stands: the index of its spec in a group of constants.
fn iota_at(node: Node<'_>) -> Option<i128> {
    let spec = node.ancestors().find(|a| a.kind() == Kind::ValueSpec)?;
    let group = spec.parent()?;
    let constant = group.parent().is_some_and(|g| g.op() == Op::Const);
    let before = group.children().filter(|s| s.kind() == Kind::ValueSpec);
    let index = before.take_while(|s| *s != spec).count();
    constant.then(|| i128::try_from(index).ok())?
}

fn has_call_or_receive(node: Node<'_>) -> bool {
    node.subtree().any(|n| n.kind() == Kind::Call || n.kind() == Kind::Unary && n.op() == Op::Arrow)
}

fn operate(op: Op, left: &Constant, right: &Constant) -> Option<Constant> {
    use Constant::{Bool, String};
    Some(match (op, left, right) {
        (Op::Add, String(a), String(b)) => String(format!("{a}{b}").into()),
        (Op::Eql, a, b) => Bool(a == b),
        (Op::Neq, a, b) => Bool(a != b),
        (Op::LAnd, Bool(a), Bool(b)) => Bool(*a && *b),
        (Op::LOr, Bool(a), Bool(b)) => Bool(*a || *b),
        (Op::Lss, String(a), String(b)) => Bool(a < b),
        (Op::Leq, String(a), String(b)) => Bool(a <= b),
        (Op::Gtr, String(a), String(b)) => Bool(a > b),
        (Op::Geq, String(a), String(b)) => Bool(a >= b),
        _ => return operate_on_integers(op, left.int()?, right.int()?),
    })
}

fn operate_on_integers(op: Op, a: i128, b: i128) -> Option<Constant> {
    let compared = match op {
        Op::Lss => a < b,
        Op::Leq => a <= b,
        Op::Gtr => a > b,
        Op::Geq => a >= b,
        _ => {
            return Some(Constant::Int(match op {
                Op::Add => a.checked_add(b)?,
                Op::Sub => a.checked_sub(b)?,
                Op::Mul => a.checked_mul(b)?,
                Op::Quo => a.checked_div(b)?,
                Op::Rem => a.checked_rem(b)?,
                Op::And => a & b,
                Op::Or => a | b,
                Op::Xor => a ^ b,
                Op::AndNot => a & !b,
                Op::Shl => {
                    let shifted = a.checked_shl(u32::try_from(b).ok()?)?;
                    (shifted.checked_shr(u32::try_from(b).ok()?)? == a).then_some(shifted)?
                }
                Op::Shr => a.checked_shr(u32::try_from(b).ok()?).unwrap_or(a.signum().min(0)),
                _ => return None,
            }));
        }
    };
    Some(Constant::Bool(compared))
}
