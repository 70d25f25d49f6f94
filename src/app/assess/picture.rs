//! The dependency picture. Comes in: packages, libraries, requirements. Goes out: boxes in columns
//! and lines between them, few enough to be looked at; as Mermaid for Markdown, and for the page
//! see `drawing`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::Requirement;
use super::subject::Subject;
use super::survey::Survey;
use crate::app::output::summary::many;

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// A module of the repository.
    Module,
    /// Packages of the repository that import the library.
    Packages,
    /// Modules of others that need the library: it comes through them.
    Through,
    /// A library as it is used now.
    Library,
    /// What takes its place.
    Target,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// The column.
    pub kind: NodeKind,
    /// An import path, or the beginning of several.
    pub label: String,
    /// A few words more.
    pub detail: String,
}

/// A line from one box to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edge {
    /// Index into the boxes.
    pub from: usize,
    /// Index into the boxes.
    pub to: usize,
    /// Whether it is dashed: an indirect requirement, or a move that is still to come.
    pub dashed: bool,
    /// A few words; may be empty.
    pub label: &'static str,
}

/// Boxes and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// The boxes, by column.
    pub nodes: Vec<Node>,
    /// The lines.
    pub edges: Vec<Edge>,
}

/// The most boxes of packages. More are put together by the folder above them.
const MAX_PACKAGES: usize = 12;

/// The most boxes of modules through which a library comes to one of the repository's.
const MAX_THROUGH: usize = 6;

impl Picture {
    /// The picture of who uses the library.
    pub fn of(survey: &Survey, subject: &Subject, requirements: &[Requirement]) -> Self {
        let mut picture = Self::default();
        let users: Vec<(usize, BTreeSet<&str>)> = users(survey, subject);
        let names = group_names(&users.iter().map(|(p, _)| survey_path(survey, *p)).collect());
        let mut groups: BTreeMap<&str, (usize, BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
        for (package, libraries) in &users {
            let name = names[survey_path(survey, *package)];
            let (count, modules, used) = groups.entry(name).or_default();
            *count += 1;
            used.extend(libraries);
            modules.extend(module_of(survey, *package, requirements));
        }
        for (name, (count, modules, libraries)) in groups {
            let detail = if count > 1 { many(count, "package") } else { String::new() };
            let group = picture.node(NodeKind::Packages, name, &detail);
            for module in modules {
                let module = picture.node(NodeKind::Module, module, "");
                picture.edge(module, group, false, "");
            }
            for library in libraries {
                let library = picture.library(library, subject, requirements);
                picture.edge(group, library, false, "");
            }
        }
        for required in requirements.iter().filter(|r| r.packages == 0) {
            let module = picture.node(NodeKind::Module, &required.module, "");
            let library = picture.library(&required.library, subject, requirements);
            picture.through(required, module, library);
        }
        for (from, to) in &subject.moves {
            let known = |n: &Node| n.kind == NodeKind::Library && n.label == *from;
            if let Some(from) = picture.nodes.iter().position(known) {
                let kind =
                    if picture.has_library(to) { NodeKind::Library } else { NodeKind::Target };
                let to = picture.node(kind, to, "");
                picture.edge(from, to, true, "becomes");
            }
        }
        picture.in_columns()
    }

    /// How a library comes to a module of which no package imports it.
    fn through(&mut self, required: &Requirement, module: usize, library: usize) {
        let label = if required.indirect { "indirect" } else { "required" };
        if required.through.is_empty() {
            self.edge(module, library, true, label);
        }
        let more = required.through.len().saturating_sub(MAX_THROUGH);
        for carrier in required.through.iter().take(MAX_THROUGH) {
            let carrier = self.node(NodeKind::Through, carrier, "");
            self.edge(module, carrier, false, "");
            self.edge(carrier, library, true, label);
        }
        if more > 0 {
            let rest = format!("{} more", many(more, "module"));
            let carrier = self.node(NodeKind::Through, &rest, &required.module);
            self.edge(module, carrier, false, "");
            self.edge(carrier, library, true, label);
        }
    }

    fn has_library(&self, path: &str) -> bool {
        self.nodes.iter().any(|n| n.kind == NodeKind::Library && n.label == path)
    }

    fn node(&mut self, kind: NodeKind, label: &str, detail: &str) -> usize {
        let known = self.nodes.iter().position(|n| n.kind == kind && n.label == label);
        known.unwrap_or_else(|| {
            self.nodes.push(Node { kind, label: label.to_string(), detail: detail.to_string() });
            self.nodes.len() - 1
        })
    }

    /// A library with the versions that are required of it.
    fn library(&mut self, path: &str, subject: &Subject, requirements: &[Requirement]) -> usize {
        let of = requirements.iter().filter(|r| subject.library_of(path) == Some(&r.library));
        let versions: BTreeSet<&str> = of.filter_map(|r| r.version.as_deref()).collect();
        let versions: Vec<&str> = versions.into_iter().collect();
        self.node(NodeKind::Library, path, &versions.join(", "))
    }

    fn edge(&mut self, from: usize, to: usize, dashed: bool, label: &'static str) {
        let edge = Edge { from, to, dashed, label };
        if from != to && !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }

    /// The same with the boxes sorted by column and label.
    fn in_columns(self) -> Self {
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by(|&a, &b| {
            let key = |n: usize| (self.nodes[n].kind, &self.nodes[n].label);
            key(a).cmp(&key(b))
        });
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        let moved = |e: Edge| Edge { from: place[e.from], to: place[e.to], ..e };
        let mut edges: Vec<Edge> = self.edges.into_iter().map(moved).collect();
        edges.sort();
        Self { nodes: order.iter().map(|&old| self.nodes[old].clone()).collect(), edges }
    }

    /// The picture in Mermaid's language.
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        for (nth, node) in self.nodes.iter().enumerate() {
            let label = quoted(&node.label);
            let detail = match node.detail.as_str() {
                "" => String::new(),
                detail => format!("<br/>{}", quoted(detail)),
            };
            let (open, close) = match node.kind {
                NodeKind::Module => ("([", "])"),
                NodeKind::Packages => ("[", "]"),
                NodeKind::Through => ("(", ")"),
                NodeKind::Library => ("[[", "]]"),
                NodeKind::Target => ("{{", "}}"),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  n{nth}{open}\"{label}{detail}\"{close}");
        }
        for edge in &self.edges {
            let line = match (edge.dashed, edge.label) {
                (false, _) => "-->".to_string(),
                (true, "") => "-.->".to_string(),
                (true, label) => format!("-. {label} .->"),
            };
            let _ = writeln!(out, "  n{} {line} n{}", edge.from, edge.to);
        }
        out
    }
}

