//! `loadpath lsp`: a language server over standard input and output.
//!
//! One thread, one message after the other, in the order in which they come: the same messages always give the same
//! answers. What is computed is `editor`'s; here it is put into the words of the protocol.

mod addresses;
mod answers;
mod client;
mod configured;
mod desk;
mod findings;
mod graph;
mod markdown;
mod offers;
mod place;
mod project;
mod proposals;
mod seen;
mod server;
mod watch;
mod wire;
mod wishes;

use clap::Args;

use super::Exit;
use super::output;
use server::Leave;

/// Serve editors over the Language Server Protocol
///
/// Reads messages from standard input and answers on standard output, as an editor starts it. Nothing is written but
/// that.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// For editors that say how they talk: it is always standard input and output
    #[arg(long, hide = true)]
    stdio: bool,
    /// For editors that say who they are: the server leaves when this process is gone
    #[arg(long = "clientProcessId", hide = true, value_name = "PID")]
    client_process_id: Option<u32>,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match server::serve(arguments.client_process_id) {
        Leave::Agreed => Exit::Clean,
        Leave::Forsaken => Exit::Forsaken,
        Leave::Astray(why) => {
            output::complain(&why);
            Exit::Trouble
        }
    }
}
