//! `loadpath fmt`: writes designs in their one form.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Exit;
use super::config::{Configurations, Found, Origin};
use super::disk::{self, Input, PATHS};
use super::exclude::{Excluded, LeftOut};
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
    #[command(flatten)]
    origin: Origin,
    #[command(flatten)]
    paths_left_out: LeftOut,
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
    let mut exit = if troubles.is_empty() { Exit::Clean } else { Exit::Trouble };
    for trouble in &troubles {
        output::complain(trouble);
    }
    let excluded = match excluded(&inputs, arguments) {
        Ok(excluded) => excluded,
        Err(trouble) => {
            output::complain(&trouble);
            return Exit::Trouble;
        }
    };
    // Of Markdown without a design nothing has a form.
    for input in inputs.iter().filter(|it| !disk::has_no_design(it)) {
        let is_left_out = excluded.takes(input, arguments.stdin_filename.as_deref());
        if is_left_out && !input.is_stdin() {
            continue;
        }
        exit = exit.or(format_one(input, is_left_out, arguments).unwrap_or_else(|trouble| {
            output::complain(&trouble);
            Exit::Trouble
        }));
    }
    exit
}

/// What the configurations around the files and the command line leave out.
fn excluded(inputs: &[Input], arguments: &Arguments) -> Result<Excluded, String> {
    let mut configurations = Configurations::new(&arguments.origin);
    let mut around: Vec<Arc<Found>> = Vec::new();
    for input in inputs {
        let place = input.place(arguments.stdin_filename.as_deref());
        let found = configurations.around(place.parent().unwrap_or(Path::new("")))?;
        if !found.settings.exclude.is_empty() && !around.iter().any(|it| Arc::ptr_eq(it, &found)) {
            around.push(found);
        }
    }
    arguments.paths_left_out.with(around.iter().map(AsRef::as_ref))
}

/// Standard input that is left out is answered as it is: an editor puts what it gets in the place of what it gave.
fn format_one(input: &Input, is_left_out: bool, arguments: &Arguments) -> Result<Exit, String> {
    let file = disk::read(input, arguments.stdin_filename.as_deref())?;
    let formatted = if is_left_out {
        file.text.clone()
    } else {
        syntax::format_file(&file).map_err(|errors| unreadable(&file, &errors))?
    };
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
    disk::replace(&input.path, &file.text, &formatted)?;
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
