//! Running a command that the user named. Comes in: program, arguments, folder. Goes out: what it
//! printed, its exit code and how long it took. Ctrl-C ends it with all that it has started.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// A command and where it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The folder, from the root of the repository.
    pub folder: PathBuf,
}

impl Task {
    /// The command as a person would type it.
    pub fn shown(&self) -> String {
        let plain = |word: &&String| {
            !word.is_empty()
                && !word.contains(|c: char| c.is_whitespace() || "'\"$`\\*?;&|<>()".contains(c))
        };
        let word = |word: &String| match Some(word).filter(|w| plain(w)) {
            Some(word) => word.clone(),
            None => format!("'{}'", word.replace('\'', "'\\''")),
        };
        self.command.iter().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// How a command ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Both of its outputs.
    pub printed: String,
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// How long it took.
    pub took: Duration,
}

static INTERRUPTED: OnceLock<AtomicBool> = OnceLock::new();

fn interrupted() -> &'static AtomicBool {
    INTERRUPTED.get_or_init(AtomicBool::default)
}

/// From now on Ctrl-C and the like end the running command, not this program, which tidies up then.
///
/// # Errors
/// The system does not allow it.
pub fn tidy_up_on_ctrl_c() -> Result<()> {
    interrupted().store(false, Ordering::SeqCst);
    match ctrlc::set_handler(|| interrupted().store(true, Ordering::SeqCst)) {
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(error).context("cannot listen for Ctrl-C"),
    }
}

/// Whether somebody wants an end.
///
/// # Errors
/// Somebody does.
pub fn go_on() -> Result<()> {
    if interrupted().load(Ordering::SeqCst) {
        bail!("interrupted: nothing was changed, and the scratch work tree is gone");
    }
    Ok(())
}

/// Runs the command below `root` and waits for it.
///
/// # Errors
/// It cannot be started, or somebody wants an end.
pub fn run(task: &Task, root: &Path) -> Result<Ran> {
    let Some((program, args)) = task.command.split_first() else { bail!("there is no command") };
    let started = Instant::now();
    let mut command = Command::new(program);
    command.args(args).current_dir(root.join(&task.folder));
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, so that all of it can be ended.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {program:?}: check that it is on the PATH"))?;
    let outputs = (child.stdout.take(), child.stderr.take());
    let (code, printed) = std::thread::scope(|scope| {
        let errors = scope.spawn(move || read(outputs.1));
        let output = scope.spawn(move || read(outputs.0));
        let code = wait(&mut child);
        let join =
            |thread: std::thread::ScopedJoinHandle<'_, String>| thread.join().unwrap_or_default();
        (code, join(output) + &join(errors))
    });
    Ok(Ran { printed, code: code?, took: started.elapsed() })
}

/// All that comes, as text.
fn read(from: Option<impl std::io::Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        // What cannot be read any more was not printed.
        let _ = from.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn wait(child: &mut Child) -> Result<Option<i32>> {
    loop {
        if let Some(status) = child.try_wait()? {
            go_on()?;
            return Ok(status.code());
        }
        if go_on().is_err() {
            end(child);
            child.wait()?;
            go_on()?;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Ends the command with everything that it has started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    let _ = Command::new("kill").args(["-TERM", "--", &format!("-{}", child.id())]).status();
    std::thread::sleep(Duration::from_millis(200));
    // It may be gone already.
    #[cfg(unix)]
    let _ = Command::new("kill")
        .args(["-KILL", "--", &format!("-{}", child.id())])
        .stderr(Stdio::null())
        .status();
    let _ = child.kill();
}
