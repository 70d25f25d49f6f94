//! `rename` beside `gopls rename`, on methods and fields of real modules: the code builds and vets
//! afterwards, and both have made the same of it. `DMMIGRATE_GOPLS` names the gopls to compare with.

use std::path::{Path, PathBuf};
use std::process::Command;

use insta_cmd::get_cargo_bin;

use super::support::go_toolchain::GoToolchain;
use super::support::modules::{copy, download};

/// A field or method of a module, and its new name.
struct Renamed {
    module: &'static str,
    path: &'static str,
    owner: &'static str,
    from: &'static str,
    to: &'static str,
    file: &'static str,
    /// Where to look for the declaration from, and what stands right before the name there.
    before: &'static str,
    declared_by: &'static str,
}

const RENAMED: &[Renamed] = &[
    Renamed {
        module: "github.com/spf13/cobra@v1.10.2",
        path: "github.com/spf13/cobra",
        owner: "Command",
        from: "CommandPath",
        to: "FullPath",
        file: "command.go",
        before: "\n",
        declared_by: "\nfunc (c *Command) ",
    },
    Renamed {
        module: "github.com/spf13/cobra@v1.10.2",
        path: "github.com/spf13/cobra",
        owner: "Command",
        from: "Deprecated",
        to: "Obsolete",
        file: "command.go",
        before: "\ntype Command struct {",
        declared_by: "\n\t",
    },
    Renamed {
        module: "github.com/jmoiron/sqlx@v1.4.0",
        path: "github.com/jmoiron/sqlx",
        owner: "DB",
        from: "MapperFunc",
        to: "SetMapperFunc",
        file: "sqlx.go",
        before: "\n",
        declared_by: "\nfunc (db *DB) ",
    },
    Renamed {
        module: "github.com/jmoiron/sqlx@v1.4.0",
        path: "github.com/jmoiron/sqlx",
        owner: "DB",
        from: "Mapper",
        to: "Names",
        file: "sqlx.go",
        before: "\ntype DB struct {",
        declared_by: "\n\t",
    },
    Renamed {
        module: "gorm.io/gorm@v1.31.2",
        path: "gorm.io/gorm",
        owner: "DB",
        from: "ToSQL",
        to: "AsSQL",
        file: "gorm.go",
        before: "\n",
        declared_by: "\nfunc (db *DB) ",
    },
    Renamed {
        module: "gorm.io/gorm@v1.31.2",
        path: "gorm.io/gorm",
        owner: "Config",
        from: "DryRun",
        to: "Rehearsal",
        file: "gorm.go",
        before: "\ntype Config struct {",
        declared_by: "\n\t",
    },
];

#[test]
#[allow(clippy::print_stderr, clippy::print_stdout, reason = "says what it skipped and found")]
fn renames_are_those_of_gopls() {
    let Ok(gopls) = std::env::var("DMMIGRATE_GOPLS") else {
        eprintln!("skipped: DMMIGRATE_GOPLS names no gopls");
        return;
    };
    let Some(_) = GoToolchain::find() else { return };
    let mut failed = Vec::new();
    for renamed in RENAMED {
        let Renamed { module, owner, from, to, .. } = renamed;
        match compare(renamed, &gopls) {
            Ok(report) => println!("{module}: {owner}.{from} -> {to}: {report}"),
            Err(why) => failed.push(format!("{module}: {owner}.{from} -> {to}: {why}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn compare(renamed: &Renamed, gopls: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let (before, ours, theirs) =
        (folder.path().join("before"), folder.path().join("ours"), folder.path().join("theirs"));
    download(renamed.module, &before);
    copy(&before, &ours);
    copy(&before, &theirs);
    let Renamed { path, owner, from, to, .. } = renamed;
    let rule = format!(
        "packages: {{m: {{path: {path}, name: {}}}}}\nrules:\n- id: renamed\n  rename: {{from: m.{owner}.{from}, to: {to}}}\n",
        path.rsplit('/').next().unwrap_or_default(),
    );
    std::fs::write(folder.path().join("rule.yaml"), rule).expect("written");
    let program = get_cargo_bin("dmmigrate");
    let said = run(&ours, program.to_str().expect("text"), &["apply", "--rule", "../rule.yaml"])?;
    let place = declaration(renamed, &theirs).ok_or("the declaration is not there")?;
    run(&theirs, gopls, &["rename", "-w", &place, to])?;
    std::fs::remove_dir_all(ours.join(".dmmigrate")).expect("the journal");
    run(&ours, "go", &["build", "./..."])?;
    // What vet has against a module it had before.
    let vet = |folder: &Path| run(folder, "go", &["vet", "./..."]).unwrap_or_else(|why| why);
    let (then, now) = (vet(&before).replace(from, to), vet(&ours).replace(from, to));
    if then != now {
        return Err(format!("go vet: {now}\nbefore: {then}"));
    }
    // gopls does not align what it has changed.
    run(&theirs, "gofmt", &["-w", "."])?;
    run(&ours, "gofmt", &["-w", "."])?;
    let changed = difference(&before, &ours)?;
    let apart = difference(&ours, &theirs)?;
    if !apart.is_empty() {
        return Err(format!("not as gopls has it:\n{apart}\n{said}"));
    }
    let lines = changed.lines().filter(|line| line.starts_with('+')).count();
    if lines == 0 {
        return Err(format!("nothing was renamed\n{said}"));
    }
    Ok(format!("{lines} lines, the same as gopls"))
}

/// `FILE:LINE:COLUMN` of the name that is declared.
fn declaration(renamed: &Renamed, root: &Path) -> Option<String> {
    let text = std::fs::read_to_string(root.join(renamed.file)).ok()?;
    let before = text.find(renamed.before)?;
    let declares = format!("{}{}", renamed.declared_by, renamed.from);
    let is_whole = |at: &usize| {
        !text[at + declares.len()..].starts_with(|c: char| c == '_' || c.is_alphanumeric())
    };
    let mut found = text[before..].match_indices(&declares).map(|(at, _)| before + at);
    let at = found.find(is_whole)? + renamed.declared_by.len();
    let line = text[..at].matches('\n').count() + 1;
    let column = at - text[..at].rfind('\n')?;
    Some(format!("{}:{line}:{column}", renamed.file))
}

fn run(folder: &Path, program: &str, args: &[&str]) -> Result<String, String> {
    let program_path = PathBuf::from(program);
    let output = Command::new(program_path)
        .current_dir(folder)
        .args(args)
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-mod=mod")
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(said) } else { Err(format!("{program} {args:?}: {said}")) }
}

/// What `diff` says of the Go files of two folders.
fn difference(one: &Path, other: &Path) -> Result<String, String> {
    let output = Command::new("git")
        .args(["diff", "--no-index", "--no-color", "-U0"])
        .args([one, other])
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter(|l| l.starts_with(['+', '-']) && !l.starts_with("+++"));
    let lines = lines.filter(|line| !line.starts_with("---"));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}
