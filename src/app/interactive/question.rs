//! A question as it is shown. Comes in: a site. Goes out: its rule and its reason, once; its shape
//! and how many there are of it, once; the change itself; what can be answered.

use std::io::{Result, Write};

use crate::app::output::summary::{many, shown};
use crate::app::report::example::{DiffLine, example};
use crate::app::run::RunResult;
use crate::app::shapes::{ShapeGroup, Shapes, SiteId};
use crate::engine::fix::Site;
use crate::rule::compiled::RuleSet;
use crate::text::LineIndex;

/// What all questions are made of.
pub(super) struct Question<'a> {
    pub(super) result: &'a RunResult,
    pub(super) rules: &'a RuleSet,
    pub(super) shapes: &'a Shapes,
    pub(super) color: bool,
}

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

impl Question<'_> {
    /// Shows a site, and of its rule and shape what `before` has not shown.
    pub(super) fn show(
        &self,
        id: SiteId,
        before: Option<SiteId>,
        err: &mut dyn Write,
    ) -> Result<()> {
        let site = self.site(id);
        let shape = self.shapes.of_site(id);
        writeln!(err)?;
        if before.is_none_or(|b| self.site(b).rule != site.rule) {
            self.rule(site.rule, err)?;
        }
        if let Some(at) = shape
            && before.is_none_or(|b| self.shapes.of_site(b) != shape)
        {
            write_shape(&self.shapes.all()[at], err)?;
        }
        self.colored(BOLD, &self.place(id), err)?;
        let file = &self.result.files[id.file];
        for DiffLine { sign, text, .. } in
            example(file, &LineIndex::new(&file.text), site.span).diff
        {
            let color = match sign {
                "-" => RED,
                "+" => GREEN,
                _ => "",
            };
            self.colored(color, &format!("{sign}{}", code(&text)), err)?;
        }
        Ok(())
    }

    /// Asks.
    pub(super) fn prompt(&self, number: usize, of: usize, err: &mut dyn Write) -> Result<()> {
        let (bold, plain) = if self.color { (BOLD, PLAIN) } else { ("", "") };
        write!(err, "{bold}({number}/{of}) change this place [y,n,a,d,e,u,q,?]?{plain} ")
    }

    /// Where a site is, and whose it is.
    pub(super) fn place(&self, id: SiteId) -> String {
        let file = &self.result.files[id.file];
        let site = self.site(id);
        let at = LineIndex::new(&file.text).line_col(site.span.start);
        let path = shown(&file.path.display().to_string());
        format!("{path}:{}:{} {}", at.line, at.column, self.rules.rules[site.rule].id)
    }

    fn site(&self, id: SiteId) -> &Site {
        &self.result.files[id.file].outcome.sites[id.site]
    }

    fn rule(&self, rule: usize, err: &mut dyn Write) -> Result<()> {
        let rule = &self.rules.rules[rule];
        let pack = &self.rules.packs[rule.pack].name;
        let title = if rule.title.is_empty() { String::new() } else { format!(": {}", rule.title) };
        self.colored(BOLD, &shown(&format!("{pack}/{}{title}", rule.id)), err)?;
        rule.why.trim().lines().try_for_each(|line| writeln!(err, "  {}", code(line)))
    }

    fn colored(&self, color: &str, text: &str, err: &mut dyn Write) -> Result<()> {
        if self.color && !color.is_empty() {
            writeln!(err, "{color}{text}{PLAIN}")
        } else {
            writeln!(err, "{text}")
        }
    }
}

/// Shows a shape.
fn write_shape(group: &ShapeGroup, err: &mut dyn Write) -> Result<()> {
    let rare = if group.is_outlier { ", an outlier" } else { "" };
    writeln!(err, "shape with {}{rare}:", many(group.sites.len(), "site"))?;
    for (sign, text) in [("-", &group.shape.before), ("+", &group.shape.after)] {
        text.lines().try_for_each(|line| writeln!(err, "  {sign} {}", code(line)))?;
    }
    let kinds = &group.shape.kinds;
    let kinds: Vec<String> = kinds.iter().map(|(name, kind)| format!("${name}: {kind}")).collect();
    if !kinds.is_empty() {
        writeln!(err, "  {}", kinds.join(", "))?;
    }
    Ok(())
}

/// A line of code; its tabs stay.
fn code(line: &str) -> String {
    line.split('\t').map(shown).collect::<Vec<_>>().join("\t")
}
