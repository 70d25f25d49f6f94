//! One rule. Comes in: what its file says. Goes out: the rule, or what is wrong with it; all parts
//! are looked at, whatever is wrong with one of them.

use super::env::Env;
use super::names::{Names, PackageTable};
use super::shared::Shared;
use super::values;
use crate::rule::compiled::{Action, Origin, Report, Rewrite, Rule, Safety, When};
use crate::rule::mention::Mention;
use crate::rule::metavariable::Metavariables;
use crate::rule::spec::{self, Dialect, RuleKindSpec, RuleSpec, SpannedStr, WhenSpec};
use crate::text::{Code, Diagnostic, FileId, Severity, Span};

/// Compiles one rule.
pub(super) struct Compiler<'a, 'e> {
    pub file: FileId,
    pub env: &'a Env<'e>,
    pub table: &'a mut PackageTable,
    pub shared: &'a mut Shared,
    pub metavariables: Metavariables,
    pub dialect: Dialect,
    pub diagnostics: &'a mut Vec<Diagnostic>,
    pub mentions: Vec<Mention>,
    /// Whether the pattern that is read is a type.
    pub reads_type: bool,
    /// Whether the pattern that is read is of what stands around a match.
    pub reads_around: bool,
}

impl<'a, 'e> Compiler<'a, 'e> {
    pub fn new(
        env: &'a Env<'e>,
        table: &'a mut PackageTable,
        shared: &'a mut Shared,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let metavariables = Metavariables::default();
        let dialect = Dialect::default();
        Self {
            file: env.file(),
            env,
            table,
            shared,
            metavariables,
            dialect,
            diagnostics,
            mentions: Vec::new(),
            reads_type: false,
            reads_around: false,
        }
    }

    /// `None` where anything is wrong, which is then reported.
    pub fn rule(mut self, spec: &RuleSpec, pack: usize) -> Option<(Rule, Vec<Mention>)> {
        let before = self.diagnostics.len();
        self.dialect = spec.dialect;
        let when = self.when(&spec.when);
        let places = self.places(&spec.places);
        let guard = self.guard(&spec.guard, &spec.kind);
        let action = self.action(&spec.kind);
        if self.diagnostics.len() > before {
            return None;
        }
        let text = |text: &Option<SpannedStr>| {
            text.as_ref().map_or_else(String::new, |t| t.as_str().trim_end().to_owned())
        };
        let rule = Rule {
            id: spec.id.as_str().to_owned(),
            pack,
            packs: self.env.pack_names(),
            title: text(&spec.title),
            why: text(&spec.why),
            safety: spec.safety.map(|s| safety(s.value)).unwrap_or_default(),
            severity: spec.severity.map_or(Severity::Warning, |s| s.value),
            when,
            places,
            guard,
            metavariables: self.metavariables,
            action: action?,
            origin: Origin { file: self.file, span: spec.id.span() },
        };
        Some((rule, self.mentions))
    }

    fn when(&mut self, spec: &WhenSpec) -> When {
        let module = spec.module.as_ref().and_then(|module| {
            let range = self.keep(values::range(self.file, &module.version))?;
            Some((module.path.as_str().to_owned(), range))
        });
        let go = spec.go.as_ref().and_then(|go| self.keep(values::range(self.file, go)));
        let mut paths =
            |paths: &[SpannedStr]| paths.iter().filter_map(|path| self.module_path(path)).collect();
        let (requires, unless_requires) = (paths(&spec.requires), paths(&spec.unless_requires));
        When { module, go, requires, unless_requires }
    }

    fn action(&mut self, spec: &RuleKindSpec) -> Option<Action> {
        match spec {
            RuleKindSpec::Rewrite { target, template, scope, drop_comments } => {
                let search = self.search(target)?;
                let scope = match scope {
                    Some(scope) => Some(self.scope(scope, template, &search)?),
                    None => None,
                };
                let written = template;
                let template = self.template(written, &search)?;
                self.mention_written(written, &template, &search);
                let drops_comments = drop_comments.is_some();
                let rewrite = Rewrite { search, template, scope, drops_comments, diff: None };
                Some(Action::Rewrite(Box::new(rewrite)))
            }
            RuleKindSpec::Patch(patch) => {
                self.patch(patch).map(|rewrite| Action::Rewrite(Box::new(rewrite)))
            }
            RuleKindSpec::Report { target, text } => {
                let search = self.search(target)?;
                let message = self.message(text, &search);
                Some(Action::Report(Report { search, message }))
            }
            RuleKindSpec::Rename(rename) => self.rename(rename).map(Action::Rename),
            RuleKindSpec::Field(field) => {
                self.field_rule(field).map(|field| Action::Field(Box::new(field)))
            }
            RuleKindSpec::Import(import) => self.import(import).map(Action::Import),
            RuleKindSpec::Header(header) => self.header(&header.edit).map(Action::Import),
            RuleKindSpec::GoMod(gomod) => self.gomod(gomod).map(Action::GoMod),
            RuleKindSpec::Tag(tag) => self.tag(tag).map(Action::Tag),
            RuleKindSpec::Directive(spec) => self.directive(spec).map(Action::Directive),
            RuleKindSpec::String(string) => {
                self.string(string).map(|string| Action::String(Box::new(string)))
            }
            RuleKindSpec::ErrorResult(spec) => {
                self.error_result(spec).map(|found| Action::ErrorResult(Box::new(found)))
            }
            RuleKindSpec::Text(text) => self.text(text).map(Action::Text),
            RuleKindSpec::Binary(binary) => self.binary(binary).map(Action::Binary),
            RuleKindSpec::File(file) => self.new_file(file).map(Action::File),
        }
    }

    /// The packages, for parsing.
    pub fn names(&mut self) -> Names<'_, 'e> {
        Names { env: self.env, table: self.table, dialect: self.dialect }
    }

    /// The value, or reports why there is none.
    pub fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.diagnostics.push(diagnostic)).ok()
    }

    /// Reports an error at one place.
    pub fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::error(code, message).at(self.file, span, "").help(help);
        self.diagnostics.push(diagnostic);
    }
}

fn safety(spec: spec::Safety) -> Safety {
    match spec {
        spec::Safety::Safe => Safety::Safe,
        spec::Safety::Review => Safety::Review,
        spec::Safety::Manual => Safety::Manual,
    }
}
