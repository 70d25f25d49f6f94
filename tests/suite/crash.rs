//! Nothing is lost, whatever happens while files are written: a kill, a power cut or an error at
//! every single step, on a disk in memory; `kill -9` of the real program at random moments.
//!
//! `DMMIGRATE_CRASH_FILES=500` and `DMMIGRATE_KILLS=200` make the tests as long as a release wants
//! them.

mod disk;
mod killed;
mod mishaps;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dmmigrate::app::digest::Digest;
use dmmigrate::app::disk::Disk;
use dmmigrate::app::journal::{Journal, Sites};
use dmmigrate::app::run::on_threads;
use dmmigrate::app::transaction::{About, Transaction, Write, Written};
use dmmigrate::app::undo::{find_run, undo};

use self::disk::{Disaster, MemoryDisk};

const ROOT: &str = "/repo";

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// A repository of `files` Go files in folders of ten; every fifth folder is a module whose go.mod
/// changes with its code.
fn repository(files: usize) -> (MemoryDisk, Vec<PathBuf>) {
    let disk = MemoryDisk::default();
    let mut paths = Vec::new();
    disk.add_folder(Path::new(ROOT));
    for nth in 0..files {
        let folder = PathBuf::from(format!("p{}", nth / 10));
        disk.add_folder(&Path::new(ROOT).join(&folder));
        let is_module = nth / 10 % 5 == 0 && nth % 10 == 0;
        let path = folder.join(if is_module { "go.mod".into() } else { format!("f{nth}.go") });
        disk.add_file(&Path::new(ROOT).join(&path), &old(&path));
        paths.push(path);
    }
    (disk, paths)
}

fn old(path: &Path) -> Vec<u8> {
    format!("old {}\n", path.display()).into_bytes()
}

fn new(path: &Path) -> Vec<u8> {
    format!("new bytes of {}\n", path.display()).into_bytes()
}

fn about() -> About {
    About {
        command: vec!["apply".into()],
        folder: ROOT.into(),
        rules: Digest::of(b""),
        packs: Vec::new(),
        detected: Vec::new(),
    }
}

/// Writes what is not written yet, as a run does that finds some files done already.
fn apply(disk: &MemoryDisk, paths: &[PathBuf]) -> anyhow::Result<Written> {
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let transaction = Transaction::open(shared, Path::new(ROOT))?;
    let contents: Vec<Vec<u8>> = paths.iter().map(|p| disk.bytes(p)).collect();
    let mut units: Vec<Vec<Write<'_>>> = Vec::new();
    for (nth, (path, now)) in paths.iter().zip(&contents).enumerate() {
        if *now == new(path) {
            continue;
        }
        let write = Write { path, old: Some(now), new: Some(new(path)), sites: Sites::new() };
        match units.last_mut() {
            Some(unit) if nth / 10 % 5 == 0 && unit[0].path.parent() == path.parent() => {
                unit.push(write);
            }
            _ => units.push(vec![write]),
        }
    }
    on_threads(Some(1), || transaction.write(&units, about()))?
}

/// Takes the last run back; without a run there is nothing to do.
fn take_back(disk: &MemoryDisk) -> anyhow::Result<()> {
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let journal = Journal::of(shared.clone(), Path::new(ROOT));
    let Ok(mut run) = find_run(&journal, None) else { return Ok(()) };
    let _lock = journal.lock()?;
    let undone = on_threads(Some(1), || undo(&shared, Path::new(ROOT), &mut run, &[]))??;
    anyhow::ensure!(undone.refused.is_empty(), "{:?}", undone.refused);
    Ok(())
}

fn all_old(disk: &MemoryDisk, paths: &[PathBuf], when: &str) {
    for path in paths {
        assert_eq!(disk.bytes(path), old(path), "{when}: {}", path.display());
    }
    assert_eq!(disk.temporaries(), Vec::<PathBuf>::new(), "{when}");
}

fn old_or_new(disk: &MemoryDisk, paths: &[PathBuf], when: &str) {
    for path in paths {
        let now = disk.bytes(path);
        let whole = now == old(path) || now == new(path);
        assert!(whole, "{when}: {} holds {:?}", path.display(), String::from_utf8_lossy(&now));
    }
}

#[test]
fn whatever_ends_a_run_it_can_be_taken_back_or_gone_on_with() {
    let (whole, paths) = repository(number("DMMIGRATE_CRASH_FILES", 30));
    let steps = whole.clone_of();
    apply(&steps, &paths).expect("without a disaster");
    let steps = steps.steps();
    assert!(steps > 5 * paths.len(), "only {steps} steps");
    for disaster in [Disaster::Kill, Disaster::PowerCut] {
        for step in 0..steps {
            let when = format!("{disaster:?} at step {step} of {steps}");
            let disk = whole.clone_of();
            disk.plan(disaster, step);
            assert!(apply(&disk, &paths).is_err(), "{when}: the run goes on");
            let disk = disk.after_disaster();
            old_or_new(&disk, &paths, &when);
            let again = disk.clone_of();
            take_back(&disk).expect("undo works");
            all_old(&disk, &paths, &format!("undo after {when}"));
            apply(&again, &paths).expect("a second run works");
            for path in &paths {
                assert_eq!(again.bytes(path), new(path), "second run after {when}");
            }
            assert_eq!(again.temporaries(), Vec::<PathBuf>::new(), "{when}");
            take_back(&again).expect("undo works");
            all_old(&again, &paths, &format!("undo of both runs after {when}"));
        }
    }
}

