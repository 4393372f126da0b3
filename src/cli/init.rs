//! `loadpath init`: a first design to change into one's own.

use std::path::PathBuf;

use clap::Args;

use super::output::{self, Colour};
use super::{Exit, disk};

/// Write a first design, which explains itself
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Where; a folder gets a `design.arch`
    #[arg(default_value = "design.arch", value_name = "PATH")]
    path: PathBuf,
}

pub(super) const STARTER: &str = include_str!("init/starter.arch");

pub(super) fn run(arguments: &Arguments) -> Exit {
    let path =
        if arguments.path.is_dir() { arguments.path.join("design.arch") } else { arguments.path.clone() };
    match disk::create(&path, STARTER, "") {
        Ok(()) => {
            let text = format!("wrote `{0}`; now run `loadpath check {0}`\n", disk::told(&path));
            // The file stands, whoever reads this.
            let _ = output::write(&text, output::look(Colour::Never));
            Exit::Clean
        }
        Err(trouble) => {
            output::complain(&trouble);
            Exit::Trouble
        }
    }
}
