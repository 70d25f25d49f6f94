//! YAML as a tree of nodes with places.
//!
//! Comes in: a text. Goes out: its one document as nodes, and what is not YAML in it. Aliases are
//! never expanded and nesting is limited, so the tree is never larger than the text. After a
//! mistake in one value the rest is still read.

use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle, ScanError, StructureStyle};

use super::syntax;
use crate::text::{Code, Diagnostic, FileId, Span};

/// How deep maps and lists may be nested. Rules need five levels.
const MAX_DEPTH: usize = 32;
/// How many broken values of one file are reported before it is given up.
const MAX_REPAIRS: usize = 20;

/// A YAML value.
#[derive(Debug)]
pub(super) struct Node {
    /// From the anchor, the tag or the value's first byte to its last.
    pub span: Span,
    /// An anchor (`&x`) or a tag (`!x`) before the value.
    pub prefix: Option<Span>,
    /// What it is.
    pub value: Value,
}

/// What a [`Node`] holds.
#[derive(Debug)]
pub(super) enum Value {
    /// Text, numbers and the like; all are text here.
    Scalar(String, ScalarStyle),
    /// A list.
    Seq(Collection<Node>),
    /// A map, its entries as written, doubled keys included.
    Map(Collection<(Node, Node)>),
    /// `*x`.
    Alias,
    /// Reported already; nothing more is to be said about it.
    Broken,
}

/// The items of a list or a map.
#[derive(Debug)]
pub(super) struct Collection<T> {
    pub items: Vec<T>,
    /// Written in brackets.
    pub flow: bool,
    /// Read to its end. Where YAML gave up inside, what is missing is not known.
    pub complete: bool,
}

impl Node {
    /// Whether YAML reads the node as "no value".
    pub fn is_null(&self) -> bool {
        self.prefix.is_none()
            && matches!(&self.value, Value::Scalar(text, ScalarStyle::Plain)
                if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is a map with this key.
    pub fn has_key(&self, key: &str) -> bool {
        let is_key = |node: &Node| matches!(&node.value, Value::Scalar(text, _) if text == key);
        matches!(&self.value, Value::Map(map) if map.items.iter().any(|(node, _)| is_key(node)))
    }
}

/// The document of `text`; `None` where it is empty or nothing of it could be read.
pub(super) fn parse(file: FileId, text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut broken: Vec<Span> = Vec::new();
    let mut mended = text.to_owned();
    loop {
        let (events, error) = events(&mended);
        let complete = error.is_none();
        let problem = error.map(|error| syntax::explain(file, text, &error, &events));
        let repair = problem.as_ref().and_then(|p| p.repair);
        diagnostics.extend(problem.map(|p| p.diagnostic));
        match repair {
            Some(span) if broken.len() < MAX_REPAIRS && !broken.contains(&span) => {
                drop(events);
                // As many bytes of something harmless: all other offsets stay true.
                mended.replace_range(span.range(), &"x".repeat(span.len()));
                broken.push(span);
            }
            _ => {
                let builder = Builder { text, broken: &broken, open: Vec::new(), root: None };
                diagnostics.extend(second_document(file, text, &events));
                return (builder.run(events, complete), diagnostics);
            }
        }
    }
}

fn second_document(file: FileId, text: &str, events: &Events) -> Option<Diagnostic> {
    let starts = events.iter().filter(|(event, _)| matches!(event, Event::DocumentStart(..)));
    let (_, span) = starts.clone().nth(1)?;
    let message = "the file holds more than one YAML document";
    Some(
        Diagnostic::error(Code::YamlSyntax, message)
            .at(file, bytes(text, *span), "a second one begins here")
            .help("put what follows into a file of its own"),
    )
}

type Events<'t> = Vec<(Event<'t>, granit_parser::Span)>;

fn events(text: &str) -> (Events<'_>, Option<ScanError>) {
    let options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut events = Vec::new();
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok(event) => events.push(event),
            Err(error) => return (events, Some(error)),
        }
    }
    (events, None)
}

/// The bytes of a parser's span, within `text`.
pub(super) fn bytes(text: &str, span: granit_parser::Span) -> Span {
    let start = span.start.byte_offset().unwrap_or(0).min(text.len());
    let end = span.end.byte_offset().unwrap_or(start).min(text.len());
    Span::new(start, end.max(start))
}

/// Builds nodes from events.
struct Builder<'a> {
    text: &'a str,
    broken: &'a [Span],
    open: Vec<Open>,
    root: Option<Node>,
}

