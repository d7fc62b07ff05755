//! The `rollbook` command: arguments in, exit code out. Everything else is in the library.

use std::process::ExitCode;

use clap::Parser as _;
use rollbook::cli::{Cli, run};

fn main() -> ExitCode {
    run(Cli::parse()).into()
}
