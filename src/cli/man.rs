//! `loadpath man`: the manual pages, for `man` and for packages.

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::Exit;
use super::output::{self, Colour};

/// Write a page of the manual to standard output
///
/// To read it: `loadpath man | man -l -`. A package installs each as `loadpath.1`, `loadpath-check.1` and so on.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The command whose page it is; without one the page of the whole
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run<Program: CommandFactory>(arguments: &Arguments) -> Exit {
    super::design::end(write::<Program>(arguments))
}

fn write<Program: CommandFactory>(arguments: &Arguments) -> Result<Exit, String> {
    // `help` says nothing that the pages do not.
    let mut whole = Program::command().disable_help_subcommand(true);
    whole.build();
    let page = match arguments.command.as_deref() {
        None => &whole,
        Some(name) => whole.find_subcommand(name).ok_or_else(|| format!("there is no command `{name}`"))?,
    };
    let mut text = Vec::new();
    Man::new(page.clone()).render(&mut text).expect("memory takes it");
    let text = String::from_utf8(text).expect("what clap knows is UTF-8");
    output::write_to(None, &text, output::look(Colour::Never)).map(|()| Exit::Clean)
}
