//! The binary: hands the arguments over and leaves with the exit code.

fn main() {}
