//! From lines to directives: what each require, replace, exclude and tool line says.
//!
//! Comes in: the lines of a go.mod or go.work. Goes out: the directives with the spans of their
//! tokens; a line that Go would refuse becomes a [`Problem`](super::Problem).

use super::syntax::Syntax;
use super::{Exclude, Replace, ReplaceTarget, Require, Tool, Use};
use crate::go::version::{GoVersion, Version, check_path_major};
use crate::text::Span;

/// Which of the two files it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Mod,
    Work,
}

impl FileKind {
    /// Whether a directive can be a block of lines.
    fn has_block(self, verb: &str) -> bool {
        let both = matches!(verb, "godebug" | "replace");
        both || match self {
            Self::Mod => {
                matches!(verb, "module" | "require" | "exclude" | "retract" | "tool" | "ignore")
            }
            Self::Work => verb == "use",
        }
    }

    fn has(self, verb: &str) -> bool {
        matches!(verb, "go" | "toolchain") || self.has_block(verb)
    }
}

/// Everything that the lines of a file say.
#[derive(Clone, Debug, Default)]
pub(super) struct Directives {
    pub module: Option<String>,
    pub go: Option<GoVersion>,
    pub toolchain: Option<String>,
    pub requires: Vec<Require>,
    pub replaces: Vec<Replace>,
    pub excludes: Vec<Exclude>,
    pub tools: Vec<Tool>,
    pub uses: Vec<Use>,
    /// Directives that may stand only once and were seen.
    seen: Vec<&'static str>,
}

/// A mistake and its place; no place means the whole line.
type Mistake = (Option<Span>, String);

fn whole(message: &str) -> Mistake {
    (None, message.to_owned())
}

impl Directives {
    /// Reads all statements; mistakes are added to the problems of `syntax`, which are sorted by
    /// place afterwards.
    pub fn read(syntax: &mut Syntax, kind: FileKind) -> Self {
        let mut directives = Self::default();
        let mut mistakes = Vec::new();
        for statement in &syntax.statements {
            let first = &syntax.lines[statement.lines.start];
            let header = if statement.is_block { first.tokens.len() } else { 2 };
            if first.tokens.is_empty() {
                continue;
            }
            let known = if statement.is_block {
                kind.has_block(&statement.verb) && header == 2
            } else {
                kind.has(&statement.verb)
            };
            if !known {
                let message = format!("unknown directive `{}`", statement.verb);
                mistakes.push((syntax.content(statement.lines.start), message));
                continue;
            }
            for line in syntax.entries(statement) {
                let skip = usize::from(!statement.is_block);
                let tokens = &syntax.lines[line].tokens;
                let is_empty_block = !statement.is_block
                    && tokens.len() == 3
                    && tokens[1].of(&syntax.text) == "("
                    && tokens[2].of(&syntax.text) == ")";
                if tokens.is_empty() || is_empty_block {
                    continue;
                }
                let reader = Reader { syntax, line, args: &tokens[skip..] };
                if let Err((span, message)) = directives.add(&statement.verb, &reader) {
                    mistakes.push((span.unwrap_or_else(|| syntax.content(line)), message));
                }
            }
        }
        for (span, message) in mistakes {
            syntax.problem(span, message);
        }
        syntax.problems.sort_by_key(|problem| problem.span);
        directives
    }

    fn add(&mut self, verb: &str, line: &Reader) -> Result<(), Mistake> {
        match verb {
            "module" => {
                self.once("module")?;
                self.module = Some(line.only("expected `module PATH`")?.0);
            }
            "go" => {
                self.once("go")?;
                let (text, span) = line.only("expected `go 1.23.0`")?;
                let version = text.parse::<GoVersion>().ok().filter(|_| text.contains('.'));
                let wrong = || (Some(span), format!("`{text}` is not a Go version such as 1.23.0"));
                self.go = Some(version.filter(|_| !text.starts_with('v')).ok_or_else(wrong)?);
            }
            "toolchain" => {
                self.once("toolchain")?;
                let (name, span) = line.only("expected `toolchain go1.23.0`")?;
                if !(name == "default" || name == "go1" || name.starts_with("go1.")) {
                    return Err((Some(span), "expected `go1.23.0` or `default`".to_owned()));
                }
                self.toolchain = Some(name);
            }
            "godebug" => {
                let (setting, span) = line.only("expected `godebug KEY=VALUE`")?;
                if !setting.contains('=') {
                    return Err((Some(span), "expected `KEY=VALUE`".to_owned()));
                }
            }
            "require" => self.requires.push(line.require()?),
            "exclude" => self.excludes.push(line.exclude()?),
            "replace" => self.replaces.push(line.replace()?),
            "retract" => line.retract()?,
            "tool" => {
                let (path, path_span) = line.only("expected `tool PATH`")?;
                self.tools.push(Tool { path, path_span, line: line.span(), at: line.line });
            }
            "use" => {
                let (path, path_span) = line.only("expected `use DIRECTORY`")?;
                self.uses.push(Use { path, path_span, line: line.span() });
            }
            _ => {
                line.only("expected one path")?;
            }
        }
        Ok(())
    }