#[test]
fn whatever_ends_an_undo_it_can_be_done_again() {
    let (whole, paths) = repository(number("DMMIGRATE_CRASH_FILES", 30));
    apply(&whole, &paths).expect("a run");
    let steps = whole.clone_of();
    take_back(&steps).expect("without a disaster");
    let steps = steps.steps();
    for disaster in [Disaster::Kill, Disaster::PowerCut] {
        for step in 0..steps {
            let when = format!("{disaster:?} at step {step} of {steps}");
            let disk = whole.clone_of();
            disk.plan(disaster, step);
            assert!(take_back(&disk).is_err(), "{when}: undo goes on");
            let disk = disk.after_disaster();
            old_or_new(&disk, &paths, &when);
            take_back(&disk).expect("undo works");
            all_old(&disk, &paths, &format!("undo after {when}"));
        }
    }
}

#[test]
fn an_error_at_any_step_leaves_whole_files_and_whole_modules() {
    let (whole, paths) = repository(number("DMMIGRATE_CRASH_FILES", 30));
    let steps = whole.clone_of();
    apply(&steps, &paths).expect("without an error");
    for step in 0..steps.steps() {
        let when = format!("disk full at step {step}");
        let disk = whole.clone_of();
        disk.plan(Disaster::Error, step);
        let result = apply(&disk, &paths);
        old_or_new(&disk, &paths, &when);
        if let Ok(written) = result {
            let named = |path: &Path| written.failed.iter().any(|f| f.path == path);
            for path in &paths {
                let is_new = disk.bytes(path) == new(path);
                assert_eq!(is_new, !named(path), "{when}: {}", path.display());
            }
            assert_eq!(disk.temporaries(), Vec::<PathBuf>::new(), "{when}");
        }
        for module in paths.iter().filter(|p| p.ends_with("go.mod")) {
            let of_module = paths.iter().filter(|p| p.parent() == module.parent());
            let written = of_module.clone().filter(|p| disk.bytes(p) == new(p)).count();
            let all = of_module.count();
            assert!(written == 0 || written == all, "{when}: {written} of {all} of a module");
        }
        take_back(&disk).expect("undo works");
        all_old(&disk, &paths, &format!("undo after {when}"));
    }
}

#[test]
fn an_edit_after_the_run_is_kept_and_holds_back_its_module_alone() {
    let (disk, paths) = repository(100);
    apply(&disk, &paths).expect("a run");
    let edited = [Path::new("p0/f3.go"), Path::new("p1/f13.go")];
    for path in edited {
        disk.add_file(&Path::new(ROOT).join(path), b"mine\n");
    }
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let journal = Journal::of(shared.clone(), Path::new(ROOT));
    let mut run = find_run(&journal, None).expect("the run");
    let undone = undo(&shared, Path::new(ROOT), &mut run, &[]).expect("it is tried");
    let refused: Vec<&Path> = undone.refused.iter().map(|f| f.path.as_path()).collect();
    // The module p0 stays as it is, with its ten files; of the folder p1 one file does.
    assert_eq!(refused, edited);
    assert_eq!(Vec::from_iter(undone.waiting), [(PathBuf::from("p0/go.mod"), 9)]);
    for path in &paths {
        let expected = if edited.contains(&path.as_path()) {
            b"mine\n".to_vec()
        } else if path.starts_with("p0") {
            new(path)
        } else {
            old(path)
        };
        assert_eq!(disk.bytes(path), expected, "{}", path.display());
    }
    // What is named is taken back alone.
    let named = [PathBuf::from("p0/f4.go")];
    undo(&shared, Path::new(ROOT), &mut run, &named).expect("it is done");
    assert_eq!(disk.bytes(&named[0]), old(&named[0]));
    let nothing = undo(&shared, Path::new(ROOT), &mut run, &[PathBuf::from("elsewhere")]);
    assert!(nothing.expect_err("refused").to_string().contains("has changed nothing in elsewhere"));
}

#[test]
fn a_journal_keeps_a_bounded_number_of_runs() {
    let (disk, paths) = repository(3);
    for nth in 0..40 {
        let bytes = format!("version {nth}");
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let transaction = Transaction::open(shared, Path::new(ROOT)).expect("a transaction");
        let now = disk.bytes(&paths[0]);
        let write = Write {
            path: &paths[0],
            old: Some(&now),
            new: Some(bytes.into_bytes()),
            sites: Sites::new(),
        };
        transaction.write(&[vec![write]], about()).expect("written");
    }
    let journal = Journal::of(Arc::new(disk.clone()), Path::new(ROOT));
    assert_eq!(journal.runs().expect("runs").len(), 30);
    take_back(&disk).expect("undo");
    assert_eq!(disk.bytes(&paths[0]), b"version 38");
}
