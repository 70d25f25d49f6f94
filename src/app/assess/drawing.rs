//! The dependency picture, drawn. Comes in: boxes and lines. Goes out: an SVG that stands in the
//! page, has its colours from there, and needs no script.

use std::fmt::Write as _;

use super::picture::{Edge, Node, NodeKind, Picture};
use crate::app::report::markup::escape;

/// The size of a box, and the space between boxes, in pixels.
const WIDTH: usize = 252;
const HEIGHT: usize = 46;
const GAP: usize = 14;
const COLUMN_GAP: usize = 64;
/// Above the boxes: the columns' titles.
const TOP: usize = 30;
/// As many characters fit into a box.
const CHARACTERS: usize = 31;

const COLUMNS: [(NodeKind, &str); 5] = [
    (NodeKind::Module, "modules"),
    (NodeKind::Packages, "packages"),
    (NodeKind::Through, "through other modules"),
    (NodeKind::Library, "library now"),
    (NodeKind::Target, "afterwards"),
];

/// Where a box stands.
#[derive(Clone, Copy, Debug, Default)]
struct Corner {
    x: usize,
    y: usize,
}

/// The picture as SVG.
pub fn svg(picture: &Picture) -> String {
    let columns: Vec<(&str, Vec<usize>)> = COLUMNS
        .iter()
        .map(|(kind, title)| {
            let of_kind = |n: &usize| picture.nodes[*n].kind == *kind;
            (*title, (0..picture.nodes.len()).filter(of_kind).collect::<Vec<_>>())
        })
        .filter(|(_, nodes)| !nodes.is_empty())
        .collect();
    let tallest = columns.iter().map(|(_, nodes)| nodes.len()).max().unwrap_or(0);
    let inner = tallest * (HEIGHT + GAP);
    let (width, height) =
        ((columns.len() * (WIDTH + COLUMN_GAP)).saturating_sub(COLUMN_GAP) + 2, TOP + inner);
    let mut corners = vec![Corner::default(); picture.nodes.len()];
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<svg class=\"picture\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} \
         {height}\" role=\"img\" aria-label=\"{}\">",
        escape(&spoken(picture))
    );
    out.push_str(
        "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>",
    );
    for (nth, (title, nodes)) in columns.iter().enumerate() {
        let x = nth * (WIDTH + COLUMN_GAP) + 1;
        let _ = write!(out, "<text class=\"column\" x=\"{x}\" y=\"14\">{title}</text>");
        let above = (inner - nodes.len() * (HEIGHT + GAP)) / 2;
        for (row, &node) in nodes.iter().enumerate() {
            corners[node] = Corner { x, y: TOP + above + row * (HEIGHT + GAP) };
        }
    }
    for edge in &picture.edges {
        line(&mut out, edge, corners[edge.from], corners[edge.to]);
    }
    for (node, corner) in picture.nodes.iter().zip(&corners) {
        boxed(&mut out, node, *corner);
    }
    out.push_str("</svg>");
    out
}

fn line(out: &mut String, edge: &Edge, from: Corner, to: Corner) {
    let class = if edge.dashed { " class=\"dashed\"" } else { "" };
    let middle = HEIGHT / 2;
    if from.x == to.x {
        // Both in one column: around the right side.
        let (x, y1, y2) = (from.x + WIDTH, from.y + middle, to.y + middle);
        let out_x = x + COLUMN_GAP / 2;
        let _ = write!(
            out,
            "<path{class} d=\"M{x} {y1} C{out_x} {y1} {out_x} {y2} {x} {y2}\" \
             marker-end=\"url(#tip)\"/>"
        );
    } else {
        let (x1, y1, x2, y2) = (from.x + WIDTH, from.y + middle, to.x, to.y + middle);
        let bend = x1 + (x2.saturating_sub(x1)) / 2;
        let _ = write!(
            out,
            "<path{class} d=\"M{x1} {y1} C{bend} {y1} {bend} {y2} {x2} {y2}\" \
             marker-end=\"url(#tip)\"/>"
        );
    }
    if !edge.label.is_empty() {
        let x = (from.x + WIDTH).midpoint(to.x.max(from.x + WIDTH + COLUMN_GAP / 2));
        let y = from.y.midpoint(to.y) + middle - 6;
        let label = escape(edge.label);
        let _ = write!(out, "<text class=\"label\" x=\"{x}\" y=\"{y}\">{label}</text>");
    }
}

fn boxed(out: &mut String, node: &Node, Corner { x, y }: Corner) {
    let kind = match node.kind {
        NodeKind::Module => "module",
        NodeKind::Packages => "packages",
        NodeKind::Through => "through",
        NodeKind::Library => "library",
        NodeKind::Target => "target",
    };
    let (inner_x, one) = (x + 12, node.detail.is_empty());
    let first = if one { y + HEIGHT / 2 + 4 } else { y + 20 };
    let _ = write!(
        out,
        "<g class=\"{kind}\"><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" rx=\"8\"/><text x=\"{inner_x}\" y=\"{first}\">{}</text>",
        escape(&format!("{} {}", node.label, node.detail)),
        escape(&shortened(&node.label)),
    );
    if !one {
        let (y, detail) = (y + 36, escape(&shortened(&node.detail)));
        let _ = write!(out, "<text class=\"detail\" x=\"{inner_x}\" y=\"{y}\">{detail}</text>");
    }
    out.push_str("</g>");
}

/// The end of a path says more than its beginning.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= CHARACTERS {
        return text.to_string();
    }
    let end: String = text.chars().skip(count - CHARACTERS + 1).collect();
    format!("…{end}")
}

/// The picture for somebody who does not see it.
fn spoken(picture: &Picture) -> String {
    let line = |edge: &Edge| {
        let verb = if edge.label.is_empty() { "uses" } else { edge.label };
        format!("{} {verb} {}", picture.nodes[edge.from].label, picture.nodes[edge.to].label)
    };
    let lines: Vec<String> = picture.edges.iter().map(line).collect();
    format!("Dependencies: {}", lines.join("; "))
}
