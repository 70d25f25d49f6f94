//! The command `test`. Comes in: packs. Goes out: for each case whether it still comes to what its
//! snapshot says, with the difference, and what it breaks of what is promised for every case.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::apply::{Talk, say_diagnostics};
use super::cases::coverage::Coverage;
use super::cases::snapshot::{Compared, accept, compare};
use super::cases::{Case, cases_of, orphans};
use super::config::{Asked, CONFIG, Dependencies, LoadedRules, Request, load};
use super::exit::Exit;
use super::output::diagnostics::render;
use super::output::summary::{many, shown};
use super::packs;
use super::root::find_root;
use super::rules_check::{not_shown, of_names};
use crate::rule::pack::MANIFEST;
use crate::rule::spec::read_config;
use crate::text::SourceMap;

/// A pack whose folder is at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackFolder {
    /// As a person would name it.
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The folders of the packs that a person means: those that are named; without any, the pack that
/// the current folder is, or those that the repository's `dmmigrate.yaml` names.
///
/// # Errors
/// Where a name is no folder with a pack, or there is none to be found.
pub fn pack_folders(named: &[String], here: &Path) -> Result<Vec<PackFolder>> {
    if !named.is_empty() {
        return named.iter().map(|name| pack_folder(name, here)).collect();
    }
    if here.join(MANIFEST).is_file() {
        return Ok(vec![PackFolder { shown: ".".into(), path: here.to_path_buf() }]);
    }
    let root = find_root(here)?.folder;
    let text = std::fs::read_to_string(root.join(CONFIG)).unwrap_or_default();
    let (config, _) = read_config(SourceMap::default().add(CONFIG, text.as_str()), &text);
    let folders: Vec<PackFolder> = config
        .packs
        .iter()
        .map(|name| PackFolder { shown: name.as_str().into(), path: root.join(name.as_str()) })
        .filter(|pack| pack.path.join(MANIFEST).is_file())
        .collect();
    if folders.is_empty() {
        bail!(
            "there is no pack here: name the folder of one, or go into it \
             (`dmmigrate rules new NAME` makes one)"
        );
    }
    Ok(folders)
}

fn pack_folder(name: &str, here: &Path) -> Result<PackFolder> {
    let path = here.join(name);
    if path.join(MANIFEST).is_file() {
        return Ok(PackFolder { shown: name.trim_end_matches('/').into(), path });
    }
    if packs::built_in(name).is_some() {
        bail!("{name} is inside the program, its cases are not: name a folder with a pack.yaml");
    }
    bail!("{} is no pack: name a folder with a pack.yaml in it", shown(name))
}

/// The rules of one pack, as its cases see them: without what any `dmmigrate.yaml` says.
///
/// # Errors
/// Where no empty folder can be made.
pub fn load_alone(pack: &PackFolder, here: &Path) -> Result<LoadedRules> {
    let nowhere = tempfile::tempdir().context("cannot make a folder")?;
    // With a separator it is a folder, whatever packs are inside the program.
    let name = if pack.shown.contains('/') { String::new() } else { "./".into() } + &pack.shown;
    let sources = vec![Asked::Pack(name)];
    let request = Request { sources, from: here.to_path_buf(), ..Request::default() };
    Ok(load(nowhere.path(), &request, &Dependencies::default))
}

/// Runs `test`.
///
/// # Errors
/// Wrong use, and what cannot be read or written.
pub fn test(
    named: &[String],
    update: bool,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let here = std::env::current_dir()?;
    let mut exit = Exit::Done;
    for pack in pack_folders(named, &here)? {
        let loaded = load_alone(&pack, &here)?;
        if !say_diagnostics(&loaded, talk, err)? {
            exit = exit.max(Exit::Unable);
            continue;
        }
        let coverage = Coverage::new(&loaded.compiled.rules);
        let mut tested = Tested { update, talk, tally: Tally::default(), coverage };
        tested.pack(&pack, &loaded, out)?;
        let missing = not_shown(&pack, &loaded, &tested.coverage);
        let mut said = Vec::new();
        if !missing.is_empty() {
            said = of_names(&pack, &loaded, &tested.coverage);
        }
        said.extend_from_slice(&missing);
        err.write_all(render(&said, &loaded.sources, talk.color).as_bytes())?;
        if tested.tally.failed() || !missing.is_empty() {
            exit = exit.max(Exit::Failed);
        }
    }
    Ok(exit)
}

