//! `loadpath lsp`: a language server over standard input and output.
//!
//! One thread, one message after the other, in the order in which they come: the same messages always give the same
//! answers. What is computed is `editor`'s; here it is put into the words of the protocol.

mod answers;
mod desk;
mod findings;
mod graph;
mod place;
mod project;
mod proposals;
mod server;

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
    /// For editors that say who they are: the server leaves when its client closes its input
    #[arg(long = "clientProcessId", hide = true, value_name = "PID")]
    client_process_id: Option<u32>,
}

pub(super) fn run(_: &Arguments) -> Exit {
    match server::serve() {
        Ok(Leave::Agreed) => Exit::Clean,
        Ok(Leave::Forsaken) => Exit::Forsaken,
        Err(trouble) => {
            output::complain(&trouble);
            Exit::Trouble
        }
    }
}
