//! Conditions on what stands around a match or inside of it: `inside`, `in-function`, `in-file`,
//! `contains`. Comes in: a pattern and a place. Goes out: what it binds, where it matches; the
//! innermost code around the place counts first, of code inside of it what begins first.

use super::bindings::Bindings;
use super::conditions::Site;
use super::matcher::Matcher;
use super::search::{begins_like, run_span};
use crate::go::source::Part;
use crate::go::syntax::Node;
use crate::rule::pattern::{Context, Pattern};
use crate::text::Span;

/// Matches the pattern around the match `whole` that begins at `node`. Code that is no larger than
/// the match is not around it. Where the pattern says in which of its parts the match has to lie, it
/// does.
pub fn around(
    site: Site<'_, '_>,
    pattern: &Pattern,
    node: Node<'_>,
    whole: Span,
    bindings: &Bindings,
) -> Option<Bindings> {
    let says = |start: Node<'_>| {
        let mut tried = bindings.clone();
        let count = site.matcher().run(pattern, start, &mut tried).ok()?;
        let span = run_span(start, count);
        let mut holds = count > 0 && span.contains(whole) && span != whole;
        if let Some(part) = pattern.part_of_match() {
            holds &= tried.get(part).is_some_and(|capture| capture.span.contains(whole));
            tried.release(part);
        }
        holds.then_some(tried)
    };
    std::iter::once(node).chain(node.ancestors()).find_map(|holder| {
        let in_list = holder.parent().is_some_and(|p| p.kind().holds_statements());
        if pattern.context() == Context::Statements && in_list {
            // The nearest run that holds the match may begin before it.
            let siblings: Vec<Node<'_>> =
                holder.parent().into_iter().flat_map(Node::children).collect();
            let before = |n: &&Node<'_>| n.span().start <= holder.span().start;
            siblings.iter().rev().filter(before).find_map(|start| says(*start))
        } else {
            says(holder)
        }
    })
}

/// Matches the pattern on the innermost function declaration or literal around `node`, or on
/// anything in it.
pub fn in_function(
    site: Site<'_, '_>,
    pattern: &Pattern,
    node: Node<'_>,
    bindings: &Bindings,
) -> Option<Bindings> {
    within(site, pattern, node.function()?, bindings)
}

/// Matches the pattern on `root` or on anything in it.
pub fn within(
    site: Site<'_, '_>,
    pattern: &Pattern,
    root: Node<'_>,
    bindings: &Bindings,
) -> Option<Bindings> {
    first_in(site.matcher(), pattern, root.subtree(), bindings)
}

/// Whether the pattern matches anywhere in the file of the site; names that are bound already stand
/// for the same code.
pub fn in_file(site: Site<'_, '_>, pattern: &Pattern, bindings: &Bindings) -> bool {
    let file = site.names.file();
    let holds_words = |span: Span| {
        let text = span.of(file.text()).as_bytes();
        pattern.words().all(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
    };
    file.code_decls().filter(|(_, decl)| holds_words(decl.span)).any(|(decl, _)| {
        let part: &Part = file.part(decl);
        let matcher = Matcher::new(site.names, part, site.rules).beside(bindings, site.part);
        first_in(matcher, pattern, part.syntax().iter(), &Bindings::default()).is_some()
    })
}

fn first_in<'s>(
    mut matcher: Matcher<'_, '_>,
    pattern: &Pattern,
    nodes: impl Iterator<Item = Node<'s>>,
    bindings: &Bindings,
) -> Option<Bindings> {
    nodes.filter(|node| begins_like(pattern, *node)).find_map(|node| {
        let mut tried = bindings.clone();
        let count = matcher.run(pattern, node, &mut tried).ok()?;
        (count > 0).then_some(tried)
    })
}