/// How many cases came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    same: usize,
    accepted: usize,
    differ: usize,
    new: usize,
    broken: usize,
    orphans: usize,
}

impl Tally {
    fn failed(self) -> bool {
        self.differ + self.new + self.broken + self.orphans > 0
    }
}

struct Tested {
    update: bool,
    talk: Talk,
    tally: Tally,
    coverage: Coverage,
}

impl Tested {
    fn pack(&mut self, pack: &PackFolder, loaded: &LoadedRules, out: &mut dyn Write) -> Result<()> {
        let cases = cases_of(&pack.path)?;
        for case in &cases {
            let title = format!("{}/{}", shown(&pack.shown), shown(&case.name));
            self.case(case, &title, loaded, out)?;
        }
        for path in orphans(&pack.path, &cases)? {
            let name = shown(&path.file_name().unwrap_or_default().to_string_lossy());
            if self.update {
                std::fs::remove_file(&path).with_context(|| format!("cannot remove {name}"))?;
                writeln!(
                    out,
                    "removed   {}/{name}: there is no case of that name",
                    shown(&pack.shown)
                )?;
            } else {
                self.tally.orphans += 1;
                writeln!(
                    out,
                    "left over {}/{name}: there is no case of that name",
                    shown(&pack.shown)
                )?;
            }
        }
        if !self.talk.quiet || self.tally.failed() {
            writeln!(out, "{}: {}", shown(&pack.shown), self.summary(cases.len()))?;
        }
        Ok(())
    }

    fn case(
        &mut self,
        case: &Case,
        title: &str,
        loaded: &LoadedRules,
        out: &mut dyn Write,
    ) -> Result<()> {
        let ran = case.run(loaded)?;
        self.coverage.add(&ran.archive, &ran.result, &loaded.compiled.rules);
        if !ran.broken.is_empty() {
            self.tally.broken += 1;
            writeln!(out, "broken    {title}")?;
            for promise in &ran.broken {
                indented(out, promise, false)?;
            }
            return Ok(());
        }
        let compared = compare(&case.snapshot(), &ran.report)?;
        if self.update && compared != Compared::Same {
            accept(&case.snapshot(), &ran.archive.comment, &ran.report)?;
            self.tally.accepted += 1;
            writeln!(out, "accepted  {title}")?;
        }
        match compared {
            Compared::Same => {
                self.tally.same += 1;
                if self.talk.verbose {
                    writeln!(out, "same      {title}")?;
                }
            }
            Compared::Differs(diff) => {
                self.tally.differ += usize::from(!self.update);
                if !self.update {
                    writeln!(out, "differs   {title} (- snapshot, + now)")?;
                }
                indented(out, &diff, self.talk.color)?;
            }
            Compared::New => {
                self.tally.new += usize::from(!self.update);
                if !self.update {
                    writeln!(out, "new       {title}")?;
                }
                indented(out, &ran.report, self.talk.color)?;
            }
        }
        Ok(())
    }

    fn summary(&self, cases: usize) -> String {
        let Tally { same, accepted, differ, new, broken, orphans } = self.tally;
        let parts = [
            (same, "as in the snapshot"),
            (accepted, "accepted"),
            (differ, "not as in the snapshot"),
            (new, "without a snapshot"),
            (broken, "broken"),
            (orphans, "left over"),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let hint = if differ + new + orphans > 0 {
            "; read them, then `dmmigrate test --update` accepts them"
        } else {
            ""
        };
        let all = many(cases, "case");
        if parts.is_empty() { all } else { format!("{all}: {}{hint}", parts.join(", ")) }
    }
}

/// Prints a text from a repository, indented; a diff, perhaps in colours.
fn indented(out: &mut dyn Write, text: &str, color: bool) -> Result<()> {
    for line in text.lines() {
        // A tab is shown as it is: it is most of what Go code begins with.
        let safe: String = line.split('\t').map(shown).collect::<Vec<_>>().join("\t");
        let paint = match line.as_bytes().first() {
            Some(b'-') if color => "\x1b[31m",
            Some(b'+') if color => "\x1b[32m",
            Some(b'@') if color => "\x1b[36m",
            _ => "",
        };
        let end = if paint.is_empty() { "" } else { "\x1b[0m" };
        writeln!(out, "{}", format!("    {paint}{safe}{end}").trim_end())?;
    }
    Ok(())
}
