//! Reports: what a person reads to say yes to a patch. Comes in: a run and the rules. Goes out: the
//! same content as Markdown for a pull request, as one HTML page that needs no network, or as JSON:
//! each rule with its reason, each shape once with one example, the outliers, what needs a person
//! and why, what is left over, and who owns it.

pub mod content;
pub mod example;
pub mod markup;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Deserialize as _;

use self::content::{Content, content};
use self::markup::{diff_line, fence, inline, prose};
use super::assess::Assessment;
use super::assess::drawing::svg;
use super::assess::picture::Picture;
use super::run::RunResult;
use crate::rule::compiled::RuleSet;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For a pull request.
    Markdown,
    /// One page.
    Html,
    /// For programs.
    Json,
}

impl Form {
    /// The form that the extension of `file` asks for.
    ///
    /// # Errors
    /// It is none of the three.
    pub fn of(file: &Path) -> Result<Self> {
        match file.extension().and_then(|e| e.to_str()) {
            Some("md" | "markdown") => Ok(Form::Markdown),
            Some("html" | "htm") => Ok(Form::Html),
            Some("json") => Ok(Form::Json),
            _ => bail!(
                "cannot tell what kind of report {} is to be: name it .md, .html or .json",
                file.display()
            ),
        }
    }
}

/// Writes the reports that were asked for.
///
/// # Errors
/// As for [`write`].
pub fn write_all(
    root: &Path,
    result: &RunResult,
    rules: &RuleSet,
    files: &[PathBuf],
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let content = content(root, result, rules);
    files.iter().try_for_each(|file| write(&content, file))
}

/// Writes the reports that were asked for, with an assessment on the same page.
///
/// # Errors
/// As for [`write`].
pub fn write_assessed(
    root: &Path,
    result: &RunResult,
    rules: &RuleSet,
    assessment: &Assessment,
    files: &[PathBuf],
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let assessment = Some(assessment.clone());
    let content = Content { assessment, ..content(root, result, rules) };
    files.iter().try_for_each(|file| write(&content, file))
}

/// Writes the report to `file`.
///
/// # Errors
/// The extension is unknown, or the file cannot be written.
pub fn write(content: &Content, file: &Path) -> Result<()> {
    let text = render(content, Form::of(file)?)?;
    std::fs::write(file, text)
        .with_context(|| format!("cannot write the report {}", file.display()))
}

/// The text of a report.
///
/// # Errors
/// Never in practice: the templates are part of the program.
pub fn render(content: &Content, form: Form) -> Result<String> {
    let (name, template) = match form {
        Form::Json => return Ok(serde_json::to_string_pretty(content)? + "\n"),
        Form::Markdown => ("report.md", include_str!("report.md.j2")),
        Form::Html => ("report.html", include_str!("report.html.j2")),
    };
    let mut environment = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    let syntax = syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build()?);
    environment.set_auto_escape_callback(|name| {
        if name == "report.md" { AutoEscape::None } else { AutoEscape::Html }
    });
    environment.add_filter("thousands", |n: usize| super::output::summary::thousands(n));
    environment.add_filter("plural", |n: usize, word: &str| super::output::summary::many(n, word));
    environment.add_filter("decimals", |n: f64, digits: usize| format!("{n:.digits$}"));
    environment.add_filter("cell", |text: &str| inline(text));
    environment.add_filter("prose", |text: &str| Value::from_safe_string(prose(text)));
    environment.add_filter("fence", |text: &str| fence(text));
    environment.add_filter("diff_line", |line: Value| {
        let text = |key: &str| line.get_attr(key).map(|v| v.to_string()).unwrap_or_default();
        let change = line.get_attr("change").ok();
        let change = change.and_then(|c| <(usize, usize)>::deserialize(c).ok());
        Value::from_safe_string(diff_line(&text("sign"), &text("text"), change))
    });
    environment.add_template("report.css", include_str!("report.css"))?;
    environment.add_template("assessment.html", include_str!("assessment.html.j2"))?;
    environment.add_template(name, template)?;
    let page = environment.get_template(name)?;
    let picture = content.assessment.as_ref().map(|a| &a.picture);
    let drawn = picture.filter(|picture| !picture.edges.is_empty());
    let pictures = context! {
        mermaid => drawn.map(Picture::mermaid),
        svg => drawn.map(|picture| Value::from_safe_string(svg(picture))),
    };
    Ok(page.render(context! { ..pictures, ..Value::from(Serde(content)) })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides() {
        assert_eq!(Form::of(Path::new("a.b/x.html")).ok(), Some(Form::Html));
        assert_eq!(Form::of(Path::new("x.md")).ok(), Some(Form::Markdown));
        assert!(Form::of(Path::new("x")).is_err());
    }
}