/// A list or a map whose end has not come yet.
struct Open {
    /// From the first byte of the prefix or the value to the last byte seen.
    span: Span,
    prefix: Option<Span>,
    flow: bool,
    items: Items,
}

enum Items {
    Seq(Vec<Node>),
    Map { entries: Vec<(Node, Node)>, key: Option<Node> },
}

impl Builder<'_> {
    /// The first document. `complete`: the events go to the end of the text.
    fn run(mut self, events: Events, complete: bool) -> Option<Node> {
        let count = events.len();
        let is_end =
            |(event, _): &&(Event, _)| matches!(event, Event::SequenceEnd | Event::MappingEnd);
        let ends_before_error = events.iter().rev().take_while(is_end).count();
        let mut events = events.into_iter().enumerate().peekable();
        while let Some((index, (event, at))) = events.next() {
            let anchor = events.next_if(|(_, (event, _))| matches!(event, Event::Anchor(..)));
            let anchor = anchor.map(|(_, (_, span))| bytes(self.text, span));
            let tag = at.tag_span().map(|span| bytes(self.text, span));
            let prefix = match (anchor, tag) {
                (Some(anchor), Some(tag)) => Some(anchor.cover(tag)),
                (anchor, tag) => anchor.or(tag),
            };
            let span = bytes(self.text, at);
            match event {
                // Where YAML gave up, the value before may have swallowed what comes after.
                Event::Scalar(..) if !complete && index + 1 == count => {
                    self.attach(Node { span, prefix: None, value: Value::Broken });
                }
                Event::Scalar(value, style, ..) => {
                    let span = self.scalar_span(span, style);
                    let value = Value::Scalar(value.into_owned(), style);
                    self.attach(with_prefix(prefix, span, value));
                }
                Event::Alias(_) | Event::UnresolvedAlias(_) => {
                    self.attach(with_prefix(prefix, span, Value::Alias));
                }
                Event::SequenceStart(style, ..) => {
                    self.start(prefix, span, style, Items::Seq(Vec::new()));
                }
                Event::MappingStart(style, ..) => {
                    let items = Items::Map { entries: Vec::new(), key: None };
                    self.start(prefix, span, style, items);
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let cut_short = !complete && index + ends_before_error >= count;
                    self.end(Some(span), !cut_short);
                }
                Event::DocumentEnd => return self.root,
                _ => {}
            }
        }
        while !self.open.is_empty() {
            self.end(None, false);
        }
        self.root
    }

    /// Block scalars end, for a person, with their last line that says something.
    fn scalar_span(&self, span: Span, style: ScalarStyle) -> Span {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                Span::new(span.start, span.start + span.of(self.text).trim_end().len())
            }
            _ => span,
        }
    }

    fn start(&mut self, prefix: Option<Span>, span: Span, style: StructureStyle, items: Items) {
        let span = prefix.map_or(span, |prefix| prefix.cover(span));
        self.open.push(Open { span, prefix, flow: style == StructureStyle::Flow, items });
    }

    /// Ends the innermost list or map. `at`: its closing bracket, or where a block was over.
    fn end(&mut self, at: Option<Span>, complete: bool) {
        let Some(Open { mut span, prefix, flow, items }) = self.open.pop() else { return };
        if let Some(at) = at.filter(|_| flow) {
            span = span.cover(at);
        }
        let value = match items {
            Items::Seq(items) => Value::Seq(Collection { items, flow, complete }),
            Items::Map { mut entries, key } => {
                entries.extend(key.map(|key| {
                    let span = Span::at(key.span.end);
                    (key, Node { span, prefix: None, value: Value::Broken })
                }));
                Value::Map(Collection { items: entries, flow, complete })
            }
        };
        self.attach(Node { span, prefix, value });
    }

    fn attach(&mut self, mut node: Node) {
        if !matches!(node.value, Value::Seq(_) | Value::Map(_)) {
            for span in self.broken {
                if span.overlaps(node.span) {
                    let span = span.cover(node.span);
                    node = Node { span, prefix: None, value: Value::Broken };
                }
            }
        }
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        open.span = open.span.cover(node.span);
        match &mut open.items {
            Items::Seq(items) => items.push(node),
            Items::Map { entries, key } => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(node),
            },
        }
    }
}

fn with_prefix(prefix: Option<Span>, span: Span, value: Value) -> Node {
    Node { span: prefix.map_or(span, |prefix| prefix.cover(span)), prefix, value }
}
