//! The binary: hands the arguments over and leaves with the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    loadpath::cli::run().into()
}
