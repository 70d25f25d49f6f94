//! A near miss in words. Comes in: what a rule looks for, a piece of code, and what did not fit.
//! Goes out: a note that points at the code, at the pattern, and at where a name was declared.

use super::subject::Subject;
use crate::app::output::diagnostics::Note;
use crate::engine::matcher::{Miss, MissReason};
use crate::engine::names::FileNames;
use crate::engine::near_miss::{Attempt, Meaning, meaning, type_of};
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{Rule, RuleSet, Search};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::Atom;
use crate::rule::spec::{ConditionSpec, RuleSpec, SpannedStr};
use crate::text::{FileId, Label, LineIndex, Span};

/// What a note is made of.
pub struct Telling<'a, 't> {
    /// All rules.
    pub rules: &'a RuleSet,
    /// The rule.
    pub rule: &'a Rule,
    /// The same, as written.
    pub spec: &'a RuleSpec,
    /// What it looks for.
    pub search: &'a Search,
    /// The names of the file.
    pub names: &'a FileNames<'t>,
    /// The file, and how people see it.
    pub subject: &'a Subject,
    /// The file that people see.
    pub file: FileId,
}

/// One thing that did not fit.
#[derive(Default)]
struct Told {
    /// Completes "RULE does not match: ".
    why: String,
    /// Beside the caret in the code.
    here: String,
    /// Beside the caret in the pattern.
    there: String,
    /// Another place in the code that explains it.
    also: Option<(Span, String)>,
    /// A place in the rule file that explains it better than the pattern.
    asked: Option<Span>,
    help: Option<String>,
}

impl Telling<'_, '_> {
    /// The note for an attempt that missed.
    pub fn note(&self, attempt: &Attempt, miss: Miss) -> Note {
        let told = self.told(attempt, miss);
        let text = &self.subject.text;
        let code = |span: Span, text: String| Label { file: self.file, span, text };
        let mut labels = vec![code(self.subject.seen(first_line(text, miss.found)), told.here)];
        if let Some((span, about)) = told.also {
            labels.push(code(self.subject.seen(span), about));
        }
        if let Some(span) = told.asked.or_else(|| self.in_pattern(miss.pattern)) {
            labels.push(Label { file: self.rule.origin.file, span, text: told.there });
        }
        let message = format!("{} does not match: {}", full_id(self.rule, self.rules), told.why);
        Note { message, labels, help: told.help }
    }

    /// A part of the pattern, in the rule file.
    fn in_pattern(&self, part: Span) -> Option<Span> {
        let written = &self.spec.kind.target()?.pattern;
        let text = written.as_str();
        (part.end <= text.len()).then(|| written.map_span(first_line(text, part)))
    }

    fn told(&self, attempt: &Attempt, miss: Miss) -> Told {
        let found = short(miss.found.of(&self.subject.text));
        let wanted = self.spec.kind.target().map_or("", |t| t.pattern.as_str());
        let wanted = short(wanted.get(miss.pattern.range()).unwrap_or_default());
        match miss.why {
            MissReason::Different => self.different(attempt, miss, &found, &wanted),
            MissReason::List => self.list(attempt, miss, &found, &wanted),
            MissReason::Missing => Told {
                why: format!("there is no `{wanted}` here"),
                here: "here".into(),
                there: "which the pattern has".into(),
                ..Told::default()
            },
            MissReason::Extra => Told {
                why: format!("the pattern has no `{found}`"),
                help: Some(
                    "what a pattern leaves out must be absent; `$$$` stands for any number of \
                     elements"
                        .into(),
                ),
                ..Told::default()
            },
            MissReason::NotThatPackage => self.not_that_package(attempt, miss, &found),
            MissReason::Redeclared => Told {
                why: format!("`{found}` is not the predeclared one here"),
                also: self.declared(attempt, miss.found),
                ..Told::default()
            },
            MissReason::Unequal => Told {
                why: format!("`{wanted}` stands for other code already, here is `{found}`"),
                there: "the same name is the same code".into(),
                ..Told::default()
            },
            MissReason::Package => Told {
                why: format!("`{found}` is a package"),
                help: Some(format!(
                    "`{wanted}` stands for a package only with `where: {{{wanted}: {{kind: package}}}}`"
                )),
                ..Told::default()
            },
            MissReason::Condition(index) => {
                self.condition(index, (attempt.decl, miss.found), &found)
            }
            MissReason::TooManyWays => Told {
                why: "there are too many ways to fill `$$$`, the search was given up".into(),
                help: Some("write more of what stands between, or fewer `$$$`".into()),
                ..Told::default()
            },
        }
    }

    fn different(&self, attempt: &Attempt, miss: Miss, found: &str, wanted: &str) -> Told {
        let here = self.code_node(attempt, miss.found);
        let there = self.pattern_node(miss.pattern);
        let why = match (here, there) {
            (Some(h), Some(t)) if h.kind() == t.kind() && h.op() != t.op() => {
                format!("`{}` stands here, the pattern has `{}`", h.op().as_str(), t.op().as_str())
            }
            _ => format!("`{found}` stands here, the pattern has `{wanted}`"),
        };
        Told { why, ..Told::default() }
    }

