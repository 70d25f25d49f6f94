//! Types as text, the way `go/types` prints them with whole package paths:
//! `map[string]*database/sql.DB`.

use std::fmt::Write;

use super::checker::Checker;
use super::model::{Basic, Direction, Interface, Parameter, Reason, Signature, Struct, Type};
use super::unit::Cx;
use crate::go::syntax::Node;

/// What is nested deeper is not known.
const MAX_NESTING: usize = 60;

impl Basic {
    /// The name, as `go/types` has it.
    pub fn name(self) -> &'static str {
        match self {
            Basic::Bool => "bool",
            Basic::Int => "int",
            Basic::Int8 => "int8",
            Basic::Int16 => "int16",
            Basic::Int32 => "int32",
            Basic::Int64 => "int64",
            Basic::Uint => "uint",
            Basic::Uint8 => "uint8",
            Basic::Uint16 => "uint16",
            Basic::Uint32 => "uint32",
            Basic::Uint64 => "uint64",
            Basic::Uintptr => "uintptr",
            Basic::Float32 => "float32",
            Basic::Float64 => "float64",
            Basic::Complex64 => "complex64",
            Basic::Complex128 => "complex128",
            Basic::String => "string",
            Basic::UnsafePointer => "unsafe.Pointer",
            Basic::Byte => "byte",
            Basic::Rune => "rune",
            Basic::UntypedBool => "untyped bool",
            Basic::UntypedInt => "untyped int",
            Basic::UntypedRune => "untyped rune",
            Basic::UntypedFloat => "untyped float",
            Basic::UntypedComplex => "untyped complex",
            Basic::UntypedString => "untyped string",
            Basic::UntypedNil => "untyped nil",
        }
    }
}

impl Checker<'_> {
    /// The type as text.
    pub(super) fn show(&self, ty: &Type, style: Style) -> String {
        let mut writer = Writer { checker: self, style, out: String::new() };
        writer.write(ty, 0);
        writer.out
    }
}

/// How types are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As `go/types` does.
    Full,
    /// The same text for identical types: no names of parameters, no other names of `uint8` and
    /// `int32`.
    Canonical,
}

struct Writer<'c, 'a> {
    checker: &'c Checker<'a>,
    style: Style,
    out: String,
}

impl Writer<'_, '_> {
    fn write(&mut self, ty: &Type, depth: usize) {
        if depth > MAX_NESTING {
            self.out.push('…');
            return;
        }
        let depth = depth + 1;
        match ty {
            Type::Basic(basic) => {
                let basic = if self.style == Style::Canonical { basic.canonical() } else { *basic };
                self.out.push_str(basic.name());
            }
            Type::Named(named) => {
                if !named.def.path.is_empty() {
                    self.out.push_str(&named.def.path);
                    self.out.push('.');
                }
                self.out.push_str(&named.def.name);
                if !named.args.is_empty() {
                    self.out.push('[');
                    self.write_all(&named.args, ",", depth);
                    self.out.push(']');
                }
            }
            Type::Param(param) => self.out.push_str(&param.name),
            Type::Pointer(to) => self.write_after("*", to, depth),
            Type::Slice(of) => self.write_after("[]", of, depth),
            Type::Array(n, of) => self.write_after(&format!("[{n}]"), of, depth),
            Type::Map(map) => {
                self.write_after("map[", &map.0, depth);
                self.write_after("]", &map.1, depth);
            }
            Type::Chan(direction, of) => self.write_chan(*direction, of, depth),
            Type::Struct(fields) => self.write_struct(fields, depth),
            Type::Func(signature) => {
                self.out.push_str("func");
                self.write_signature(signature, depth);
            }
            Type::Interface(interface) => self.write_interface(interface, depth),
            Type::Tuple(types) => {
                self.out.push('(');
                self.write_all(types, ", ", depth);
                self.out.push(')');
            }
            Type::Union(terms) => {
                for (i, term) in terms.iter().enumerate() {
                    self.out.push_str(if i > 0 { " | " } else { "" });
                    self.write_after(if term.tilde { "~" } else { "" }, &term.ty, depth);
                }
            }
            Type::Unknown(_) => self.out.push('?'),
        }
    }

    fn write_after(&mut self, before: &str, ty: &Type, depth: usize) {
        self.out.push_str(before);
        self.write(ty, depth);
    }

    fn write_all(&mut self, types: &[Type], between: &str, depth: usize) {
        for (i, ty) in types.iter().enumerate() {
            self.write_after(if i > 0 { between } else { "" }, ty, depth);
        }
    }

