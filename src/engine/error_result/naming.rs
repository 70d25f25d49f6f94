//! The names of a value and of its error. Comes in: what is called, and the statement. Goes out: a name
//! for the value; for the error `err` where that is a new variable, or one whose value nobody needs
//! any more, and another name otherwise.

use crate::engine::fresh::{Fresh, seen_from};
use crate::engine::names::FileNames;
use crate::engine::search::match_at;
use crate::go::scope::{NameUse, ObjectId, ObjectKind, Scopes};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::go::types::{Type, TypeAnswer};
use crate::rule::compiled::{Action, RuleSet};

/// What the error is called where nothing speaks against it.
pub(super) const ERR: &str = "err";

/// A variable for the error.
#[derive(Clone, Debug)]
pub(super) struct ErrVar {
    /// Its name.
    pub(super) name: String,
    /// The variable of that name that is there already, before the statement or behind it, and that
    /// it becomes.
    pub(super) taken_over: Option<ObjectId>,
    /// Whether that variable is one of the block of the statement, declared before it.
    pub(super) is_declared: bool,
}

/// The names at one statement.
pub(super) struct Naming<'a, 'n, 'r> {
    names: &'a FileNames<'n>,
    decl: usize,
    part: &'a Part,
    stmt: Node<'a>,
    rules: &'r RuleSet,
}

impl<'a, 'n, 'r> Naming<'a, 'n, 'r> {
    pub(super) fn new(
        names: &'a FileNames<'n>,
        decl: usize,
        stmt: Node<'a>,
        rules: &'r RuleSet,
    ) -> Self {
        let part = names.file().part(decl);
        Self { names, decl, part, stmt, rules }
    }

    /// What is free before the statement.
    pub(super) fn fresh(&self) -> Fresh<'a, 'n> {
        Fresh::new(self.names, self.part, seen_from(self.stmt))
    }

    /// A variable for the error that `:=` or `var` declares, or takes over. `beside` is what the
    /// value is called.
    pub(super) fn declared(&self, beside: &str, fresh: &mut Fresh<'_, '_>) -> ErrVar {
        let known = self.scopes().lookup(ERR, self.stmt.span().start);
        let found = match known {
            Some(id) if self.is_of_block(id) => self.is_over(id).then(|| ErrVar {
                taken_over: Some(id),
                is_declared: true,
                name: ERR.to_owned(),
            }),
            outer => self.shadowing(outer),
        };
        found.unwrap_or_else(|| other(beside, fresh))
    }

    /// A variable for the error that `=` can assign: one of the function whose value nobody needs.
    pub(super) fn assigned(&self) -> Option<ErrVar> {
        let id = self.scopes().lookup(ERR, self.stmt.span().start)?;
        let is_own = self.function() == self.ident(id).function();
        let is_declared = self.is_of_block(id);
        let is_over = if is_declared { self.is_over(id) } else { self.is_nil(id) };
        (is_own && self.is_error(id) && is_over).then(|| ErrVar {
            taken_over: Some(id),
            is_declared,
            name: ERR.to_owned(),
        })
    }

    /// `err` as a new variable of the block, where nothing behind the statement means the one
    /// around it, `outer`.
    fn shadowing(&self, outer: Option<ObjectId>) -> Option<ErrVar> {
        let scopes = self.scopes();
        let is_result = outer.is_some_and(|id| scopes.object(id).kind == ObjectKind::Result);
        if is_result && self.returns_without_values() {
            return None;
        }
        let mut later = None;
        for node in self.behind().filter(|n| n.kind() == Kind::Ident && n.text() == ERR) {
            match scopes.name_use(node.id()) {
                NameUse::Member | NameUse::Label(_) | NameUse::Blank => {}
                NameUse::Declares(id) | NameUse::Refers(id) | NameUse::Key(Some(id))
                    if Some(id) != outer =>
                {
                    if self.is_of_block(id) {
                        later = Some(id);
                    }
                }
                _ => return None,
            }
        }
        // One of the same block that is declared behind becomes the same variable.
        let joins = later.is_none_or(|id| self.is_declared_beside_another(id) && self.is_error(id));
        joins.then(|| ErrVar { name: ERR.to_owned(), taken_over: later, is_declared: false })
    }

