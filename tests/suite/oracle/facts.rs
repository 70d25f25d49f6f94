//! What Go's own type checker says. Comes in: a folder and patterns of packages. Goes out: file by
//! file the types, objects and constants that the program under `tests/oracle` prints.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the oracle says of the bytes from `start` to `end`.
#[derive(Clone, Debug)]
pub struct Fact {
    pub start: usize,
    pub end: usize,
    pub says: Says,
}

#[derive(Clone, Debug)]
pub enum Says {
    /// The type of an expression or of what an identifier declares, aliases followed and not.
    Type { plain: String, aliased: String },
    /// The object of an identifier: any of these.
    Object(Vec<String>),
    /// The value of a constant expression.
    Constant(String),
}

/// The program.
pub struct Oracle {
    program: PathBuf,
    _folder: tempfile::TempDir,
}

impl Oracle {
    /// Builds it.
    pub fn build() -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = folder.path().join("oracle");
        let mut build = Command::new("go");
        build.arg("build").arg("-o").arg(&program).arg(".").current_dir(source);
        assert!(build.status().expect("go runs").success(), "the oracle builds");
        Self { program, _folder: folder }
    }

    /// Asks about the packages that `patterns` name in `dir`, and hands over file by file, each
    /// file once.
    pub fn ask(
        &self,
        dir: &Path,
        patterns: &[&str],
        flags: &[&str],
        mut each: impl FnMut(&str, &[Fact]),
    ) {
        let mut run = Command::new(&self.program);
        run.args(flags).arg(dir).args(patterns).stdout(Stdio::piped());
        let mut run = run.spawn().expect("the oracle runs");
        let out = BufReader::new(run.stdout.take().expect("its output"));
        let mut seen = HashSet::new();
        let mut file: Option<String> = None;
        let mut facts: Vec<Fact> = Vec::new();
        for line in out.lines() {
            let line = line.expect("text");
            match line.strip_prefix("F\t") {
                Some(next) => {
                    if let Some(path) = file.take() {
                        each(&path, &std::mem::take(&mut facts));
                    }
                    file = seen.insert(next.to_string()).then(|| next.to_string());
                }
                None if file.is_some() => read(&line, &mut facts),
                None => {}
            }
        }
        if let Some(path) = file {
            each(&path, &facts);
        }
        assert!(run.wait().expect("the oracle ends").success(), "the oracle fails");
    }
}

fn read(line: &str, facts: &mut Vec<Fact>) {
    let fields: Vec<&str> = line.split('\t').collect();
    let number = |i: usize| fields.get(i).and_then(|f: &&str| f.parse().ok());
    let (Some(start), Some(end)) = (number(1), number(2)) else { return };
    let says = match fields[..] {
        ["E" | "D", _, _, plain, aliased] => {
            Says::Type { plain: plain.into(), aliased: aliased.into() }
        }
        ["O", _, _, object] => {
            // An embedded field is named by its type: both are right.
            if let Some(Fact { start: from, end: to, says: Says::Object(objects) }) =
                facts.last_mut()
                && (*from, *to) == (start, end)
            {
                objects.push(object.to_string());
                return;
            }
            Says::Object(vec![object.into()])
        }
        ["C", _, _, value] => Says::Constant(value.into()),
        _ => return,
    };
    facts.push(Fact { start, end, says });
}
