//! Where a call stands. Comes in: a call. Goes out: the statement before which lines can be put that
//! run exactly once, just before the call would; or why there is none.

use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::text::layout::begins_line;

/// Where a call stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    /// The statement in a list that it is part of.
    pub(super) stmt: Node<'p>,
    /// What the call is to the statement.
    pub(super) form: Form<'p>,
}

/// What a call is to its statement.
#[derive(Clone, Copy)]
pub(super) enum Form<'p> {
    /// All of it.
    Alone,
    /// All that is assigned to these: with `:=`, or with `=`.
    Assigned(Node<'p>, Op),
    /// The value of the only variables of a `var`, of which these are the names.
    Declared(Node<'p>),
    /// A part of something.
    Inside,
}

/// Why a call stays as it is.
pub(super) enum Stays {
    /// The error is taken already.
    Done,
    /// A person has to look.
    Review(String),
}

fn review<T>(why: &str) -> Result<T, Stays> {
    Err(Stays::Review(why.to_owned()))
}

/// Where the call, which gave that many values before, stands.
pub(super) fn place<'p>(part: &'p Part, call: Node<'p>, values: usize) -> Result<Place<'p>, Stays> {
    let outer = call.parenthesized();
    let takers = takers(outer);
    if takers == Some(values + 1) {
        return Err(Stays::Done);
    }
    is_started(outer)?;
    let stmt = statement(outer)?;
    if !begins_line(part.syntax().text(), stmt.span().start) {
        return review("the statement shares its line: give it one of its own");
    }
    let form = form(outer, stmt).filter(|_| takers.is_none_or(|takers| takers == values));
    let form = form.unwrap_or(Form::Inside);
    if !matches!(form, Form::Alone) && is_jumped_over(stmt) {
        return review("a goto jumps over the place, and must not jump over new variables");
    }
    if values != 1 && matches!(form, Form::Inside) && !stands_for_several(outer) {
        return review(match values {
            0 => "the call stands where a value is wanted",
            _ => "its values do not go where they can be named one by one",
        });
    }
    Ok(Place { stmt, form })
}

/// How many variables take what an expression gives, if it is all that is assigned to them.
fn takers(outer: Node<'_>) -> Option<usize> {
    let list = outer.parent()?;
    let owner = list.parent()?;
    let targets = match (owner.kind(), list.role()) {
        (Kind::Assign, Role::Rhs) => Role::Lhs,
        (Kind::ValueSpec, Role::Value) => Role::Name,
        _ => return None,
    };
    let is_alone = list.children().nth(1).is_none();
    is_alone.then(|| owner.child(targets).map_or(0, |targets| targets.children().count()))
}

/// A call that `go` or `defer` starts gives nothing to anybody.
fn is_started(outer: Node<'_>) -> Result<(), Stays> {
    match outer.parent().map(Node::kind) {
        Some(Kind::Defer) => {
            review("the call is deferred: handle its error in a deferred function")
        }
        Some(Kind::Go) => {
            review("the call runs in a goroutine: handle its error in a function that is started")
        }
        _ => Ok(()),
    }
}

/// The statement in a list before which the call can be evaluated.
fn statement(outer: Node<'_>) -> Result<Node<'_>, Stays> {
    let mut inner = outer;
    for node in outer.ancestors() {
        if node.kind().holds_statements() {
            return Ok(inner);
        }
        passes(node, inner)?;
        inner = node;
    }
    review("it is evaluated when the program starts: assign the value in a function")
}

/// Whether what `inner`, a part of `node`, evaluates can be evaluated before `node`.
fn passes(node: Node<'_>, inner: Node<'_>) -> Result<(), Stays> {
    let has_init = || node.child(Role::Init).is_some();
    match (node.kind(), inner.role()) {
        (Kind::Binary, Role::Y) if matches!(node.op(), Op::LAnd | Op::LOr) => {
            let op = node.op().as_str();
            Err(Stays::Review(format!(
                "it is evaluated only if what stands before {op} lets it: make an if of that"
            )))
        }
        (Kind::For, Role::Cond | Role::Post) => {
            review("it is evaluated in every round of the loop: move it into the body")
        }
        (Kind::Range, Role::Lhs) => {
            review("it is evaluated in every round of the loop: assign in the body")
        }
        (Kind::If, _) if node.role() == Role::Else => {
            review("it is evaluated only if the conditions before do not hold: nest the else-if")
        }
        (Kind::If, Role::Cond) | (Kind::Switch | Kind::TypeSwitch, Role::Tag) if has_init() => {
            review("the statement before the semicolon runs first: move it to a line of its own")
        }
        (Kind::If | Kind::For | Kind::Switch | Kind::TypeSwitch, Role::Init)
            if inner.kind() == Kind::ExprStmt =>
        {
            review("the call stands before the semicolon: move it to a line of its own")
        }
        (Kind::CaseClause, Role::Value) => {
            review("it is evaluated only if no case before fits: compare before the switch")
        }
        (Kind::CommClause, Role::Comm) => {
            review("the call belongs to a case of a select: evaluate it before the select")
        }
        (Kind::Labeled, _) => review("the statement has a label: check the error before the label"),
        (Kind::Specs, _) if node.children().next().is_some_and(|first| first != inner) => {
            review("declarations before it in the group run first: take it out of the group")
        }
        _ => Ok(()),
    }
}

/// Whether a `goto` before the statement leads to a label behind it in the same block.
fn is_jumped_over(stmt: Node<'_>) -> bool {
    let function = stmt.function();
    let begin = stmt.span().start;
    let leads = |jump: Node<'_>| {
        let is_label = |s: &Node<'_>| {
            s.kind() == Kind::Labeled
                && s.span().start > begin
                && s.child(Role::Label).map(Node::text) == jump.child(Role::Label).map(Node::text)
        };
        stmt.parent().is_some_and(|block| block.children().any(|s| is_label(&s)))
    };
    let mut before = function.into_iter().flat_map(Node::subtree);
    before.any(|n| {
        n.kind() == Kind::Branch && n.op() == Op::Goto && n.span().end <= begin && leads(n)
    })
}

/// What the expression is to the statement, where it is more than a part.
fn form<'p>(outer: Node<'p>, stmt: Node<'p>) -> Option<Form<'p>> {
    let parent = outer.parent()?;
    let owner = parent.parent()?;
    match (parent.kind(), owner.kind()) {
        (Kind::ExprStmt, _) => (parent == stmt).then_some(Form::Alone),
        (Kind::ExprList, Kind::Assign) if owner == stmt => {
            let op = Some(owner.op()).filter(|op| matches!(op, Op::Define | Op::Assign))?;
            takers(outer)?;
            Some(Form::Assigned(owner.child(Role::Lhs)?, op))
        }
        (Kind::ExprList, Kind::ValueSpec) => {
            takers(outer)?;
            let has_type = owner.child(Role::Type).is_some();
            let is_grouped = owner.parent()?.span().end != owner.span().end;
            let names = owner.child(Role::Name)?;
            (!has_type && !is_grouped).then_some(Form::Declared(names))
        }
        _ => None,
    }
}

/// Whether an expression may give several values where it stands: as all arguments of a call, or as
/// all that is returned or assigned.
fn stands_for_several(outer: Node<'_>) -> bool {
    let Some(list) = outer.parent() else { return false };
    let is_alone = list.children().nth(1).is_none();
    let role = list.role();
    let passes = list.kind() == Kind::Args
        || list.kind() == Kind::ExprList && matches!(role, Role::Value | Role::Rhs);
    is_alone && passes
}
