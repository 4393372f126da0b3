//! What the commands about one design have in common: where it is read, and where the answer goes.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::Exit;
use super::config::{Configurations, Origin};
use super::disk::{self, Disk, Input};
use super::kept::Kept;
use super::output::{self, Colour};
use crate::check::{Checked, Config};
use crate::report::Form;
use crate::report::text::Look;
use crate::source::SourceFile;

/// Where a design is read.
#[derive(Args, Debug)]
pub(super) struct Source {
    /// The design file, or `-` for standard input
    #[arg(value_name = "FILE", required_unless_present = "stdin_filename")]
    file: Option<PathBuf>,
    /// What standard input is called, and where its includes are looked for
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    origin: Origin,
}

/// A design's own file, the disk around it, the configuration that holds for it, and what no answer is written over.
pub(super) struct Opened {
    pub(super) file: SourceFile,
    pub(super) disk: Disk,
    pub(super) config: Config,
    pub(super) kept: Kept,
}

impl Source {
    /// Reads it.
    pub(super) fn read(&self) -> Result<Opened, String> {
        let stdin_name = self.stdin_filename.as_deref();
        let asked = disk::asked(self.file.as_slice(), stdin_name)?;
        let path = asked.first().expect("clap asks for a file, or a name of standard input");
        let (file, disk) = read(path, stdin_name)?;
        let input = Input { path: path.clone(), is_found: false };
        let folder = input.place(stdin_name).parent().unwrap_or(Path::new(""));
        let mut configurations = Configurations::new(&self.origin);
        let config = configurations.around(folder)?.settings.config.clone();
        let mut kept = Kept::default();
        kept.files(configurations.files());
        Ok(Opened { file, disk, config, kept })
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

    /// The format that is asked for, else the one that the file's ending names; without an ending, the first.
    ///
    /// # Errors
    /// Says which formats there are, where the ending is that of none.
    pub(super) fn format<R>(
        &self,
        asked: Option<&'static Form<R>>,
        all: &[&'static Form<R>],
    ) -> Result<&'static Form<R>, String> {
        let ending = self.output.as_deref().and_then(Path::extension);
        let (None, Some(ending)) = (asked, ending) else { return Ok(asked.unwrap_or(all[0])) };
        let ending = ending.to_string_lossy().to_ascii_lowercase();
        let wanted = match ending.as_str() {
            "txt" => "text",
            "htm" => "html",
            other => other,
        };
        find(all, wanted).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|it| it.name).collect();
            format!("no format has the ending `.{ending}`; name one with `--format`: {}", names.join(", "))
        })
    }

    /// Writes the answer about some designs, and over nothing that was read for it.
    pub(super) fn write(&self, text: &str, mut kept: Kept, designs: &[&Checked]) -> Result<(), String> {
        if let Some(target) = &self.output {
            for design in designs {
                kept.design(&design.sources);
            }
            kept.refuse(target)?;
        }
        output::write_to(self.output.as_deref(), text, self.look())
    }
}

/// Takes the name of one of several formats.
pub(super) fn named<R: Send + Sync>(
    all: &'static [&'static Form<R>],
) -> impl TypedValueParser<Value = &'static Form<R>> {
    let named = |it: &&'static Form<R>| PossibleValue::new(it.name).help(it.about).aliases(it.alias);
    PossibleValuesParser::new(all.iter().map(named))
        .map(|name| find(all, &name).expect("only their names are taken"))
}

/// The format of this name.
pub(super) fn find<R>(all: &[&'static Form<R>], name: &str) -> Option<&'static Form<R>> {
    all.iter().copied().find(|it| it.name == name || it.alias == Some(name))
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
