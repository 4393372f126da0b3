//! In which formats a report is written, and where each goes: `--format pretty --format sarif=out.sarif`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, Command};

use super::disk;
use super::output::{self, Colour};
use crate::report::text::Look;
use crate::report::{FORMATS, Format, Report};

#[derive(Args, Debug)]
pub(super) struct Formats {
    /// How findings are written; several at once where all but one name a file, as in `--format sarif=FILE`
    #[arg(
        long = "format",
        value_name = "FORMAT[=FILE]",
        value_parser = AskedParser,
        default_value = FORMATS[0].name,
    )]
    asked: Vec<Asked>,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When colours are written
    #[arg(long, visible_alias = "colour", value_enum, default_value_t, value_name = "WHEN")]
    color: Colour,
}

/// A format that is asked for, with a file if it has one of its own.
#[derive(Clone, Debug)]
struct Asked {
    format: &'static Format,
    file: Option<PathBuf>,
}

impl Formats {
    /// Refuses what would write one thing over or into another.
    pub(super) fn verify(&self) -> Result<(), String> {
        if self.output.is_some() && self.asked.iter().all(|it| it.file.is_some()) {
            return Err("`--output` is for a format that names no file, and here each names one".to_owned());
        }
        for (at, one) in self.asked.iter().enumerate() {
            for other in &self.asked[..at] {
                let place = self.file(one);
                let is_shared = place.map(disk::real) == self.file(other).map(disk::real);
                if !is_shared || (place.is_none() && can_follow(one.format, other.format)) {
                    continue;
                }
                let place = place.map_or("standard output".to_owned(), |it| format!("`{}`", disk::told(it)));
                let (one, other) = (one.format.name, other.format.name);
                return Err(format!(
                    "`{other}` and `{one}` would both be written to {place}; give one a file of its own, as in \
                     `--format {one}=FILE`"
                ));
            }
        }
        Ok(())
    }

    /// The files that are written.
    pub(super) fn targets(&self) -> impl Iterator<Item = &Path> {
        self.asked.iter().filter_map(|it| it.file.as_deref()).chain(self.output.as_deref())
    }

    /// Where what is no report goes: a patch.
    pub(super) fn write_plain(&self, text: &str) -> Result<(), String> {
        output::write_to(self.output.as_deref(), text, output::look(Colour::Never))
    }

    /// Writes a report in all formats that are asked for. Where standard output has something else to say, what would
    /// have gone there goes beside it.
    pub(super) fn write(&self, report: &Report, is_stdout_taken: bool) -> Result<(), String> {
        let mut written = Ok(());
        for asked in &self.asked {
            let file = self.file(asked);
            let look = self.look(file);
            let text = (asked.format.render)(report, look);
            // One that can't be written keeps no other from it.
            written = written.and(match file {
                None if is_stdout_taken => {
                    output::write_beside(&text);
                    Ok(())
                }
                _ => output::write_to(file, &text, look),
            });
            if let Some(aside) = &asked.format.aside
                && let Some(file) = std::env::var_os(aside.variable).filter(|it| !it.is_empty())
            {
                written = written.and(output::append(Path::new(&file), &(aside.render)(report)));
            }
        }
        written
    }

    fn file<'a>(&'a self, asked: &'a Asked) -> Option<&'a Path> {
        asked.file.as_deref().or(self.output.as_deref())
    }

    fn look(&self, file: Option<&Path>) -> Look {
        match file {
            None => output::look(self.color),
            Some(_) => Look { is_coloured: self.color == Colour::Always, ..Look::PLAIN },
        }
    }
}

/// Whether both may stand on standard output: the commands of a CI among the lines of its log.
fn can_follow(one: &Format, other: &Format) -> bool {
    !one.is_document && !other.is_document && one.name != other.name
}

/// Reads `FORMAT` or `FORMAT=FILE`.
#[derive(Clone)]
struct AskedParser;

impl TypedValueParser for AskedParser {
    type Value = Asked;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Asked, clap::Error> {
        let Some(text) = value.to_str() else {
            return Err(clap::Error::new(ErrorKind::InvalidUtf8).with_cmd(command));
        };
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let name = names().parse_ref(command, argument, OsStr::new(name))?;
        if file.as_ref().is_some_and(|it| it.as_os_str().is_empty()) {
            let message = format!("`--format {name}=` names no file");
            return Err(command.clone().error(ErrorKind::InvalidValue, message));
        }
        let format = FORMATS.iter().find(|it| it.name == name).expect("only their names are taken");
        Ok(Asked { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FORMATS.iter().map(|it| PossibleValue::new(it.name).help(it.about))))
    }
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(FORMATS.iter().map(|it| it.name))
}