    fn scopes(&self) -> &'a Scopes {
        self.part.scopes()
    }

    fn ident(&self, id: ObjectId) -> Node<'a> {
        self.part.syntax().node(self.scopes().object(id).ident)
    }

    /// The names and statements that would see a variable that is declared before the statement.
    fn behind(&self) -> impl Iterator<Item = Node<'a>> {
        let seen = seen_from(self.stmt);
        self.part.syntax().iter().filter(move |n| seen.contains(n.span()))
    }

    fn function(&self) -> Option<Node<'a>> {
        self.stmt.function()
    }

    /// Whether the variable is declared in the block of the statement; parameters and results are
    /// in that of the body.
    pub(super) fn is_of_block(&self, id: ObjectId) -> bool {
        let block = self.stmt.parent();
        let object = self.scopes().object(id);
        let ident = self.ident(id);
        if matches!(object.kind, ObjectKind::Param | ObjectKind::Result) {
            let function = ident.function();
            return function.and_then(|f| f.child(Role::Body)) == block && function.is_some();
        }
        let stmt = ident.ancestors().find(|a| a.parent() == block);
        let is_plain = |stmt: Node<'_>| matches!(stmt.kind(), Kind::Assign | Kind::DeclStmt);
        object.kind == ObjectKind::Var && stmt.is_some_and(is_plain)
    }

    fn is_error(&self, id: ObjectId) -> bool {
        let ident = self.ident(id);
        if let Some(types) = self.names.types()
            && let TypeAnswer::Known(ty) = types.type_of(self.decl, ident.id())
        {
            return is_error_type(&ty);
        }
        let written = ident.ancestors().find_map(|a| match a.kind() {
            Kind::Field | Kind::ValueSpec => a.child(Role::Type),
            _ => None,
        });
        let is_written =
            |ty: Node<'_>| ty.text() == "error" && self.names.is_predeclared(self.part, ty);
        written.map_or_else(|| self.is_gained(ident), is_written)
    }

    /// Whether the variable takes the error that a rule says a call gives.
    fn is_gained(&self, ident: Node<'a>) -> bool {
        let Some(targets) = ident.parent().filter(|list| list.role() == Role::Lhs) else {
            return false;
        };
        let values = targets.parent().and_then(|assign| assign.child(Role::Rhs));
        let Some(call) = values.and_then(|values| values.children().next()) else { return false };
        let is_last = targets.children().last() == Some(ident);
        let takers = targets.children().count();
        is_last
            && self.rules.rules.iter().any(|rule| {
                let Action::ErrorResult(action) = &rule.action else { return false };
                let call = call.unparenthesized();
                let place = (self.decl, self.part);
                let tried = match_at(&action.search, self.names, place, self.rules, call);
                takers == action.values + 1 && tried.is_ok_and(|(count, ..)| count > 0)
            })
    }

    /// Whether the variable, one of the block, is an error whose value nobody needs any more.
    fn is_over(&self, id: ObjectId) -> bool {
        self.is_error(id) && (self.is_nil(id) || self.is_overwritten(id))
    }

    fn mentions(&self, id: ObjectId) -> Vec<Node<'a>> {
        let nodes: Vec<Node<'a>> = self.part.syntax().iter().collect();
        self.scopes().mentions(id).filter_map(|index| nodes.get(index).copied()).collect()
    }

    /// Whether the variable is `nil` before the statement: it never had a value, or the last look
    /// at it left the function where it was not.
    fn is_nil(&self, id: ObjectId) -> bool {
        let start = self.stmt.span().start;
        let mentions = self.mentions(id);
        let ident = self.ident(id);
        let before = mentions.iter().rfind(|m| m.span().end <= start && **m != ident);
        let Some(before) = before else {
            let in_loop = |n: &Node<'_>| {
                matches!(n.kind(), Kind::For | Kind::Range) && n.span().start > ident.span().end
            };
            let begins_nil = self.scopes().object(id).kind == ObjectKind::Result
                || ident
                    .ancestors()
                    .any(|a| a.kind() == Kind::ValueSpec && a.child(Role::Value).is_none());
            return begins_nil && !self.stmt.ancestors().any(|a| in_loop(&a));
        };
        let test = before.ancestors().find(|a| a.parent() == self.stmt.parent());
        test.is_some_and(|test| {
            test.kind() == Kind::If
                && test.child(Role::Else).is_none()
                && test.child(Role::Init).is_none()
                && test.child(Role::Cond).is_some_and(|cond| asks_for_error(cond, &mentions))
                && test.child(Role::Body).is_some_and(leaves)
        })
    }

    /// Whether the next that happens to the variable is that it gets another value.
    fn is_overwritten(&self, id: ObjectId) -> bool {
        let stmt = self.stmt;
        let mentions = self.mentions(id);
        // A closure may look at it at any time.
        let in_closure = |m: &&Node<'_>| m.function() != self.function();
        if mentions.iter().any(|m| in_closure(&m) && *m != self.ident(id))
            || self.scopes().object(id).kind == ObjectKind::Result && self.returns_without_values()
        {
            return false;
        }
        let Some(next) = mentions.iter().find(|m| m.span().start >= stmt.span().start) else {
            return true;
        };
        let list = next.parent().filter(|list| list.role() == Role::Lhs);
        let Some(assign) = list.and_then(Node::parent) else { return false };
        let reads =
            assign.child(Role::Rhs).is_none_or(|rhs| mentions.iter().any(|m| rhs.holds(*m)));
        matches!(assign.op(), Op::Assign | Op::Define) && assign.parent() == stmt.parent() && !reads
    }

    /// Whether a `return` behind the statement leaves out what it gives.
    fn returns_without_values(&self) -> bool {
        let is_bare = |n: Node<'_>| {
            n.kind() == Kind::Return
                && n.child(Role::Value).is_none()
                && n.function() == self.function()
        };
        self.behind().any(is_bare)
    }

    /// Whether the `:=` that declares the variable declares another one as well, so that it still
    /// declares something where this one is there before.
    fn is_declared_beside_another(&self, id: ObjectId) -> bool {
        let ident = self.ident(id);
        let Some(list) = ident.parent().filter(|list| list.role() == Role::Lhs) else {
            return false;
        };
        let is_define = list.parent().is_some_and(|assign| assign.op() == Op::Define);
        let scopes = self.scopes();
        let is_new = |name: Node<'_>| match scopes.name_use(name.id()) {
            NameUse::Declares(other) => other != id && scopes.object(other).ident == name.id(),
            _ => false,
        };
        is_define && list.children().any(is_new)
    }
}

