//! Types, objects and constants against Go's own type checker, which a small Go program under
//! `tests/oracle` runs.
//!
//! By default a few packages of the standard library are compared. `DMMIGRATE_ORACLE=full`
//! compares all of it with its tests, the single-file programs of `GOROOT/test`, and modules from
//! the Go module proxy, each with everything on the disk and with nothing but itself, and prints
//! the table of docs/types.md. `DMMIGRATE_ORACLE=PATH@VERSION,…` does the same for other modules.
//! For any module on the disk set `DMMIGRATE_ORACLE_DIR` to its folder; then
//! `DMMIGRATE_ORACLE_PACKAGES` may name patterns of `go list`, separated by commas.
//! `DMMIGRATE_ORACLE_EXAMPLES=N` shows N examples of each reason.

#![allow(clippy::print_stdout, reason = "the oracle prints its figures")]

mod compare;
mod corpora;
mod facts;
mod mutants;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dmmigrate::app::fs::OsFileSystem;
use dmmigrate::go::packages::{GoEnv, PackageIndex};
use dmmigrate::go::types::Types;

use self::compare::Comparison;
use self::facts::Oracle;
use self::report::{HEAD, Report};
use crate::support::go_toolchain::GoToolchain;

/// What is on the disk for us; the oracle has everything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disk {
    /// The module, GOROOT and the module cache.
    Everything,
    /// The module's own files. Of the standard library we have the declarations that are part of
    /// the program.
    RepositoryOnly,
}

/// Packages that are compared.
struct Run<'a> {
    name: &'a str,
    root: &'a Path,
    patterns: &'a [&'a str],
    flags: &'a [&'a str],
    disk: Disk,
}

impl Run<'_> {
    fn env(&self, go: &GoToolchain) -> GoEnv {
        let all = self.disk == Disk::Everything;
        GoEnv {
            root: self.root.to_path_buf(),
            goroot: all.then(|| go.env("GOROOT").into()),
            module_cache: all.then(|| go.env("GOMODCACHE").into()),
        }
    }

    /// Compares and prints.
    fn report(&self, go: &GoToolchain, oracle: &Oracle) -> Report {
        let index = PackageIndex::new(Arc::new(OsFileSystem), self.env(go));
        let mut comparison = Comparison {
            types: Types::new(Arc::new(index)),
            root: self.root.to_path_buf(),
            report: Report::default(),
        };
        let mut spent = std::time::Duration::ZERO;
        oracle.ask(self.root, self.patterns, self.flags, |path, facts| {
            let started = std::time::Instant::now();
            comparison.file(path, facts, |_, _| true);
            spent += started.elapsed();
        });
        let report = comparison.report;
        println!("{}\n{}", report.line(self.name, spent.as_secs_f64()), report.details());
        report
    }

    /// Compares, prints, and says where it falls short of what is asked for.
    fn check(&self, go: &GoToolchain, oracle: &Oracle) -> Result<Report, String> {
        let report = self.report(go, oracle);
        let all = self.disk == Disk::Everything;
        let (types, objects) = (report.types.share(), report.objects.share());
        let short = if report.types.asked == 0 {
            "the oracle says nothing".into()
        } else if report.wrong() > 0 {
            format!("{} wrong answers", report.wrong())
        } else if types < if all { 97.0 } else { 85.0 } {
            format!("only {types:.1} % of the types are known")
        } else if all && objects < 99.0 {
            format!("only {objects:.1} % of the objects are known")
        } else {
            return Ok(report);
        };
        Err(format!("{}: {short}", self.name))
    }
}

#[test]
fn answers_are_those_of_the_type_checker() {
    let Some(go) = GoToolchain::find() else { return };
    let oracle = Oracle::build();
    let wanted = std::env::var("DMMIGRATE_ORACLE").unwrap_or_default();
    if !wanted.is_empty() {
        return corpora::compare(&go, &oracle, &wanted);
    }
    println!("{HEAD}");
    let packages = std::env::var("DMMIGRATE_ORACLE_PACKAGES");
    let few = "database/sql,encoding/json,slices,maps,iter,sort,errors";
    let standard = Path::new(&go.env("GOROOT")).join("src");
    let module = std::env::var_os("DMMIGRATE_ORACLE_DIR").map(PathBuf::from);
    let packages = packages.unwrap_or_else(|_| module.as_ref().map_or(few, |_| "./...").into());
    let root = module.clone().unwrap_or(standard);
    let patterns: Vec<&str> = packages.split(',').collect();
    let name = packages.as_str();
    let run = |flags: &[&str], disk, name: &str| {
        let run = Run { name, root: &root, patterns: &patterns, flags, disk };
        run.check(&go, &oracle).unwrap_or_else(|short| panic!("{short}"));
    };
    if module.is_none() {
        run(&[], Disk::Everything, name);
        return;
    }
    run(&["-tests"], Disk::Everything, name);
    run(&["-tests"], Disk::RepositoryOnly, &format!("{name}, alone"));
}

#[test]
fn a_repository_alone_is_enough_for_most_types() {
    let Some(go) = GoToolchain::find() else { return };
    let oracle = Oracle::build();
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    for module in ["tests/oracle", "tools/standard-api"] {
        let root = project.join(module);
        let run = Run {
            name: module,
            root: &root,
            patterns: &["./..."],
            flags: &[],
            disk: Disk::RepositoryOnly,
        };
        let report = run.check(&go, &oracle).unwrap_or_else(|short| panic!("{short}"));
        assert!(report.types.share() > 99.9, "the standard library is part of the program");
    }
}
