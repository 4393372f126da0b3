//! `loadpath fmt`: writes designs in their one form.

use std::path::PathBuf;

use clap::Args;

use super::Exit;
use super::disk::{self, Input, PATHS};
use super::output::{self, Colour};
use crate::report::text::printable;
use crate::source::{FileId, SourceFile};
use crate::syntax::{self, SyntaxError};

/// Write designs in their one form
///
/// In Markdown these are its `arch` fences, and nothing else is touched. A file with text that can't be read stays as
/// it is.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[arg(value_name = "PATH", help = PATHS)]
    paths: Vec<PathBuf>,
    /// What standard input is called: by a name in `.md` it is Markdown
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// Change nothing; leave with 1 if a file is not in its form
    #[arg(long)]
    check: bool,
    /// Change nothing; show what would change, and leave with 1 if anything would
    #[arg(long)]
    diff: bool,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let paths = match disk::asked(&arguments.paths, arguments.stdin_filename.as_deref()) {
        Ok(paths) => paths,
        Err(trouble) => {
            output::complain(&trouble);
            return Exit::Trouble;
        }
    };
    let (inputs, troubles) = disk::inputs(&paths);
    let mut exit = if troubles.is_empty() && !inputs.is_empty() { Exit::Clean } else { Exit::Trouble };
    for trouble in &troubles {
        output::complain(trouble);
    }
    for input in &inputs {
        exit = exit.or(format_one(input, arguments).unwrap_or_else(|trouble| {
            output::complain(&trouble);
            Exit::Trouble
        }));
    }
    exit
}

fn format_one(input: &Input, arguments: &Arguments) -> Result<Exit, String> {
    let file = disk::read(input, arguments.stdin_filename.as_deref())?;
    let formatted = syntax::format_file(&file).map_err(|errors| unreadable(&file, &errors))?;
    let is_formatted = formatted == file.text;
    let look = output::look(Colour::Never);
    let only_looks = arguments.check || arguments.diff;
    if input.is_stdin() && !only_looks {
        output::write(&formatted, look).map_err(|error| format!("can't write the output: {error}"))?;
        return Ok(Exit::Clean);
    }
    if is_formatted {
        return Ok(Exit::Clean);
    }
    if only_looks {
        let text = if arguments.diff {
            output::difference(&file.name, &file.text, &formatted)
        } else {
            format!("{} is not in its form\n", printable(&file.name))
        };
        output::write(&text, look).map_err(|error| format!("can't write the output: {error}"))?;
        return Ok(Exit::Findings);
    }
    disk::replace(&input.path, &formatted)?;
    Ok(Exit::Clean)
}

fn unreadable(file: &SourceFile, errors: &[SyntaxError]) -> String {
    let name = printable(&file.name);
    let mut lines = vec![format!("`{name}` stays as it is, for it can't be read:")];
    for error in errors.iter().take(10) {
        debug_assert_eq!(error.span.file, FileId(0), "a text is read by itself");
        let message = printable(&error.message);
        lines.push(format!("  {name}:{}: {message}", file.position(error.span.start)));
    }
    lines.join("\n")
}
