//! `loadpath man`: the manual pages, for `man` and for packages.

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::Exit;
use super::output::{self, Colour};
use crate::report::text::printable;

/// Write a page of the manual to standard output
///
/// To read it: `loadpath man | man -l -`. A package installs each as `loadpath.1`, `loadpath-check.1`, `loadpath-interview-ask.1` and so on.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The command whose page it is, such as `check` or `interview ask`; without one the page of the whole
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

pub(super) fn run<Program: CommandFactory>(arguments: &Arguments) -> Exit {
    super::design::end(write::<Program>(arguments))
}

fn write<Program: CommandFactory>(arguments: &Arguments) -> Result<Exit, String> {
    let mut whole = without_help(Program::command());
    whole.build();
    let mut page = &whole;
    for (at, name) in arguments.command.iter().enumerate() {
        let missing = || format!("there is no command `{}`", printable(&arguments.command[..=at].join(" ")));
        page = page.find_subcommand(name).ok_or_else(missing)?;
    }
    let mut text = Vec::new();
    Man::new(page.clone()).render(&mut text).expect("memory takes it");
    let text = String::from_utf8(text).expect("what clap knows is UTF-8");
    output::write_to(None, &text, output::look(Colour::Never)).map(|()| Exit::Clean)
}

/// `help` says nothing that the pages do not.
fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}
