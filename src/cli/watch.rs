//! `loadpath check --watch`: once more whenever a file that was read, or could have been, is another.

use std::collections::BTreeMap;
use std::fs;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use super::output;

/// How often the files are looked at.
const PACE: Duration = Duration::from_millis(200);

/// Runs again and again. `round` says which files it has read, `listed` which there are now.
pub(super) fn watch(mut round: impl FnMut() -> Vec<PathBuf>, listed: impl Fn() -> Vec<PathBuf>) -> ! {
    loop {
        if std::io::stdout().is_terminal() {
            output::write_to(None, "\x1b[2J\x1b[H", output::look(output::Colour::Always)).ok();
        }
        let begun = stamps(&listed(), &[]);
        let read = round();
        // What was changed while it was read is read again.
        let mut before = stamps(&listed(), &read);
        before.extend(begun);
        output::write_beside("watching for changes; end with Ctrl-C\n");
        while stamps(&listed(), &read) == before {
            thread::sleep(PACE);
        }
    }
}

/// When each file was changed last, and how long it is.
fn stamps(listed: &[PathBuf], read: &[PathBuf]) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
    let stamp = |path: &PathBuf| {
        let about = fs::metadata(path).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    listed.iter().chain(read).map(|path| (path.clone(), stamp(path))).collect()
}
