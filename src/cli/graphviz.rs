//! Graphviz, where it is installed: `dot` is handed a picture and draws it, in bounded time.

use std::io::{ErrorKind, Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::report::text::printable;

/// How long a picture may take before it is given up.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often it is looked whether it is done.
const PAUSE: Duration = Duration::from_millis(10);
/// Letters of what Graphviz says that are passed on.
const SAID: usize = 500;

/// What is wanted of Graphviz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawn {
    /// A drawing for pages.
    Svg,
    /// A picture in two dots where a screen has one.
    Png,
}

/// A picture as Graphviz draws it.
///
/// # Errors
/// Where it is not installed, refuses the text, or takes too long: in words, with what to do.
pub(super) fn drawn(dot: &str, wanted: Drawn) -> Result<Vec<u8>, String> {
    let mut command = Command::new("dot");
    match wanted {
        Drawn::Svg => command.arg("-Tsvg"),
        Drawn::Png => command.args(["-Tpng", "-Gdpi=192"]),
    };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing(wanted),
        _ => format!("can't start Graphviz's `dot`: {error}"),
    })?;
    let mut stdin = child.stdin.take().expect("it is piped");
    let text = dot.to_owned();
    // A pipe holds little: it is written and read beside the waiting. Who takes no more has said why.
    thread::spawn(move || {
        let _ = stdin.write_all(text.as_bytes());
    });
    let picture = beside(child.stdout.take().expect("it is piped"));
    let said = beside(child.stderr.take().expect("it is piped"));
    let is_done = finish(&mut child)?;
    let (picture, said) = (picture.recv().unwrap_or_default(), said.recv().unwrap_or_default());
    let said: String = printable(String::from_utf8_lossy(&said).trim()).chars().take(SAID).collect();
    match is_done {
        true if !picture.is_empty() => Ok(picture),
        true => Err(format!("Graphviz's `dot` drew nothing: {said}")),
        false => Err(format!("Graphviz's `dot` could not draw it: {said}")),
    }
}

/// Reads to the end in a thread of its own.
fn beside(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut read = Vec::new();
        let _ = pipe.read_to_end(&mut read);
        let _ = sender.send(read);
    });
    receiver
}

/// Waits until it ends, and ends it where that takes too long. Whether it is content.
fn finish(child: &mut Child) -> Result<bool, String> {
    let begun = Instant::now();
    loop {
        match child.try_wait().map_err(|error| format!("can't wait for Graphviz's `dot`: {error}"))? {
            Some(status) => return Ok(status.success()),
            None if begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                return Err("Graphviz's `dot` took longer than a minute; draw less of the design, with `--collapse`, \
                            `--focus`, `--flow` or `--group`"
                    .to_owned());
            }
        }
    }
}

/// What to do without it.
fn missing(wanted: Drawn) -> String {
    let sort = if wanted == Drawn::Svg { "SVG" } else { "PNG" };
    format!(
        "{sort} needs Graphviz, and there is no `dot` in the PATH\n  \
         Debian, Ubuntu: apt-get install graphviz\n  \
         Fedora: dnf install graphviz\n  \
         macOS: brew install graphviz\n  \
         Windows: winget install Graphviz.Graphviz\n\
         without it: `loadpath report --format html` has the picture in a page, and `--format mermaid` is drawn by GitHub"
    )
}
