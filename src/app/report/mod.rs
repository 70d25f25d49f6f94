//! Reports: what a person reads to say yes to a patch. Comes in: a run and the rules. Goes out: the
//! same content as Markdown for a pull request, as one HTML page that needs no network, or as JSON:
//! each rule with its reason, each shape once with one example, the outliers, what needs a person
//! and why, what is left over, and who owns it.

pub mod content;
pub mod example;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};

use self::content::{Content, content};
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
        if name == "report.html" { AutoEscape::Html } else { AutoEscape::None }
    });
    environment.add_filter("thousands", |n: usize| super::output::summary::thousands(n));
    environment.add_filter("plural", |n: usize, word: &str| super::output::summary::many(n, word));
    environment.add_filter("cell", |text: &str| inline(text));
    environment.add_filter("prose", |text: &str| Value::from_safe_string(prose(text)));
    environment.add_filter("fence", |text: &str| fence(text));
    environment.add_template(name, template)?;
    let page = environment.get_template(name)?;
    Ok(page.render(Value::from(Serde(content)))?)
}

/// Text for a line or a table cell of Markdown: nothing in it is markup.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '@' => out.extend(['\\', c]),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// Plain Markdown as HTML: paragraphs and code between backticks. Everything else is text.
fn prose(text: &str) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let paragraph = |text: &str| {
        let joined = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let parts: Vec<&str> = joined.split('`').collect();
        let last = parts.len() - 1;
        let part = |(nth, part): (usize, &&str)| match nth % 2 {
            // A backtick without a second one is just that.
            1 if nth == last => format!("`{}", escape(part)),
            1 => format!("<code>{}</code>", escape(part)),
            _ => escape(part),
        };
        format!("<p>{}</p>", parts.iter().enumerate().map(part).collect::<String>())
    };
    text.split("\n\n").filter(|text| !text.trim().is_empty()).map(paragraph).collect()
}

/// A fence for a block of Markdown that holds `text`: longer than any run of backticks in it.
fn fence(text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    "`".repeat(runs.max().unwrap_or(0).max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_is_no_markup() {
        assert_eq!(inline("a|b\n<script> *x* `y`"), "a\\|b &lt;script> \\*x\\* \\`y\\`");
        assert_eq!(prose("a `b<c`\nd\n\n`e"), "<p>a <code>b&lt;c</code> d</p><p>`e</p>");
        assert_eq!(fence("no"), "```");
        assert_eq!(fence("a ```` b"), "`````");
    }

    #[test]
    fn the_extension_decides() {
        assert_eq!(Form::of(Path::new("a.b/x.html")).ok(), Some(Form::Html));
        assert_eq!(Form::of(Path::new("x.md")).ok(), Some(Form::Markdown));
        assert!(Form::of(Path::new("x")).is_err());
    }
}
