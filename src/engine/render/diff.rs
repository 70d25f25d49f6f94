//! Rules that are written as a diff: context stays what it is in the file. Comes in: the match, the
//! pattern and the template at this site as items. Goes out: the same with everything that is
//! context on both sides tied together, so that only what the diff marks is written.
//!
//! The match agrees with the pattern token by token, but for what patterns do not look at:
//! parentheses, trailing commas, the quoting of strings, `any`. Such a difference inside context is
//! left alone.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::RangeInclusive;

use super::align::align;
use super::flattened::{BlockOnALine, blocks_on_a_line, flattened};
use super::items::{Key, Out, Source, SourceItem, TargetItem, source_items};
use crate::engine::search::Match;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::literal::unquote;
use crate::go::source::Part;
use crate::rule::compiled::Diff;
use crate::rule::metavariable::MetaId;
use crate::rule::template::Template;

/// What is written, and what stays.
pub(super) struct Anchored {
    pub(super) source: Source,
    pub(super) target: Vec<TargetItem>,
    pub(super) kept: Vec<(usize, usize)>,
}

/// What becomes of an item of the match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is a part of the context pair of that number.
    Context(usize),
    /// The diff says that it goes.
    Minus,
    /// The pattern does not say it.
    Unsaid,
}

/// Ties the context of the match and of the template together.
pub(super) fn anchor(
    found: &Match,
    part: &Part,
    template: &Template,
    diff: &Diff,
    before: &[TargetItem],
    target: Vec<TargetItem>,
) -> Anchored {
    let text = part.syntax().text();
    let captures = diff.before.captures().chain(template.captures());
    let mut source = source_items(found, part, captures);
    comments_of_removed(found, part, template, diff, &mut source);
    let before = spelled_out(before, found, part);
    let fates = fates(&source, &before, diff, text);
    let pairs = pairs(&fates, &target, diff);
    let (items, at_source) = joined_source(&source.items, &fates, &pairs);
    let (mut target, at_target) =
        joined_target(target, &pairs, diff, !found.span.of(text).contains('\n'));
    let anchors: Vec<(usize, usize)> = (0..diff.context.len())
        .filter_map(|pair| Some((*at_source.get(&pair)?, *at_target.get(&pair)?)))
        .collect();
    let mut kept = Vec::new();
    let (mut s, mut t) = (0, 0);
    for &(next_s, next_t) in anchors.iter().chain([&(items.len(), target.len())]) {
        let inside = hunk(&items[s..next_s], &target[t..next_t], text);
        kept.extend(inside.into_iter().map(|(i, j)| (s + i, t + j)));
        if next_s < items.len() && next_t < target.len() {
            kept.push((next_s, next_t));
        }
        (s, t) = (next_s + 1, next_t + 1);
    }
    let blocks = blocks_on_a_line(&items, &target, &kept, text);
    for brace in blocks.iter().flat_map(BlockOnALine::new_braces) {
        kept.retain(|(_, t)| *t != brace);
        if let Key::Token(text) = &target[brace].key {
            target[brace].out = Out::Text(text.clone());
        }
    }
    let target = flattened(&items, target, &kept, &blocks, text);
    Anchored { source: Source { items, ..source }, target, kept }
}

/// What of a hunk is kept. Where more lines come than go, what stands behind the last line that
/// goes, such as a comment, stays behind the line that takes its place.
fn hunk(source: &[SourceItem], target: &[TargetItem], text: &str) -> Vec<(usize, usize)> {
    let ends = |key: Option<&Key>| key == Some(&Key::Semicolon);
    let lines_of_source = source.iter().filter(|i| i.key == Key::Semicolon).count();
    let lines_of_target = target.iter().filter(|i| i.key == Key::Semicolon).count();
    let more = lines_of_target > lines_of_source
        && ends(source.last().map(|i| &i.key))
        && ends(target.last().map(|i| &i.key));
    align(source, &target[..target.len() - usize::from(more)], text)
}

/// Comments inside of captures that are not printed again are lost with them; those beside the match
/// may speak of a line that goes.
fn comments_of_removed(
    found: &Match,
    part: &Part,
    template: &Template,
    diff: &Diff,
    source: &mut Source,
) {
    let printed: Vec<MetaId> = template.captures().collect();
    let removed = diff.before.captures().filter(|id| !printed.contains(id));
    for capture in removed.filter_map(|id| found.bindings.get(id)) {
        let inside = part.syntax().comments().iter().filter(|c| capture.span.contains(**c));
        source.comments.extend(inside);
    }
    let text = part.syntax().text();
    let beside = part.syntax().comments().iter().filter(|c| {
        let behind = c.start >= found.span.end && !text[found.span.end..c.start].contains('\n');
        let above = c.end <= found.span.start && {
            let between = &text[c.end..found.span.start];
            between.trim().is_empty() && between.matches('\n').count() == 1
        };
        behind || above
    });
    source.comments.extend(beside);
    source.comments.sort_unstable();
    source.comments.dedup();
}

/// The pattern's items with a metavariable that stands there again as the tokens that it repeats:
/// the match has it as a capture only once.
fn spelled_out(before: &[TargetItem], found: &Match, part: &Part) -> Vec<TargetItem> {
    let mut seen: Vec<MetaId> = Vec::new();
    let mut out = Vec::new();
    for item in before {
        let again = match item.key {
            Key::Capture(id) if seen.contains(&id) => found.bindings.get(id),
            Key::Capture(id) => {
                seen.push(id);
                None
            }
            _ => None,
        };
        let Some(capture) = again else {
            out.push(item.clone());
            continue;
        };
        let code = capture.text(part.syntax());
        for token in Lexer::all(code).filter(|t| t.kind != TokenKind::Comment) {
            let key = match token.kind {
                TokenKind::Semicolon => Key::Semicolon,
                _ => Key::Token(token.span.of(code).to_owned()),
            };
            out.push(TargetItem { key, ..item.clone() });
        }
        if out.last().is_some_and(|i| i.key == Key::Semicolon) {
            out.pop();
        }
    }
    out
}

