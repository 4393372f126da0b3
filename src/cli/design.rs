//! What the commands about one design have in common: where it is read, and where the answer goes.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Exit;
use super::config::{Configurations, Origin};
use super::disk::{self, Disk, Input};
use super::output::{self, Colour};
use crate::check::Config;
use crate::report::text::Look;
use crate::source::SourceFile;

/// Where a design is read.
#[derive(Args, Debug)]
pub(super) struct Source {
    /// The design file, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What standard input is called, and where its includes are looked for
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    origin: Origin,
}

impl Source {
    /// The design's own file, the disk around it, and the configuration that holds for it.
    pub(super) fn read(&self) -> Result<(SourceFile, Disk, Config), String> {
        let stdin_name = self.stdin_filename.as_deref();
        let (file, disk) = read(&self.file, stdin_name)?;
        let input = Input { path: self.file.clone(), is_found: false };
        let folder = input.place(stdin_name).parent().unwrap_or(Path::new(""));
        let config = Configurations::new(&self.origin).around(folder)?.settings.config.clone();
        Ok((file, disk, config))
    }
}

/// A design's own file, and the disk around it.
pub(super) fn read(file: &Path, stdin_name: Option<&Path>) -> Result<(SourceFile, Disk), String> {
    let input = Input { path: file.to_owned(), is_found: false };
    let file = disk::read(&input, stdin_name)?;
    Ok((file, Disk::around(input.place(stdin_name))))
}

/// Where the answer goes.
#[derive(Args, Debug)]
pub(super) struct Destination {
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When colours are written
    #[arg(long, visible_alias = "colour", value_enum, default_value_t, value_name = "WHEN")]
    color: Colour,
}

impl Destination {
    /// How text looks there.
    pub(super) fn look(&self) -> Look {
        match &self.output {
            None => output::look(self.color),
            Some(_) => Look { is_coloured: self.color == Colour::Always, ..Look::PLAIN },
        }
    }

    /// Writes the answer.
    pub(super) fn write(&self, text: &str) -> Result<(), String> {
        output::write_to(self.output.as_deref(), text, self.look())
    }
}

/// How figures are written that people pass on.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// For a reader
    #[default]
    Text,
    /// For a pull request, or notes
    Markdown,
    /// For programs
    Json,
}

/// The end of a command: trouble is told.
pub(super) fn end(done: Result<Exit, String>) -> Exit {
    done.unwrap_or_else(|trouble| {
        output::complain(&trouble);
        Exit::Trouble
    })
}
