//! Progress on long work. Comes in: counts from the threads that work. Goes out: one line on a
//! terminal that says how far they are, from the first second on; it is gone when they end.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::output::summary::{many, thousands};

/// Work that is done sooner needs no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the line is written anew.
const PACE: Duration = Duration::from_millis(150);

/// How far a piece of work is. Clones are the same work.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// What is being done, once it is known how much there is.
    what: Mutex<&'static str>,
    all: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// From now on it is about `all` files.
    pub fn begin(&self, what: &'static str, all: usize) {
        self.0.done.store(0, Relaxed);
        self.0.all.store(all, Relaxed);
        // A poisoned lock belongs to a panic that is told elsewhere.
        if let Ok(mut now) = self.0.what.lock() {
            *now = what;
        }
    }

    /// So many more files are done.
    pub fn step(&self, files: usize) {
        self.0.done.fetch_add(files, Relaxed);
    }

    /// The line: `reading 3,210 of 19,701 files`.
    fn line(&self) -> String {
        let (done, all) = (self.0.done.load(Relaxed), self.0.all.load(Relaxed));
        let what = self.0.what.lock().map_or("", |what| *what);
        match (what, done) {
            ("", 0) => "looking for files".to_string(),
            ("", found) => format!("looking for files: {}", thousands(found)),
            (what, 0) => format!("{what} {}", many(all, "file")),
            (what, done) => format!("{what} {} of {}", thousands(done.min(all)), many(all, "file")),
        }
    }

    /// Shows the line on standard error, if `wanted`, until what comes back is dropped.
    pub fn show(&self, wanted: bool) -> Shown {
        let (ends, ended) = channel();
        let progress = self.clone();
        let thread = wanted.then(|| std::thread::spawn(move || progress.keep_showing(&ended)));
        Shown { thread, ends: Some(ends) }
    }

    fn keep_showing(&self, ended: &Receiver<()>) {
        let mut wait = PATIENCE;
        while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            // Where the terminal is gone nobody looks at it.
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", self.line());
            wait = PACE;
        }
        if wait == PACE {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// The line on the terminal, as long as it lives.
#[derive(Debug)]
pub struct Shown {
    thread: Option<JoinHandle<()>>,
    ends: Option<Sender<()>>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.ends.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_the_work_is() {
        let progress = Progress::default();
        assert_eq!(progress.line(), "looking for files");
        progress.step(1200);
        assert_eq!(progress.line(), "looking for files: 1,200");
        progress.begin("reading", 19_701);
        assert_eq!(progress.line(), "reading 19,701 files");
        progress.clone().step(3210);
        assert_eq!(progress.line(), "reading 3,210 of 19,701 files");
        progress.begin("writing", 1);
        progress.step(1);
        assert_eq!(progress.line(), "writing 1 of 1 file");
        drop(progress.show(false));
        drop(progress.show(true));
    }
}
