//! The `rollbook` command: arguments in, exit code out. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    rollbook::cli::main().into()
}
