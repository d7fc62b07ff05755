//! `rollbook completions SHELL`

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Exit, terminal};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(rollbook completions bash)
  rollbook completions zsh > ~/.zfunc/_rollbook
  rollbook completions fish > ~/.config/fish/completions/rollbook.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "rollbook", &mut script);
    terminal::print_as_is(&String::from_utf8_lossy(&script));
    Exit::Done
}