    fn list(&self, attempt: &Attempt, miss: Miss, found: &str, wanted: &str) -> Told {
        let count = |node: Option<Node<'_>>| node.map_or(0, |n| n.children().count());
        let here = self.code_node(attempt, miss.found).filter(|n| n.kind().is_list());
        let there = self.pattern_node(miss.pattern).filter(|n| n.kind().is_list());
        if here.is_none() || there.is_none() {
            let why = "the statements that the pattern has do not follow here".into();
            return Told { why, ..Told::default() };
        }
        let (here, there) = (count(here), count(there));
        let why = format!("`{found}` does not fit `{wanted}`");
        Told {
            why,
            here: format!("{here} here"),
            there: format!("{there} in the pattern"),
            help: Some("`$$$` stands for any number of elements".into()),
            ..Told::default()
        }
    }

    fn not_that_package(&self, attempt: &Attempt, miss: Miss, found: &str) -> Told {
        let package = self.pattern_node(miss.pattern).and_then(|n| {
            match self.search.pattern.atom(n.child(Role::X)?) {
                Atom::Package(id) | Atom::PackageOrName(id) => {
                    Some(self.rules.package(id).path.as_str())
                }
                _ => None,
            }
        });
        let package = package.unwrap_or("that the pattern names");
        let part = self.names.file().part(attempt.decl);
        let imported = self.names.bindings().iter().position(|b| *b.path == *package);
        let why = match meaning(self.names, part, miss.found) {
            Meaning::Local(at) => {
                let lines = LineIndex::new(&self.subject.shown_text);
                let at = lines.line_col(self.subject.seen(at).start);
                let (line, column) = (at.line, at.column);
                format!(
                    "`{found}` is a local name, declared at {line}:{column}, not the package {package}"
                )
            }
            Meaning::Import(path) => {
                format!("`{found}` is the package {path} here, not {package}")
            }
            Meaning::Declared => {
                format!("`{found}` is declared by the file's own package, it is not {package}")
            }
            Meaning::Unknown => match imported {
                Some(index) if !self.names.local(index).name.is_empty() => {
                    let name = &self.names.local(index).name;
                    format!("the file imports {package} as `{name}`, not as `{found}`")
                }
                Some(_) => format!("the file imports {package} without a name"),
                None => format!("the file does not import {package}"),
            },
            Meaning::NoName => format!("`{found}` is no package, the pattern means {package}"),
        };
        Told { why, also: self.declared(attempt, miss.found), ..Told::default() }
    }

    fn declared(&self, attempt: &Attempt, name: Span) -> Option<(Span, String)> {
        let part = self.names.file().part(attempt.decl);
        match meaning(self.names, part, name) {
            Meaning::Local(at) if at != name => Some((at, "declared here".into())),
            _ => None,
        }
    }

    fn condition(&self, index: usize, (decl, found_at): (usize, Span), found: &str) -> Told {
        let Some(constraint) = self.search.constraints.get(index) else { return Told::default() };
        let name = |id: MetaId| format!("${}", self.rule.metavariables.name(id));
        let name = constraint.on.map_or("$match".into(), name);
        let key = constraint.test.key();
        let asked = self.asked(&name, key);
        let texts = asked.map(|asked| asked.said().1).unwrap_or_default();
        let what = texts.iter().map(|text| short(text)).collect::<Vec<_>>().join("` or `");
        let ty = if matches!(key, "type" | "underlying" | "implements") {
            type_of(self.names, decl, found_at)
        } else {
            None
        };
        let ty = ty.map_or(String::new(), |ty| format!(" of type `{ty}`"));
        let why = if asked.is_some_and(ConditionSpec::is_around) {
            format!("the rule asks for `{key}: {what}`")
        } else {
            format!("`{name}` is `{found}`{ty}, and `where` asks for `{key}: {what}`")
        };
        Told {
            why,
            there: "this does not hold".into(),
            asked: asked.and_then(ConditionSpec::first_text).map(first_line_of),
            ..Told::default()
        }
    }

    /// What the rule file asks for.
    fn asked(&self, name: &str, key: &str) -> Option<&ConditionSpec> {
        let on = self.spec.kind.target()?.conditions.iter().filter(|c| c.name.as_str() == name);
        on.flat_map(|on| &on.conditions).find(|condition| condition.said().0 == key)
    }

    fn code_node(&self, attempt: &Attempt, span: Span) -> Option<Node<'_>> {
        self.names.file().part(attempt.decl).syntax().iter().find(|n| n.span() == span)
    }

    fn pattern_node(&self, span: Span) -> Option<Node<'_>> {
        let pattern = &self.search.pattern;
        let all = pattern.nodes().flat_map(Node::subtree);
        let mut fits = all.filter(|n| pattern.span_in_text(*n) == span && n.kind() != Kind::Paren);
        fits.next()
    }
}

fn first_line_of(text: &SpannedStr) -> Span {
    text.map_span(first_line(text.as_str(), Span::new(0, text.as_str().len())))
}

/// `PACK/ID`.
pub fn full_id(rule: &Rule, rules: &RuleSet) -> String {
    format!("{}/{}", rules.packs[rule.pack].name, rule.id)
}

/// `span` up to the end of its first line.
pub fn first_line(text: &str, span: Span) -> Span {
    let line = span.of(text).lines().next().unwrap_or_default();
    Span::new(span.start, span.start + line.len())
}

/// A piece of code in a sentence: one line, not too long.
pub fn short(code: &str) -> String {
    let line = code.lines().next().unwrap_or_default().trim();
    let cut = line.chars().count() > 48 || code.trim().lines().count() > 1;
    let kept: String = line.chars().take(48).collect();
    if cut { format!("{}…", kept.trim_end()) } else { kept }
}
