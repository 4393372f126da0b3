//! Whether the process of the client still runs. It leaves no end of the input behind when it is killed while another
//! process holds the same pipe.

#[cfg(unix)]
pub(super) use unix::leave_with;

#[cfg(unix)]
mod unix {
    use std::process;
    use std::thread;
    use std::time::Duration;

    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};

    use crate::cli::Exit;

    /// How long a client is gone before it is noticed, at most.
    const PAUSE: Duration = Duration::from_secs(3);

    /// Ends this process when that of the client is gone, whatever else is being waited for. A process that can't be
    /// seen from here from the first (it may be one of another container) is not watched.
    pub(crate) fn leave_with(client: u32) {
        let Some(client) = i32::try_from(client).ok().and_then(Pid::from_raw) else { return };
        if !runs(client) {
            return;
        }
        thread::spawn(move || {
            while runs(client) {
                thread::sleep(PAUSE);
            }
            process::exit(Exit::Forsaken.code().into());
        });
    }

    /// Who may not be signalled runs all the same.
    fn runs(process: Pid) -> bool {
        test_kill_process(process) != Err(Errno::SRCH)
    }
}

/// Where processes can't be asked about, the client is gone when its input ends.
#[cfg(not(unix))]
pub(super) fn leave_with(_client: u32) {}
