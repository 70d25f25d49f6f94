//! Patterns written out as code. Comes in: a pattern, or a template in the form of one. Goes out: a
//! Go file in which every metavariable is a name of its own, to be searched as any other file, and
//! which metavariable a piece of it stands for.

use super::bindings::Capture;
use super::names::{ClauseName, PackageFacts};
use crate::go::import_path::guess_name;
use crate::go::source::{Part, SourceFile};
use crate::go::syntax::{Kind, Node};
use crate::rule::compiled::RuleSet;
use crate::rule::constraint::Test;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, PackageId, Pattern};

/// The metavariable that all of the capture stands for.
pub fn stand_in_of(capture: &Capture, part: &Part) -> Option<usize> {
    let [only] = capture.nodes.as_slice() else { return None };
    let node = part.syntax().node(*only);
    let name = node.text().strip_prefix(STAND_IN).filter(|_| node.kind() == Kind::Ident)?;
    name.parse().ok()
}

/// Whether what passes `first` passes `second`.
pub fn implies(first: &Test, second: &Test) -> bool {
    match (first, second) {
        (Test::Text(a), Test::Text(b)) | (Test::Value(a), Test::Value(b)) => {
            a.as_str() == b.as_str()
        }
        (Test::Kind(a), Test::Kind(b)) => a.iter().all(|sort| b.contains(sort)),
        _ => false,
    }
}

/// The names that stand for metavariables begin so; the index of the metavariable follows.
const STAND_IN: &str = "standIn__";

/// The pattern as a Go file. A template is one, too.
pub fn written_out(pattern: &Pattern, rules: &RuleSet) -> String {
    let syntax = pattern.first().syntax();
    let mut imports: Vec<(&str, PackageId)> = Vec::new();
    let mut body = String::new();
    let mut at = 0;
    let marked = pattern.nodes().flat_map(Node::subtree).filter(|n| n.kind() == Kind::Ident);
    for node in marked {
        let name = match pattern.atom(node) {
            Atom::One(id) | Atom::Many(id) => stand_in(id),
            Atom::Package(id) | Atom::PackageOrName(id) => {
                if !imports.contains(&(node.text(), id)) {
                    imports.push((node.text(), id));
                }
                continue;
            }
            Atom::Plain | Atom::Predeclared => continue,
        };
        body.push_str(&syntax.text()[at..node.span().start]);
        body.push_str(&name);
        at = node.span().end;
    }
    body.push_str(&syntax.text()[at..]);
    let spec = |(name, id): (&str, PackageId)| {
        let path = &rules.package(id).path;
        format!("import {name} {path:?}\n")
    };
    let imports: Vec<String> = imports.into_iter().map(spec).collect();
    format!("package p\n\n{}\n{body}", imports.concat())
}

fn stand_in(id: Option<MetaId>) -> String {
    id.map_or_else(|| format!("{STAND_IN}value"), |id| format!("{STAND_IN}{}", id.index()))
}

/// What is known about packages around the written-out file: nothing.
pub struct NothingElse;

impl PackageFacts for NothingElse {
    fn clause_name(&self, _folder: &str, path: &str) -> ClauseName {
        ClauseName { name: guess_name(path), certain: false }
    }

    fn declares(&self, _file: &SourceFile, _name: &str) -> bool {
        false
    }
}
