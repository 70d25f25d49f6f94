//! Generated go.mod files, and changes to them.

use dmmigrate::go::module::{Change, IfAbsent, ModFile};
use dmmigrate::go::version::Version;
use proptest::prelude::*;

/// Module paths of both kinds of major version, close together in their order.
pub const PATHS: [&str; 6] =
    ["a.org/a", "a.org/a-b", "a.org/a/v2", "b.org/b", "c.org/c/v3", "gopkg.in/d.v2"];

/// Version `minor` of the module, with the major version that its path asks for.
pub fn version_of(path: &str, minor: u8) -> Version {
    let major = path.rsplit(['/', '.']).next().and_then(|last| last.strip_prefix('v'));
    format!("v{}.{minor}.0", major.unwrap_or("1")).parse().expect("a version")
}

/// How a file is laid out beyond its lines.
#[expect(clippy::struct_excessive_bools, reason = "independent traits of a generated file")]
#[derive(Clone, Debug)]
pub struct Layout {
    pub sorted: bool,
    pub crlf: bool,
    pub byte_order_mark: bool,
    pub final_newline: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "independent traits of a generated line")]
#[derive(Clone, Debug)]
struct Entry {
    path: usize,
    minor: u8,
    indirect: bool,
    above: bool,
    beside: bool,
    blank_before: bool,
}

#[derive(Clone, Debug)]
struct Group {
    verb: &'static str,
    block: bool,
    heading: bool,
    entries: Vec<Entry>,
}

/// A valid go.mod.
pub fn go_mod() -> impl Strategy<Value = (String, Layout)> {
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.1), any::<bool>());
    let layout = flags.prop_map(|(sorted, crlf, byte_order_mark, final_newline)| Layout {
        sorted,
        crlf,
        byte_order_mark,
        final_newline,
    });
    (prop::collection::vec(group(), 0..5), layout)
        .prop_map(|(groups, layout)| (render(groups, &layout), layout))
}

fn group() -> impl Strategy<Value = Group> {
    let verb = prop_oneof![
        4 => Just("require"),
        1 => Just("replace"),
        1 => Just("exclude"),
        1 => Just("tool"),
    ];
    (
        verb,
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.2),
        prop::collection::vec(entry(), 1..5),
    )
        .prop_map(|(verb, block, heading, entries)| Group { verb, block, heading, entries })
}

fn entry() -> impl Strategy<Value = Entry> {
    let often = || prop::bool::weighted(0.4);
    let rarely = || prop::bool::weighted(0.15);
    (0..PATHS.len(), 0u8..4, often(), rarely(), rarely(), rarely()).prop_map(
        |(path, minor, indirect, above, beside, blank_before)| Entry {
            path,
            minor,
            indirect,
            above,
            beside,
            blank_before,
        },
    )
}

fn render(mut groups: Vec<Group>, layout: &Layout) -> String {
    let mut lines = vec!["module example.com/m".to_owned(), String::new(), "go 1.21".to_owned()];
    let mut comments = 0;
    let mut comment = |what: &str| {
        comments += 1;
        format!("// {what} {comments}")
    };
    let mut seen = std::collections::BTreeSet::new();
    for group in &mut groups {
        let verb = group.verb;
        // Replacements of one module would exclude each other.
        group.entries.retain(|e| verb == "require" || seen.insert((verb, e.path, key(verb, e))));
        if layout.sorted {
            group.entries.sort_by_key(|e| (PATHS[e.path], e.minor));
        }
        if group.entries.is_empty() {
            continue;
        }
        lines.push(String::new());
        if group.heading {
            lines.push(comment("heading"));
        }
        if group.block {
            lines.push(format!("{verb} ("));
        }
        for (at, entry) in group.entries.iter().enumerate() {
            let (indent, prefix) =
                if group.block { ("\t", String::new()) } else { ("", format!("{verb} ")) };
            if at > 0 && (entry.blank_before || (!group.block && entry.above)) {
                lines.push(String::new());
            }
            if entry.above {
                lines.push(format!("{indent}{}", comment("above")));
            }
            let mut line = format!("{indent}{prefix}{}", directive(verb, entry));
            match (verb == "require" && entry.indirect, entry.beside) {
                (true, true) => line += &comment("").replacen("// ", " // indirect; beside", 1),
                (true, false) => line += " // indirect",
                (false, true) => line.extend([" ", &comment("beside")]),
                (false, false) => {}
            }
            lines.push(line);
        }
        if group.block {
            lines.push(")".to_owned());
        }
    }
    let line_end = if layout.crlf { "\r\n" } else { "\n" };
    let mut text = lines.join(line_end);
    if layout.final_newline {
        text += line_end;
    }
    if layout.byte_order_mark { format!("\u{feff}{text}") } else { text }
}

/// What makes a line the same as another one.
fn key(verb: &str, entry: &Entry) -> u8 {
    if verb == "exclude" { entry.minor } else { 0 }
}

fn directive(verb: &str, entry: &Entry) -> String {
    let path = PATHS[entry.path];
    match verb {
        "replace" if entry.minor == 0 => format!("{path} => ../local"),
        "replace" => format!("{path} => fork.org/f v1.{}.0", entry.minor),
        "tool" => format!("{path}/cmd"),
        _ => format!("{path} {}", version_of(path, entry.minor)),
    }
}

/// A change to a file.
#[derive(Clone, Debug)]
pub enum Operation {
    Require { path: &'static str, minor: u8 },
    Move { old: &'static str, new: &'static str, minor: u8 },
    Drop { path: &'static str },
}

impl Operation {
    pub fn change(&self, text: &str) -> Change {
        let file = ModFile::parse(text);
        match *self {
            Self::Require { path, minor } => {
                file.require(path, &version_of(path, minor), IfAbsent::Add, None)
            }
            Self::Move { old, new, minor } => file.move_module(old, new, &version_of(new, minor)),
            Self::Drop { path } => file.drop(path),
        }
    }

    /// The paths that the operation is about.
    pub fn paths(&self) -> Vec<&'static str> {
        match *self {
            Self::Require { path, .. } | Self::Drop { path } => vec![path],
            Self::Move { old, new, .. } => vec![old, new],
        }
    }
}

pub fn operation() -> impl Strategy<Value = Operation> {
    let path = || prop::sample::select(&PATHS[..]);
    prop_oneof![
        (path(), 0u8..6).prop_map(|(path, minor)| Operation::Require { path, minor }),
        (path(), path(), 0u8..6).prop_map(|(old, new, minor)| Operation::Move { old, new, minor }),
        path().prop_map(|path| Operation::Drop { path }),
    ]
}
