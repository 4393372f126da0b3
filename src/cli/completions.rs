//! `loadpath completions`: what a shell needs to complete commands and options.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Exit;
use super::output::{self, Colour};

/// Write completions for a shell
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run<Program: CommandFactory>(arguments: &Arguments) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Program::command(), "loadpath", &mut script);
    match output::write(&String::from_utf8_lossy(&script), output::look(Colour::Never)) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            output::complain(&format!("can't write the output: {error}"));
            Exit::Trouble
        }
    }
}
