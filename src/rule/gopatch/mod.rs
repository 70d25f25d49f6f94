//! gopatch's patch files: the same rules in another spelling. Comes in: the text of a `.patch`
//! file. Goes out: what a rule file with the same rules would say, and all mistakes at once.
//!
//! The stages: `section` (changes, comments), `variables` (`var x expression`), `header` (package
//! clause, imports), `elision` (which `...` belong together), `code` (the diff as a rule's `patch`
//! has it), `imports` (what imports ask of a file and change in it). Each change becomes one rule
//! for its code, and one for each import or package clause that it changes, which is in force
//! only in files that the code stands in.

mod code;
mod elision;
mod header;
mod imports;
mod section;
mod variables;

use super::spec::patch::{Line, Sign, sides};
use super::spec::{
    As, ConditionSpec, Dialect, HeaderEditSpec, HeaderSpec, MatchSpec, PatchSpec, RuleFileSpec,
    RuleKindSpec, RuleSpec, Side, Spanned, SpannedStr, WhenSpec, WhereSpec,
};
use crate::text::{Diagnostic, FileId, Span};
use code::{Reading, variable};
use elision::{Unpaired, elisions};
use header::{DiffLine, header, signed};
use imports::{Imports, Packages};
use section::{Change, changes, error};
use variables::{Sort, Variable, trimmed, variables};

/// Reads a patch file. `name` is what its rules are called, but for changes with names of their
/// own.
pub(super) fn read_gopatch(
    file: FileId,
    name: &str,
    text: &str,
) -> (RuleFileSpec, Vec<Diagnostic>) {
    let (changes, mut diagnostics) = changes(file, text);
    let mut packages = Packages::new(changes.len() > 1);
    let mut rules = Vec::new();
    for (nth, change) in changes.iter().enumerate() {
        let id = id(text, name, change, (changes.len() > 1).then_some(nth + 1));
        let mut reader = Reader { file, text, diagnostics: &mut diagnostics };
        packages.begin(nth + 1);
        rules.extend(reader.rules(change, &id, &mut packages));
    }
    let packages = packages.into_specs();
    (RuleFileSpec { file, rules, packages, params: Vec::new() }, diagnostics)
}

/// What a change is called: by its own name, or else by the file's and its number.
fn id(text: &str, name: &str, change: &Change, number: Option<usize>) -> String {
    let word = |name: &str| {
        let kebab: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        let words: Vec<&str> = kebab.split('-').filter(|word| !word.is_empty()).collect();
        let kebab = words.join("-");
        if kebab.starts_with(|c: char| c.is_ascii_lowercase()) {
            kebab
        } else {
            format!("patch-{kebab}")
        }
    };
    match (change.name, number) {
        (Some(own), _) => word(own.of(text)),
        (None, Some(number)) => format!("{}-{number}", word(name)),
        (None, None) => word(name),
    }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The code of a change, read.
struct Code {
    before: Side,
    after: Side,
    /// Whether it changes anything by itself.
    changes: bool,
    context: Option<Spanned<As>>,
    conditions: Vec<WhereSpec>,
    /// All of it.
    span: Span,
}

impl Reader<'_> {
    /// The rules that a change is; none where it has a mistake.
    fn rules(&mut self, change: &Change, id: &str, packages: &mut Packages) -> Vec<RuleSpec> {
        let before = self.diagnostics.len();
        let variables = variables(self.file, self.text, &change.metavariables, self.diagnostics);
        let lines = signed(self.text, &change.diff);
        let (header, rest) = header(self.file, self.text, &lines, self.diagnostics);
        let rest = without_blank_ends(self.text, rest);
        let imports = Imports::of(self.text, &header, rest, &variables, packages);
        let code = self.code(rest, &variables, &imports);
        let edits = imports.edits(self.text, code.as_ref().is_some_and(|code| code.changes));
        let does_nothing = code.as_ref().is_none_or(|code| !code.changes) && edits.is_empty();
        if does_nothing && self.diagnostics.len() == before {
            let help = "begin lines that go with `-`, lines that come with `+`";
            let found = error(self.file, change.header, "the change changes nothing", help);
            self.diagnostics.push(found);
        }
        if self.diagnostics.len() > before {
            return Vec::new();
        }
        self.specs(change, id, code.as_ref(), (&imports, edits))
    }

    /// A rule for the code of a change, if that changes anything, and one for each edit of imports.
    fn specs(
        &self,
        change: &Change,
        id: &str,
        code: Option<&Code>,
        (imports, edits): (&Imports, Vec<HeaderEditSpec>),
    ) -> Vec<RuleSpec> {
        let title = change.comments.first().map(|&line| self.comment(line));
        let why = (change.comments.len() > 1).then(|| self.why(&change.comments[1..]));
        let place = change.name.unwrap_or(change.header);
        let rule = |id: String, place: Span, kind: RuleKindSpec| RuleSpec {
            id: SpannedStr::opaque(id, place),
            title: title.clone(),
            why: why.clone(),
            safety: None,
            severity: None,
            when: WhenSpec::default(),
            places: crate::rule::spec::PlacesSpec::default(),
            guard: imports.guard(self.text),
            dialect: Dialect::Gopatch,
            kind,
        };
        let mut rules = Vec::new();
        if let Some(code) = code.filter(|code| code.changes) {
            rules.push(rule(id.to_owned(), place, RuleKindSpec::Patch(self.patch(code))));
        }
        let wanted = code.map(|code| MatchSpec {
            pattern: code.before.text.clone(),
            context: code.context,
            conditions: code.conditions.clone(),
        });
        for (nth, edit) in edits.into_iter().enumerate() {
            let name = match (rules.is_empty(), nth) {
                (true, _) => id.to_owned(),
                (false, 0) => format!("{id}-import"),
                (false, nth) => format!("{id}-import-{}", nth + 1),
            };
            let when_in_file = wanted.clone();
            let place = edit.span();
            rules.push(rule(name, place, RuleKindSpec::Header(HeaderSpec { edit, when_in_file })));
        }
        rules
    }

    fn patch(&self, code: &Code) -> PatchSpec {
        PatchSpec {
            diff: SpannedStr::opaque(code.span.of(self.text), code.span),
            before: code.before.clone(),
            after: code.after.clone(),
            context: code.context,
            conditions: code.conditions.clone(),
            drop_comments: None,
        }
    }

    /// The code that a change is about; `None` where it has none, or where it is wrong.
    fn code(
        &mut self,
        lines: &[DiffLine],
        variables: &[Variable],
        imports: &Imports,
    ) -> Option<Code> {
        let (first, last) = (lines.first()?, lines.last()?);
        let span = Span::new(first.code.start, last.code.end);
        let (lines, context) = match without_braces(self.text, lines) {
            Some(inner) => (inner, Some(Spanned { value: As::Statements, span: first.code })),
            None => (lines, None),
        };
        let only = trimmed(self.text, span).of(self.text);
        if imports.is_metavariable(only) {
            // gopatch wants code below imports; the name of an import says nothing more.
            return None;
        }
        let dots = match elisions(self.text, lines) {
            Ok(dots) => dots,
            Err(Unpaired(place)) => {
                let message = "this `...` stands for nothing: no `-` line has one in its place";
                let help = "write `...` as often in the `+` line as in the `-` line, or on a line of its own that begins with a space";
                self.diagnostics.push(error(self.file, place, message, help));
                return None;
            }
        };
        let (minus, plus) = (&imports.minus, &imports.plus);
        let reading = Reading { text: self.text, variables, dots: &dots, minus, plus };
        let mut read = reading.lines(lines);
        if is_clause_alone(self.text, lines) {
            read.push(body_of_clause(last.code.end));
        }
        let (before, after) = sides(&read, span);
        let is_signed = lines.iter().any(|line| line.sign != Sign::Context);
        let changes = is_signed && before.text.as_str() != after.text.as_str();
        if before.is_empty() {
            let message = "the change has no line to look for";
            let help = "write the code that is there before, with `-` or a space before it";
            self.diagnostics.push(error(self.file, span, message, help));
            return None;
        }
        let used = |v: &&Variable| {
            let name = format!("${}", variable(&v.name));
            mentions(before.text.as_str(), &name)
        };
        let conditions = variables.iter().filter(used).filter_map(condition).collect();
        Some(Code { before, after, changes, context, conditions, span })
    }

    /// The text of a comment line.
    fn comment(&self, line: Span) -> SpannedStr {
        let text = line.of(self.text);
        let inner = text.trim().trim_start_matches('#').trim();
        SpannedStr::opaque(inner, line)
    }

    fn why(&self, lines: &[Span]) -> SpannedStr {
        let texts: Vec<String> =
            lines.iter().map(|&line| self.comment(line).as_str().to_owned()).collect();
        let span = lines.iter().copied().reduce(Span::cover).unwrap_or_default();
        SpannedStr::opaque(texts.join("\n"), span)
    }
}