/// Text between the quotes of a Mermaid label: nothing in it is markup.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '<' | '>' | '&' | '#' | '`' | '\\' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

fn survey_path(survey: &Survey, package: usize) -> &str {
    &survey.packages[package].path
}

/// The packages that import the library, with what they import of it.
fn users<'a>(survey: &Survey, subject: &'a Subject) -> Vec<(usize, BTreeSet<&'a str>)> {
    let all = survey.packages.iter().enumerate().map(|(nth, package)| {
        let imports = package.imports.iter().chain(&package.test_imports);
        (nth, imports.filter_map(|import| subject.library_of(import)).collect::<BTreeSet<_>>())
    });
    all.filter(|(_, libraries)| !libraries.is_empty()).collect()
}

fn module_of<'a>(
    survey: &Survey,
    package: usize,
    requirements: &'a [Requirement],
) -> Option<&'a str> {
    let go_mod = survey.packages[package].go_mod?;
    requirements.iter().find(|r| r.go_mod == go_mod).map(|r| r.module.as_str())
}

/// For each path the name of its box: itself, or a folder above it where there would be too many.
fn group_names<'p>(paths: &BTreeSet<&'p str>) -> BTreeMap<&'p str, &'p str> {
    let deepest = paths.iter().map(|p| p.split('/').count()).max().unwrap_or(0);
    let cut = |path: &'p str, depth: usize| {
        let end = path.match_indices('/').nth(depth - 1).map_or(path.len(), |(at, _)| at);
        &path[..end]
    };
    let fits = |depth: &usize| {
        paths.iter().map(|p| cut(p, *depth)).collect::<BTreeSet<_>>().len() <= MAX_PACKAGES
    };
    let depth = (1..=deepest).rev().find(fits).unwrap_or(1);
    paths.iter().map(|path| (*path, cut(path, depth))).collect()
}