    fn write_chan(&mut self, direction: Direction, of: &Type, depth: usize) {
        match (direction, of) {
            (Direction::Receive, _) => self.write_after("<-chan ", of, depth),
            (Direction::Send, _) => self.write_after("chan<- ", of, depth),
            (Direction::Both, Type::Chan(Direction::Receive, _)) => {
                self.write_after("chan (", of, depth);
                self.out.push(')');
            }
            (Direction::Both, _) => self.write_after("chan ", of, depth),
        }
    }

    fn write_struct(&mut self, fields: &Struct, depth: usize) {
        self.out.push_str("struct{");
        for (i, field) in fields.fields.iter().enumerate() {
            self.out.push_str(if i > 0 { "; " } else { "" });
            if !field.embedded {
                self.out.push_str(&field.name);
                self.out.push(' ');
            }
            let ty = self.checker.force(&field.ty);
            self.write(&ty, depth);
            let tag = field.tag.as_deref().and_then(super::const_text::string_value);
            if let Some(tag) = tag.filter(|tag| !tag.is_empty()) {
                self.out.push(' ');
                let _ = write!(self.out, "{tag:?}");
            }
        }
        self.out.push('}');
    }

    fn write_parameters(&mut self, list: &[Parameter], variadic: bool, depth: usize) {
        self.out.push('(');
        for (i, param) in list.iter().enumerate() {
            self.out.push_str(if i > 0 { ", " } else { "" });
            if self.style == Style::Full && !param.name.is_empty() {
                self.out.push_str(&param.name);
                self.out.push(' ');
            }
            match &param.ty {
                Type::Slice(of) if variadic && i + 1 == list.len() => {
                    self.write_after("...", of, depth);
                }
                ty => self.write(ty, depth),
            }
        }
        self.out.push(')');
    }

    fn write_signature(&mut self, signature: &Signature, depth: usize) {
        if !signature.type_params.is_empty() {
            self.out.push('[');
            for (i, param) in signature.type_params.iter().enumerate() {
                self.out.push_str(if i > 0 { ", " } else { "" });
                self.out.push_str(&param.name);
                self.write_after(" ", &self.checker.constraint(param), depth);
            }
            self.out.push(']');
        }
        self.write_parameters(&signature.params, signature.variadic, depth);
        match &signature.results[..] {
            [] => {}
            [only] if self.style == Style::Canonical || only.name.is_empty() => {
                self.write_after(" ", &only.ty, depth);
            }
            several => {
                self.out.push(' ');
                self.write_parameters(several, false, depth);
            }
        }
    }

    fn write_interface(&mut self, interface: &Interface, depth: usize) {
        if interface.methods.is_empty() && interface.embedded.is_empty() {
            self.out.push_str("any");
            return;
        }
        self.out.push_str("interface{");
        let mut methods: Vec<_> = interface.methods.iter().collect();
        methods.sort_by(|a, b| a.name.cmp(&b.name));
        for (i, method) in methods.iter().enumerate() {
            self.out.push_str(if i > 0 { "; " } else { "" });
            self.out.push_str(&method.name);
            match &method.signature {
                Type::Func(signature) => self.write_signature(signature, depth),
                other => self.write(other, depth),
            }
        }
        for (i, embedded) in interface.embedded.iter().enumerate() {
            self.out.push_str(if i + methods.len() > 0 { "; " } else { "" });
            self.write(embedded, depth);
        }
        self.out.push('}');
    }
}

impl Checker<'_> {
    /// The first thing in `ty` that is not known; `node` is where it is asked for.
    pub(super) fn gap(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type) -> Option<Type> {
        self.gap_in(cx, node, ty, 0)
    }

    fn gap_in(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, depth: usize) -> Option<Type> {
        if depth > MAX_NESTING {
            return Some(self.unknown(cx, node, Reason::TooDeep));
        }
        let go = |ty: &Type| self.gap_in(cx, node, ty, depth + 1);
        match ty {
            Type::Unknown(_) => Some(ty.clone()),
            Type::Basic(_) | Type::Param(_) => None,
            Type::Named(named) => named.args.iter().find_map(go),
            Type::Pointer(to) | Type::Slice(to) | Type::Array(_, to) | Type::Chan(_, to) => go(to),
            Type::Map(map) => go(&map.0).or_else(|| go(&map.1)),
            Type::Tuple(types) => types.iter().find_map(go),
            Type::Struct(fields) => fields.fields.iter().find_map(|f| go(&self.force(&f.ty))),
            Type::Func(signature) => {
                signature.params.iter().chain(&signature.results).find_map(|p| go(&p.ty))
            }
            Type::Interface(interface) => interface
                .methods
                .iter()
                .map(|m| &m.signature)
                .chain(&interface.embedded)
                .find_map(go),
            Type::Union(terms) => terms.iter().find_map(|t| go(&t.ty)),
        }
    }
}
