//! A line that says how far a long run is, on a terminal alone.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What takes less says nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the line is written again.
const PACE: Duration = Duration::from_millis(100);

/// The line; it is taken away when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: Arc<AtomicUsize>,
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to count designs; without a terminal nothing is ever written.
    pub(super) fn of(designs: usize) -> Self {
        if !io::stderr().is_terminal() {
            return Self::default();
        }
        let done = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = mpsc::channel();
        let counted = Arc::clone(&done);
        let thread = thread::spawn(move || {
            let mut wait = PATIENCE;
            let mut has_written = false;
            while receiver.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let count = counted.load(Ordering::Relaxed);
                // With the error stream gone there is nobody left to tell.
                let _ = write!(io::stderr(), "\r\x1b[Kchecked {count} of {designs}");
                has_written = true;
                wait = PACE;
            }
            if has_written {
                let _ = write!(io::stderr(), "\r\x1b[K");
            }
        });
        Self { done, running: Some((sender, thread)) }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.running.take() {
            drop(sender);
            // The line is away before the findings are written.
            let _ = thread.join();
        }
    }
}
