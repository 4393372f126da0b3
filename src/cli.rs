//! The command line: arguments in, files read, reports written, an exit code out. One file a command.

mod address;
mod check;
mod completions;
mod config;
mod design;
mod diff;
mod disk;
mod estimate;
mod exclude;
mod explain;
mod fmt;
mod formats;
mod glob;
mod graph;
mod graphviz;
mod ignoring;
mod init;
mod interview;
mod kept;
mod learn;
mod lsp;
mod man;
mod memory;
mod mend;
mod output;
mod progress;
mod report;
mod review;
mod revision;
mod rules;
mod serve;
mod watch;
mod what_if;

use clap::{Parser, Subcommand};

/// Reviews a software architecture: a design file in, findings out.
#[derive(Debug, Parser)]
#[command(name = "loadpath", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Explain(explain::Arguments),
    Rules(rules::Arguments),
    Fmt(fmt::Arguments),
    Graph(graph::Arguments),
    Report(report::Arguments),
    Review(review::Arguments),
    Estimate(estimate::Arguments),
    WhatIf(what_if::Arguments),
    Diff(diff::Arguments),
    Learn(learn::Arguments),
    Interview(interview::Arguments),
    Init(init::Arguments),
    Lsp(lsp::Arguments),
    Serve(serve::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// How a command ends, as every command means it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing to object to.
    Clean,
    /// Findings at or over the level that fails.
    Findings,
    /// A client that left without having said so.
    Forsaken,
    /// What was asked for can't be done: usage, configuration, files.
    Trouble,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings | Self::Forsaken => 1,
            Self::Trouble => 2,
        }
    }

    /// The graver of two.
    fn or(self, other: Self) -> Self {
        if self.code() >= other.code() { self } else { other }
    }
}

/// Runs the command that the process's arguments name, and says with which code to leave.
pub fn run() -> u8 {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return answered(&error).code(),
    };
    let exit = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Estimate(arguments) => estimate::run(&arguments),
        Command::WhatIf(arguments) => what_if::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Learn(arguments) => learn::run(&arguments),
        Command::Interview(arguments) => interview::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Completions(arguments) => completions::run::<Arguments>(&arguments),
        Command::Man(arguments) => man::run::<Arguments>(&arguments),
    };
    exit.code()
}

/// Answers arguments that name no command to run: a question for help or the version, or what is wrong with them.
fn answered(error: &clap::Error) -> Exit {
    let is_wrong = error.use_stderr();
    match output::quietly(error.print()) {
        Ok(()) if !is_wrong => Exit::Clean,
        _ => Exit::Trouble,
    }
}