/// A name of its own, such as `clobErr`.
fn other(beside: &str, fresh: &mut Fresh<'_, '_>) -> ErrVar {
    let name = fresh.first_free(&[&format!("{beside}Err")]);
    ErrVar { name, taken_over: None, is_declared: false }
}

/// Whether the type is `error` itself.
pub(super) fn is_error_type(ty: &Type) -> bool {
    matches!(ty, Type::Named(named) if named.def.path.is_empty() && &*named.def.name == "error")
}

/// `err != nil`, of a variable that is mentioned there.
fn asks_for_error(cond: Node<'_>, mentions: &[Node<'_>]) -> bool {
    let cond = cond.unparenthesized();
    let side = |role| cond.child(role).map(Node::unparenthesized);
    let (Some(x), Some(y)) = (side(Role::X), side(Role::Y)) else { return false };
    cond.kind() == Kind::Binary
        && cond.op() == Op::Neq
        && (mentions.contains(&x) && y.text() == "nil"
            || mentions.contains(&y) && x.text() == "nil")
}

/// Whether control never passes the end of a block.
fn leaves(block: Node<'_>) -> bool {
    let Some(last) = block.children().last() else { return false };
    match last.kind() {
        Kind::Return => true,
        Kind::Branch => last.op() != Op::Fallthrough,
        Kind::ExprStmt => {
            let fun = last.children().next().and_then(|call| call.child(Role::Fun));
            fun.is_some_and(|fun| matches!(fun.text(), "panic" | "os.Exit"))
        }
        _ => false,
    }
}

/// What a value is called after the function that gives it: `clob` after `dm.NewClob`.
pub(super) fn after_function(call: Node<'_>) -> String {
    const MAKERS: [&str; 12] = [
        "New", "Make", "Must", "Create", "Open", "Build", "Parse", "Load", "Read", "Get", "Fetch",
        "To",
    ];
    let mut fun = call.child(Role::Fun).map_or(call, Node::unparenthesized);
    if fun.kind() == Kind::Index {
        fun = fun.child(Role::X).unwrap_or(fun);
    }
    let name = fun.child(Role::Sel).unwrap_or(fun).text();
    let rest = MAKERS.iter().find_map(|maker| {
        let lower = maker.to_lowercase();
        let rest = name.strip_prefix(maker).or_else(|| name.strip_prefix(lower.as_str()))?;
        rest.starts_with(char::is_uppercase).then_some(rest)
    });
    lower_camel(rest.unwrap_or(name))
}

/// `HTTPClient` as `httpClient`, `CLOB` as `clob`.
fn lower_camel(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let upper = chars.iter().take_while(|c| c.is_uppercase()).count();
    // The last capital of several begins the next word, if there is one.
    let lowered = match upper {
        0 | 1 => upper,
        _ if upper == chars.len() => upper,
        _ if chars[upper].is_lowercase() => upper - 1,
        _ => upper,
    };
    let head = chars[..lowered].iter().flat_map(|c| c.to_lowercase());
    head.chain(chars[lowered..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_small() {
        for (name, expected) in [
            ("Clob", "clob"),
            ("HTTPClient", "httpClient"),
            ("CLOB", "clob"),
            ("lower", "lower"),
            ("DBName", "dbName"),
            ("X", "x"),
            ("V2Client", "v2Client"),
        ] {
            assert_eq!(lower_camel(name), expected);
        }
    }
}
