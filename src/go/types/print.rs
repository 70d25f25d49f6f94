//! Types as text, the way `go/types` prints them with whole package paths:
//! `map[string]*database/sql.DB`.

use super::checker::Checker;
use super::model::{Basic, Direction, Interface, Parameter, Signature, Struct, Type};

/// What is nested deeper is cut off.
const MAX_NESTING: usize = 40;

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
    pub(super) fn show(&self, ty: &Type) -> String {
        let mut out = String::new();
        self.write(ty, &mut out, 0);
        out
    }

    fn write(&self, ty: &Type, out: &mut String, depth: usize) {
        if depth > MAX_NESTING {
            out.push('…');
            return;
        }
        let depth = depth + 1;
        match ty {
            Type::Basic(basic) => out.push_str(basic.name()),
            Type::Named(named) => {
                if !named.def.path.is_empty() {
                    out.push_str(&named.def.path);
                    out.push('.');
                }
                out.push_str(&named.def.name);
                if !named.args.is_empty() {
                    out.push('[');
                    self.write_all(&named.args, ",", out, depth);
                    out.push(']');
                }
            }
            Type::Param(param) => out.push_str(&param.name),
            Type::Pointer(to) => self.write_after("*", to, out, depth),
            Type::Slice(of) => self.write_after("[]", of, out, depth),
            Type::Array(n, of) => self.write_after(&format!("[{n}]"), of, out, depth),
            Type::Map(map) => {
                self.write_after("map[", &map.0, out, depth);
                self.write_after("]", &map.1, out, depth);
            }
            Type::Chan(direction, of) => self.write_chan(*direction, of, out, depth),
            Type::Struct(fields) => self.write_struct(fields, out, depth),
            Type::Func(signature) => {
                out.push_str("func");
                self.write_signature(signature, out, depth);
            }
            Type::Interface(interface) => self.write_interface(interface, out, depth),
            Type::Tuple(types) => {
                out.push('(');
                self.write_all(types, ", ", out, depth);
                out.push(')');
            }
            Type::Union(terms) => {
                for (i, term) in terms.iter().enumerate() {
                    out.push_str(if i > 0 { " | " } else { "" });
                    self.write_after(if term.tilde { "~" } else { "" }, &term.ty, out, depth);
                }
            }
            Type::Unknown(_) => out.push('?'),
        }
    }

    fn write_after(&self, before: &str, ty: &Type, out: &mut String, depth: usize) {
        out.push_str(before);
        self.write(ty, out, depth);
    }

    fn write_all(&self, types: &[Type], between: &str, out: &mut String, depth: usize) {
        for (i, ty) in types.iter().enumerate() {
            self.write_after(if i > 0 { between } else { "" }, ty, out, depth);
        }
    }

    fn write_chan(&self, direction: Direction, of: &Type, out: &mut String, depth: usize) {
        match (direction, of) {
            (Direction::Receive, _) => self.write_after("<-chan ", of, out, depth),
            (Direction::Send, _) => self.write_after("chan<- ", of, out, depth),
            (Direction::Both, Type::Chan(Direction::Receive, _)) => {
                self.write_after("chan (", of, out, depth);
                out.push(')');
            }
            (Direction::Both, _) => self.write_after("chan ", of, out, depth),
        }
    }

    fn write_struct(&self, fields: &Struct, out: &mut String, depth: usize) {
        out.push_str("struct{");
        for (i, field) in fields.fields.iter().enumerate() {
            out.push_str(if i > 0 { "; " } else { "" });
            if !field.embedded {
                out.push_str(&field.name);
                out.push(' ');
            }
            self.write(&self.force(&field.ty), out, depth);
            let tag = field.tag.as_deref().and_then(super::consts::string_value);
            if let Some(tag) = tag.filter(|tag| !tag.is_empty()) {
                out.push_str(&format!(" {tag:?}"));
            }
        }
        out.push('}');
    }

    fn write_parameters(&self, list: &[Parameter], variadic: bool, out: &mut String, depth: usize) {
        out.push('(');
        for (i, param) in list.iter().enumerate() {
            out.push_str(if i > 0 { ", " } else { "" });
            if !param.name.is_empty() {
                out.push_str(&param.name);
                out.push(' ');
            }
            match &param.ty {
                Type::Slice(of) if variadic && i + 1 == list.len() => {
                    self.write_after("...", of, out, depth);
                }
                ty => self.write(ty, out, depth),
            }
        }
        out.push(')');
    }

    fn write_signature(&self, signature: &Signature, out: &mut String, depth: usize) {
        if !signature.type_params.is_empty() {
            out.push('[');
            for (i, param) in signature.type_params.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                out.push_str(&param.name);
                self.write_after(" ", &self.constraint(param), out, depth);
            }
            out.push(']');
        }
        self.write_parameters(&signature.params, signature.variadic, out, depth);
        match &signature.results[..] {
            [] => {}
            [only] if only.name.is_empty() => self.write_after(" ", &only.ty, out, depth),
            several => {
                out.push(' ');
                self.write_parameters(several, false, out, depth);
            }
        }
    }

    fn write_interface(&self, interface: &Interface, out: &mut String, depth: usize) {
        if interface.methods.is_empty() && interface.embedded.is_empty() {
            out.push_str("any");
            return;
        }
        out.push_str("interface{");
        let mut methods: Vec<_> = interface.methods.iter().collect();
        methods.sort_by(|a, b| a.name.cmp(&b.name));
        for (i, method) in methods.iter().enumerate() {
            out.push_str(if i > 0 { "; " } else { "" });
            out.push_str(&method.name);
            match &method.signature {
                Type::Func(signature) => self.write_signature(signature, out, depth),
                other => self.write(other, out, depth),
            }
        }
        for (i, embedded) in interface.embedded.iter().enumerate() {
            out.push_str(if i + methods.len() > 0 { "; " } else { "" });
            self.write(embedded, out, depth);
        }
        out.push('}');
    }

    /// The first thing in `ty` that is not known.
    pub(super) fn gap(&self, ty: &Type) -> Option<Type> {
        self.gap_in(ty, 0)
    }

    fn gap_in(&self, ty: &Type, depth: usize) -> Option<Type> {
        if depth > MAX_NESTING {
            return None;
        }
        let go = |ty: &Type| self.gap_in(ty, depth + 1);
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