    fn once(&mut self, verb: &'static str) -> Result<(), Mistake> {
        if self.seen.contains(&verb) {
            return Err((None, format!("a second `{verb}` directive")));
        }
        self.seen.push(verb);
        Ok(())
    }
}

/// The arguments of one directive.
struct Reader<'a> {
    syntax: &'a Syntax,
    line: usize,
    args: &'a [Span],
}

impl Reader<'_> {
    fn span(&self) -> Span {
        self.syntax.lines[self.line].span
    }

    fn raw(&self, at: usize) -> &str {
        self.args.get(at).map_or("", |span| span.of(&self.syntax.text))
    }

    fn value(&self, at: usize) -> Result<(String, Span), Mistake> {
        let span = self.args[at];
        let value = self.syntax.value(span).map_err(|message| (Some(span), message))?;
        Ok((value, span))
    }

    fn only(&self, usage: &str) -> Result<(String, Span), Mistake> {
        if self.args.len() == 1 { self.value(0) } else { Err(whole(usage)) }
    }

    fn version(&self, at: usize) -> Result<(Version, Span), Mistake> {
        let (text, span) = self.value(at)?;
        let wrong = |_| (Some(span), format!("`{text}` is not a module version such as v1.2.3"));
        Ok((Version::parse(&text).map_err(wrong)?, span))
    }

    /// A version that `path` can have.
    fn version_of(&self, path: &str, at: usize) -> Result<(Version, Span), Mistake> {
        let (version, span) = self.version(at)?;
        check_path_major(path, &version).map_err(|e| (Some(span), e.to_string()))?;
        Ok((version, span))
    }

    fn require(&self) -> Result<Require, Mistake> {
        if self.args.len() != 2 {
            return Err(whole("expected `require PATH v1.2.3`"));
        }
        let (path, path_span) = self.value(0)?;
        let (version, version_span) = self.version_of(&path, 1)?;
        Ok(Require {
            path,
            path_span,
            version,
            version_span,
            indirect: self.syntax.is_indirect(self.line),
            line: self.span(),
            at: self.line,
        })
    }

    fn exclude(&self) -> Result<Exclude, Mistake> {
        if self.args.len() != 2 {
            return Err(whole("expected `exclude PATH v1.2.3`"));
        }
        let (path, path_span) = self.value(0)?;
        let (version, version_span) = self.version_of(&path, 1)?;
        let line = self.span();
        Ok(Exclude { path, path_span, version, version_span, line, at: self.line })
    }

    fn replace(&self) -> Result<Replace, Mistake> {
        let arrow = if self.raw(1) == "=>" { 1 } else { 2 };
        let after = self.args.len().saturating_sub(arrow + 1);
        if self.raw(arrow) != "=>" || !(1..=2).contains(&after) {
            let usage = "expected `replace PATH [v1.2.3] => PATH v1.2.3` or `=> ./directory`";
            return Err(whole(usage));
        }
        let (path, path_span) = self.value(0)?;
        let version = if arrow == 2 { Some(self.version_of(&path, 1)?.0) } else { None };
        let (target, target_span) = self.value(arrow + 1)?;
        let is_directory = is_directory(&target);
        let target = match (is_directory, after) {
            (true, 1) => ReplaceTarget::Directory(target),
            (false, 2) => {
                let version = self.version(arrow + 2)?.0;
                ReplaceTarget::Module { path: target, version }
            }
            (true, _) => {
                return Err((Some(target_span), "a directory has no version".to_owned()));
            }
            (false, _) => {
                let message = "expected a version behind it, or a directory that begins with ./";
                return Err((Some(target_span), message.to_owned()));
            }
        };
        Ok(Replace { path, path_span, version, target, line: self.span(), at: self.line })
    }

    /// `v1.2.3` or `[v1.2.3, v1.3.0]`.
    fn retract(&self) -> Result<(), Mistake> {
        let raw: Vec<&str> = (0..self.args.len()).map(|at| self.raw(at)).collect();
        match raw[..] {
            [_] => self.version(0).map(drop),
            ["[", _, ",", _, "]"] => self.version(1).and_then(|_| self.version(3)).map(drop),
            _ => Err(whole("expected `retract v1.2.3` or `retract [v1.2.3, v1.3.0]`")),
        }
    }
}

/// Whether a replacement is a directory and not a module (`modfile.IsDirectoryPath`).
fn is_directory(path: &str) -> bool {
    let relative = |dots: &str| {
        path.strip_prefix(dots).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
    };
    let mut start = path.bytes();
    let drive = start.next().is_some_and(|b| b.is_ascii_alphabetic()) && start.next() == Some(b':');
    relative(".") || relative("..") || path.starts_with(['/', '\\']) || drive
}
