//! Where output goes: the terminal and its looks, files, and pipes that may close at any time.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use similar::TextDiff;

use super::{Exit, disk};
use crate::check::{Checked, mend};
use crate::report::text::{Look, printable};

/// When colours are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set; also with `CLICOLOR_FORCE`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The narrowest and the widest that text is set.
const WIDTHS: (usize, usize) = (40, 120);

/// How text looks on standard output.
pub(super) fn look(colour: Colour) -> Look {
    let is_coloured = match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            // The convention of `CLICOLOR_FORCE`: 0 is no.
            let is_forced = std::env::var_os("CLICOLOR_FORCE").is_none_or(|it| it != "0");
            (is_forced || io::stdout().is_terminal())
                && AutoStream::choice(&io::stdout()) != ColorChoice::Never
        }
    };
    let (width, is_unicode) = if io::stdout().is_terminal() {
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        (width.clamp(WIDTHS.0, WIDTHS.1), speaks_unicode())
    } else {
        (Look::PLAIN.width, true)
    };
    Look { width, is_unicode, is_coloured }
}

/// Whether the locale writes UTF-8; without one the world of today is assumed.
fn speaks_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    let is_utf8 = locale.is_none_or(|it| {
        let it = it.to_ascii_lowercase();
        it.contains("utf-8") || it.contains("utf8")
    });
    is_utf8 && !std::env::var("TERM").is_ok_and(|term| term == "linux" || term == "dumb")
}

/// Writes to standard output. A reader who has gone is no trouble: `loadpath check . | head` ends quietly.
pub(super) fn write(text: &str, look: Look) -> io::Result<()> {
    let choice = if look.is_coloured { ColorChoice::Always } else { ColorChoice::Never };
    let mut stdout = AutoStream::new(io::stdout().lock(), choice);
    quietly(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Writes to a file, or to standard output where none is named.
pub(super) fn write_to(file: Option<&Path>, text: &str, look: Look) -> Result<(), String> {
    let Some(path) = file else {
        return write(text, look).map_err(|error| format!("can't write the output: {error}"));
    };
    let written = File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("can't write `{}`: {}", disk::told(path), disk::reason(&error)))
}

/// The same of what is no text.
pub(super) fn write_bytes_to(file: Option<&Path>, bytes: &[u8]) -> Result<(), String> {
    let Some(path) = file else {
        let mut stdout = io::stdout().lock();
        let written = quietly(stdout.write_all(bytes).and_then(|()| stdout.flush()));
        return written.map_err(|error| format!("can't write the output: {error}"));
    };
    let written = File::create(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| format!("can't write `{}`: {}", disk::told(path), disk::reason(&error)))
}

/// Adds to the end of a file, which need not be there yet.
pub(super) fn append(path: &Path, text: &str) -> Result<(), String> {
    let opened = File::options().append(true).create(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("can't write `{}`: {}", disk::told(path), disk::reason(&error)))
}

/// Writes to the error stream what would have gone to standard output.
pub(super) fn write_beside(text: &str) {
    // With the error stream gone there is nobody left to tell.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Tells of trouble on the error stream.
pub(super) fn complain(message: &str) {
    // With the error stream gone there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "error: {message}");
}

/// How a command ends that shows figures of a design: where the text could not be read without guessing it says so.
pub(super) fn language_exit(design: &Checked) -> Exit {
    language_exit_of("", design)
}

/// The same of one of several designs, which is named.
pub(super) fn language_exit_of(name: &str, design: &Checked) -> Exit {
    let errors = mend::tears(design);
    if errors == 0 {
        return Exit::Clean;
    }
    let errors = crate::figures::count(errors, "error", "errors");
    let name = if name.is_empty() { String::new() } else { format!("{name} has ") };
    complain(&format!(
        "{name}{errors} of the language: the figures are those of what could be read; see `loadpath check`"
    ));
    Exit::Findings
}

/// A reader who has gone is no trouble.
pub(super) fn quietly(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// What changes in a file, as a patch.
pub(super) fn difference(name: &str, before: &str, after: &str) -> String {
    let name = printable(name);
    TextDiff::from_lines(before, after)
        .unified_diff()
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}
