//! A call that a first case shows. Comes in: a pattern that calls something of a package. Goes out: a
//! function with that call in it, its parameters declared, which Go builds where the package is of
//! the standard library and its signature is known.

use crate::go::import_path::standard_name;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::packages::standard_api;
use crate::go::predeclared::is_predeclared;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{Rule, RuleSet};
use crate::rule::pattern::{Atom, Pattern};

/// A call `pkg.Name(…)`.
pub(super) struct Call {
    package: String,
    name: String,
    /// The arguments as they are written.
    args: Vec<String>,
    /// Name and type of what the arguments are made of.
    params: Vec<(String, String)>,
    /// How many results it has.
    results: usize,
    /// What the types of the parameters need.
    pub imports: Vec<String>,
}

impl Call {
    /// The call that the pattern is, if it is one.
    pub fn of(pattern: &Pattern, rule: &Rule, rules: &RuleSet) -> Option<Self> {
        let mut nodes = pattern.nodes();
        let (Some(call), None) = (nodes.next(), nodes.next()) else { return None };
        let fun = Some(call).filter(|c| c.kind() == Kind::Call)?.child(Role::Fun)?;
        let Atom::Package(package) = pattern.atom(fun.child(Role::X)?) else { return None };
        let name = fun.child(Role::Sel).filter(|sel| pattern.atom(*sel) == Atom::Plain)?.text();
        let package = rules.package(package);
        let known = signature(&package.path, name);
        let written: Vec<Node<'_>> = call.child(Role::Args)?.children().collect();
        let (mut args, mut params) = (Vec::new(), Vec::new());
        let mut types = known.as_ref().map_or(&[][..], |known| &known.params[..]).iter();
        for (at, node) in written.iter().enumerate() {
            let (id, count) = match pattern.atom(*node) {
                Atom::One(id) => (id, 1),
                Atom::Many(id) => (id, types.len().saturating_sub(written.len() - at - 1).max(1)),
                _ if is_fixed(pattern, *node) => {
                    types.next();
                    args.push(node.text().to_owned());
                    continue;
                }
                _ => return None,
            };
            let name =
                id.map_or_else(|| format!("any{at}"), |id| rule.metavariables.name(id).into());
            for nth in 0..count {
                let name = if count > 1 { format!("{name}{}", nth + 1) } else { name.clone() };
                let ty = types.next().map_or("any", String::as_str).trim_start_matches("...");
                params.push((name.clone(), ty.to_owned()));
                args.push(name);
            }
        }
        let (results, imports) =
            known.map_or((1, Vec::new()), |known| (known.results, known.imports));
        Some(Self {
            package: package.name.clone(),
            name: name.to_owned(),
            args,
            params,
            results,
            imports,
        })
    }

    /// Whether the type of a parameter is of the package itself.
    pub fn has_own_types(&self) -> bool {
        let own = format!("{}.", self.package);
        self.params.iter().any(|(_, ty)| ty.contains(&own))
    }

    /// A function `name` with the call in it; `first` is a parameter that comes before the others.
    pub fn function(&self, name: &str, first: &str) -> String {
        let mut params: Vec<String> =
            if first.is_empty() { Vec::new() } else { vec![first.to_owned()] };
        for (name, ty) in &self.params {
            params.push(format!("{name} {ty}"));
        }
        let blanks = if self.results == 0 {
            String::new()
        } else {
            format!("{} = ", vec!["_"; self.results].join(", "))
        };
        let (params, args) = (params.join(", "), self.args.join(", "));
        let Self { package, name: called, .. } = self;
        format!("func {name}({params}) {{\n\t{blanks}{package}.{called}({args})\n}}\n")
    }

    /// The same call, of a local that has the package's name.
    pub fn shadowed(&self) -> String {
        let Self { package, name, .. } = self;
        let results = match self.results {
            0 => String::new(),
            1 => " any".to_owned(),
            more => format!(" ({})", vec!["any"; more].join(", ")),
        };
        let function = self.function("notMeant", &format!("{package} other"));
        format!(
            "type other struct{{}}\n\nfunc (other) {name}(...any){results} {{ panic(\"not called\") }}\n\n\
             // A local of that name is not the package.\n{function}"
        )
    }
}

/// Whether no metavariable stands in the node.
fn is_fixed(pattern: &Pattern, node: Node<'_>) -> bool {
    node.subtree().all(|n| !matches!(pattern.atom(n), Atom::One(_) | Atom::Many(_)))
}

struct Signature {
    params: Vec<String>,
    results: usize,
    imports: Vec<String>,
}

/// The types of the parameters of a standard function as other packages write them.
fn signature(path: &str, name: &str) -> Option<Signature> {
    let api = standard_api(path)?;
    let head = format!("func {name}(");
    let rest = api.lines().find_map(|line| line.strip_prefix(head.as_str()))?;
    let (params, rest) = list(rest);
    let rest = rest.trim();
    let results = match rest.strip_prefix('(') {
        _ if rest.is_empty() => 0,
        Some(rest) => list(rest).0.len(),
        None => 1,
    };
    let own = standard_name(path)?;
    let mut imports = Vec::new();
    let mut import = |name: &str| {
        let paths = api.lines().filter_map(|line| line.strip_prefix("import "));
        let paths = paths.map(|path| path.trim_matches('"'));
        imports.extend(paths.filter(|p| standard_name(p) == Some(name)).map(str::to_owned));
    };
    let params = params.iter().map(|ty| qualified(ty, own, &mut import)).collect();
    imports.sort();
    imports.dedup();
    Some(Signature { params, results, imports })
}

/// What stands between commas up to the bracket that closes, and what stands behind it.
fn list(text: &str) -> (Vec<String>, &str) {
    let (mut depth, mut start) = (0, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                parts.push(text[start..at].trim().to_owned());
                parts.retain(|part| !part.is_empty());
                return (parts, &text[at + 1..]);
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    (parts, "")
}

/// The type with the names of its package behind that package's own.
fn qualified(ty: &str, own: &str, import: &mut dyn FnMut(&str)) -> String {
    const WORDS: [&str; 6] = ["func", "map", "chan", "struct", "interface", "any"];
    let mut out = String::new();
    let mut at = 0;
    for token in Lexer::all(ty).filter(|t| matches!(t.kind, TokenKind::Ident)) {
        let name = token.span.of(ty);
        out.push_str(&ty[at..token.span.start]);
        at = token.span.end;
        if ty[at..].starts_with('.') && !ty[at..].starts_with("...") {
            import(name);
        } else if (!out.ends_with('.') || out.ends_with("..."))
            && !is_predeclared(name)
            && !WORDS.contains(&name)
        {
            out.push_str(own);
            out.push('.');
        }
        out.push_str(name);
    }
    out + &ty[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_as_other_packages_write_them() {
        let of = |path: &str, name: &str| {
            let Signature { params, results, imports } = signature(path, name).expect("a function");
            (params.join("; "), results, imports.join(" "))
        };
        assert_eq!(of("io/ioutil", "ReadAll"), ("io.Reader".into(), 1 + 1, "io".into()));
        assert_eq!(of("os", "Exit"), ("int".into(), 0, String::new()));
        assert_eq!(of("fmt", "Sprintf"), ("string; ...any".into(), 1, String::new()));
        assert_eq!(of("bufio", "NewReadWriter").0, "*bufio.Reader; *bufio.Writer");
        assert_eq!(
            of("net/http", "HandleFunc").0,
            "string; func(http.ResponseWriter, *http.Request)"
        );
    }
}