/// What becomes of each item of the match, by the token of the pattern that it is.
fn fates(source: &Source, before: &[TargetItem], diff: &Diff, text: &str) -> Vec<Fate> {
    let by_value = |key: &Key| match key {
        Key::Token(token) => match unquote(token) {
            Some(value) => Key::Token(format!("\"{value}")),
            None => key.clone(),
        },
        key => key.clone(),
    };
    let found: Vec<SourceItem> = source
        .items
        .iter()
        .map(|item| SourceItem {
            key: by_value(&item.key),
            span: item.span,
            depth: item.depth.clone(),
        })
        .collect();
    let wanted: Vec<TargetItem> =
        before.iter().map(|item| TargetItem { key: by_value(&item.key), ..item.clone() }).collect();
    let mut fates = vec![Fate::Unsaid; found.len()];
    for (s, b) in align(&found, &wanted, text) {
        let Some(token) = before[b].origin else { continue };
        let pair = diff.context.binary_search_by_key(&token, |(before, _)| *before);
        fates[s] = pair.map_or(Fate::Minus, Fate::Context);
    }
    // What nothing says goes with what it stands in.
    let said = |fate: &&Fate| **fate != Fate::Unsaid;
    for at in 0..fates.len() {
        if fates[at] != Fate::Unsaid {
            continue;
        }
        let is_minus = |fate: Option<&Fate>| fate == Some(&Fate::Minus);
        if is_minus(fates[..at].iter().rev().find(said)) && is_minus(fates[at..].iter().find(said))
        {
            fates[at] = Fate::Minus;
        }
    }
    fates
}

/// For each context pair that both sides have: its items of the match, and its key.
fn pairs(
    fates: &[Fate],
    target: &[TargetItem],
    diff: &Diff,
) -> HashMap<usize, (RangeInclusive<usize>, Option<Key>)> {
    let mut pairs: HashMap<usize, (RangeInclusive<usize>, Option<Key>)> = HashMap::new();
    for (at, fate) in fates.iter().enumerate() {
        if let Fate::Context(pair) = fate {
            let (range, _) = pairs.entry(*pair).or_insert((at..=at, None));
            *range = *range.start()..=at;
        }
    }
    for (pair, (_, key)) in &mut pairs {
        let token = diff.context[*pair].1;
        let mut keys = target.iter().filter(|i| i.origin == Some(token)).map(|i| &i.key);
        let first = keys.next();
        let capture = first.into_iter().chain(keys).find(|key| matches!(key, Key::Capture(_)));
        *key = capture.or(first).cloned();
    }
    pairs
}

/// The items of the match: those of one context pair are one, and what stays anyway is left out.
fn joined_source(
    items: &[SourceItem],
    fates: &[Fate],
    pairs: &HashMap<usize, (RangeInclusive<usize>, Option<Key>)>,
) -> (Vec<SourceItem>, HashMap<usize, usize>) {
    let mut out = Vec::new();
    let mut places = HashMap::new();
    let mut at = 0;
    while at < items.len() {
        match fates[at] {
            Fate::Minus => out.push(items[at].clone()),
            Fate::Unsaid => {}
            Fate::Context(pair) => {
                let (range, key) = &pairs[&pair];
                let span = items[*range.start()].span.cover(items[*range.end()].span);
                if let Some(key) = key {
                    places.insert(pair, out.len());
                    out.push(SourceItem { key: key.clone(), span, depth: None });
                }
                at = *range.end();
            }
        }
        at += 1;
    }
    (out, places)
}

/// The items of the template: those of one context pair are one, and context that the match does
/// not spell out is not printed.
fn joined_target(
    target: Vec<TargetItem>,
    pairs: &HashMap<usize, (RangeInclusive<usize>, Option<Key>)>,
    diff: &Diff,
    is_on_one_line: bool,
) -> (Vec<TargetItem>, HashMap<usize, usize>) {
    let pair_of: HashMap<usize, usize> =
        diff.context.iter().enumerate().map(|(pair, (_, token))| (*token, pair)).collect();
    let mut out: Vec<TargetItem> = Vec::new();
    let mut places = HashMap::new();
    let mut rest = target.into_iter().peekable();
    while let Some(item) = rest.next() {
        let pair = item.origin.and_then(|token| pair_of.get(&token)).copied();
        let Some(pair) = pair else {
            out.push(item);
            continue;
        };
        let Some((_, key)) = pairs.get(&pair) else {
            // The last comma of a list, or line end of a block on one line, which the match need not
            // have, with something new behind it.
            let is_new = |next: &TargetItem| {
                !next.key.closes() && next.origin.is_none_or(|token| !pair_of.contains_key(&token))
            };
            let ends = is_on_one_line && item.key == Key::Semicolon;
            let ends = ends && rest.peek().is_some_and(is_new);
            if item.key.is(",") || ends {
                out.push(item);
            }
            continue;
        };
        if let Entry::Vacant(place) = places.entry(pair) {
            place.insert(out.len());
            let key = key.clone().unwrap_or_else(|| item.key.clone());
            let out_as =
                if let Key::Capture(_) = key { item.out } else { Out::Text(String::new()) };
            out.push(TargetItem { key, out: out_as, optional: false, ..item });
        }
    }
    // Nothing ends behind the last item.
    let ends = |item: &TargetItem| item.key == Key::Semicolon;
    while out.last().is_some_and(ends) && !places.values().any(|&at| at + 1 == out.len()) {
        out.pop();
    }
    (out, places)
}
