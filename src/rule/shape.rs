//! Types in rules: `type: "*sql.DB"`. Comes in: a pattern that is a type. Goes out: its shape, with
//! packages by their paths; or what in it is no type that could be asked for.

use std::sync::Arc;

use super::pattern::{Atom, PackageId, Pattern};
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::go::types::{Basic, Direction, FuncShape, Shape};
use crate::text::Span;

/// Why a pattern is no type that could be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoShape {
    /// Where, in the text of the pattern.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// The shape that `pattern` describes. `path` gives the import path of a package.
///
/// # Errors
/// Where it is no type, or one without a shape.
pub fn shape(pattern: &Pattern, path: &dyn Fn(PackageId) -> Arc<str>) -> Result<Shape, NoShape> {
    Reader { pattern, path }.shape(pattern.first())
}

struct Reader<'a> {
    pattern: &'a Pattern,
    path: &'a dyn Fn(PackageId) -> Arc<str>,
}

impl Reader<'_> {
    fn refused<T>(&self, node: Node<'_>, message: &str, help: &str) -> Result<T, NoShape> {
        let span = self.pattern.span_in_text(node);
        Err(NoShape { span, message: message.into(), help: help.into() })
    }

    fn no_type<T>(&self, node: Node<'_>) -> Result<T, NoShape> {
        let help = "write a type as Go has it: `*sql.DB`, `[]byte`, `map[string]$_`";
        self.refused(node, &format!("`{}` is no type", node.text()), help)
    }

    fn child(&self, node: Node<'_>, role: Role) -> Result<Box<Shape>, NoShape> {
        match node.child(role) {
            Some(child) => self.shape(child).map(Box::new),
            None => self.no_type(node),
        }
    }

    fn shape(&self, node: Node<'_>) -> Result<Shape, NoShape> {
        let node = node.unparenthesized();
        match self.pattern.atom(node) {
            Atom::One(None) => return Ok(Shape::Any),
            Atom::Many(None) => return Ok(Shape::Rest),
            Atom::One(Some(_)) | Atom::Many(Some(_)) => {
                return self.refused(node, "a type test keeps nothing", "write `$_` for any type");
            }
            Atom::Predeclared => return self.predeclared(node),
            Atom::Package(_) | Atom::PackageOrName(_) | Atom::Plain => {}
        }
        match node.kind() {
            Kind::Selector => self.named(node, Vec::new()),
            Kind::Index => {
                let list = node.child(Role::Indices).into_iter().flat_map(Node::children);
                let args = list.map(|arg| self.shape(arg)).collect::<Result<_, _>>()?;
                match node.child(Role::X).filter(|x| x.kind() == Kind::Selector) {
                    Some(generic) => self.named(generic, args),
                    None => self.no_type(node),
                }
            }
            Kind::Star => self.child(node, Role::X).map(Shape::Pointer),
            Kind::ArrayType => self.array(node),
            Kind::MapType => {
                Ok(Shape::Map(self.child(node, Role::Key)?, self.child(node, Role::Value)?))
            }
            Kind::ChanType => {
                let direction = match node.op() {
                    Op::SendOnly => Direction::Send,
                    Op::RecvOnly => Direction::Receive,
                    _ => Direction::Both,
                };
                Ok(Shape::Chan(direction, self.child(node, Role::Value)?))
            }
            Kind::FuncType => self.func(node),
            Kind::InterfaceType | Kind::StructType => {
                let members = node.child(Role::Fields).unwrap_or(node).children();
                if members.count() > 0 {
                    let help =
                        "give the type a name and ask for that, or ask for `any` or `struct{}`";
                    return self.refused(node, "a type without a name cannot have members", help);
                }
                let interface = node.kind() == Kind::InterfaceType;
                Ok(if interface { Shape::EmptyInterface } else { Shape::EmptyStruct })
            }
            Kind::Ident => {
                let help = "write the package before it: `pkg.Name`";
                self.refused(node, &format!("`{}` is not predeclared", node.text()), help)
            }
            _ => self.no_type(node),
        }
    }

    fn predeclared(&self, node: Node<'_>) -> Result<Shape, NoShape> {
        let name = node.text();
        if name == "any" {
            return Ok(Shape::EmptyInterface);
        }
        if matches!(name, "error" | "comparable") {
            return Ok(Shape::Named { path: "".into(), name: Some(name.into()), args: Vec::new() });
        }
        match Basic::predeclared(name) {
            Some(basic) => Ok(Shape::Basic(basic)),
            None => self.no_type(node),
        }
    }

    /// `pkg.Name`.
    fn named(&self, node: Node<'_>, args: Vec<Shape>) -> Result<Shape, NoShape> {
        let (Some(x), Some(name)) = (node.child(Role::X), node.child(Role::Sel)) else {
            return self.no_type(node);
        };
        let Atom::Package(id) = self.pattern.atom(x) else { return self.no_type(node) };
        let name = match self.pattern.atom(name) {
            Atom::One(None) => None,
            Atom::Plain | Atom::Predeclared => Some(Arc::from(name.text())),
            _ => return self.refused(name, "a type test keeps nothing", "write `$_` for any name"),
        };
        let path = (self.path)(id);
        if &*path == "unsafe" && name.as_deref() == Some("Pointer") {
            return Ok(Shape::Basic(Basic::UnsafePointer));
        }
        Ok(Shape::Named { path, name, args })
    }

    fn array(&self, node: Node<'_>) -> Result<Shape, NoShape> {
        let element = self.child(node, Role::Type)?;
        let Some(length) = node.child(Role::Len) else { return Ok(Shape::Slice(element)) };
        if self.pattern.atom(length) == Atom::One(None) {
            return Ok(Shape::Array(None, element));
        }
        match length.text().parse() {
            Ok(length) => Ok(Shape::Array(Some(length), element)),
            Err(_) => {
                self.refused(length, "the length is no number", "write it in digits, or `$_`")
            }
        }
    }

    fn func(&self, node: Node<'_>) -> Result<Shape, NoShape> {
        let (params, variadic) = self.list(node.child(Role::Params))?;
        let results = match node.child(Role::Results) {
            Some(list) if list.kind() == Kind::Params => self.list(Some(list))?.0,
            Some(only) => vec![self.shape(only)?],
            None => Vec::new(),
        };
        Ok(Shape::Func(Box::new(FuncShape { params, variadic, results })))
    }

    fn list(&self, list: Option<Node<'_>>) -> Result<(Vec<Shape>, bool), NoShape> {
        let mut shapes = Vec::new();
        let mut variadic = false;
        for field in list.into_iter().flat_map(Node::children) {
            let names = field.child(Role::Name).map_or(1, |names| names.children().count().max(1));
            let Some(ty) = field.child(Role::Type) else { return self.no_type(field) };
            let shape = if ty.kind() == Kind::Ellipsis {
                variadic = true;
                Shape::Slice(self.child(ty, Role::X)?)
            } else {
                self.shape(ty)?
            };
            shapes.extend(std::iter::repeat_n(shape, names));
        }
        Ok((shapes, variadic))
    }
}