/// Whether the code is the head of a clause and nothing else.
fn is_clause_alone(text: &str, lines: &[DiffLine]) -> bool {
    let before = lines.iter().filter(|line| line.sign != Sign::Plus);
    let code: Vec<&str> = before.map(|line| line.code.of(text).trim()).collect();
    matches!(code.as_slice(), [only] if only.ends_with(':') && ["case ", "default"].iter().any(|k| only.starts_with(k)))
}

/// The statements of the clause, which the patch does not speak of.
fn body_of_clause(at: usize) -> Line {
    let hidden = "$$$_0".to_owned();
    Line { sign: Sign::Context, pieces: vec![(hidden, Span::at(at))], span: Span::at(at) }
}

/// What a metavariable may stand for, as a condition of a rule.
fn condition(variable: &Variable) -> Option<WhereSpec> {
    let kinds = match variable.sort {
        Sort::Expression => return None,
        Sort::Identifier => "identifier|package",
    };
    let name = format!("${}", code::variable(&variable.name));
    let kinds = vec![SpannedStr::opaque(kinds, variable.span)];
    Some(WhereSpec {
        name: SpannedStr::opaque(name, variable.span),
        conditions: vec![ConditionSpec::Kind(kinds)],
    })
}

/// Whether `name` stands in `code` with nothing behind it that it could be a part of.
fn mentions(code: &str, name: &str) -> bool {
    let goes_on = |c: char| c == '_' || c.is_alphanumeric();
    code.match_indices(name)
        .any(|(at, _)| !code[at + name.len()..].starts_with(goes_on) && !code[..at].ends_with('$'))
}

/// The lines from the first that says something to the last.
fn without_blank_ends<'l>(text: &str, lines: &'l [DiffLine]) -> &'l [DiffLine] {
    let says = |line: &DiffLine| !line.code.of(text).trim().is_empty();
    let Some(first) = lines.iter().position(says) else { return &[] };
    let last = lines.iter().rposition(says).unwrap_or(first);
    &lines[first..=last]
}

/// The lines between braces that stand alone: gopatch reads them as statements.
fn without_braces<'l>(text: &str, lines: &'l [DiffLine]) -> Option<&'l [DiffLine]> {
    let is = |line: &DiffLine, brace: &str| {
        line.sign == Sign::Context && line.code.of(text).trim() == brace
    };
    let [first, inner @ .., last] = lines else { return None };
    (is(first, "{") && is(last, "}")).then_some(inner)
}

#[cfg(test)]
mod tests;
