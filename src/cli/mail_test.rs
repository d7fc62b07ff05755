//! `rollbook mail-test RECIPE`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::{Exit, Settings, Stop, terminal};
use crate::report::mail::MailError;
use crate::run::mail_trial::{Named, Tried, named, try_out};

const AFTER_HELP: &str = "\
Sends a small mail at once to everybody in `report.to` and `notify.to`, and says for each what the
mail server answered. Nothing is run, kept or tried again. That a server has taken a mail does not
mean that it is read: look whether it arrives, and among the spam.

The mail server is the one of `sync` and `serve`: ROLLBOOK_SMTP_URL in the environment, or a file of
that name in --secrets-dir. Without one the mail is written into the folder of --outbox.

Examples:
  rollbook mail-test recipes/acme.yaml
  rollbook mail-test recipes/acme.yaml --to me@acme.example    to nobody else

Exit codes: 0 taken by the mail server, or written · 2 problems · 3 could not be sent to somebody";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct MailTestArgs {
    /// The recipe, such as recipes/acme.yaml
    recipe: PathBuf,
    /// Send it to this address, instead of those in the recipe
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
}

pub(super) async fn run(args: MailTestArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipe = terminal::load_recipe(&args.recipe)?;
    let to = match args.to {
        Some(address) => vec![Named { address, kinds: vec!["asked for with --to"] }],
        None => named(&recipe),
    };
    let tried = try_out(&recipe, to, &settings.post()).await;
    Ok(match tried {
        Ok(Tried::Server(tried)) => {
            terminal::print(&tried.iter().map(|(named, sent)| line(named, sent)).collect::<String>());
            if tried.iter().all(|(_, sent)| sent.is_ok()) { Exit::Done } else { Exit::CouldNotRun }
        }
        Ok(Tried::Folder(path)) => {
            terminal::print(&format!("written to {}\n", path.display()));
            terminal::say(
                "no mail server is named: `ROLLBOOK_SMTP_URL` is neither in the environment nor in --secrets-dir",
            );
            Exit::Done
        }
        Err(error) => {
            terminal::say(&format!("error: {error}\n  help: {}", error.help()));
            Exit::CouldNotRun
        }
    })
}

fn line(named: &Named, sent: &Result<(), MailError>) -> String {
    let kinds = named.kinds.join(", ");
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = match sent {
        Ok(()) => writeln!(text, "{}: the mail server has taken it ({kinds})", named.address),
        Err(error) => writeln!(text, "{}: not sent ({kinds}): {error}\n  help: {}", named.address, error.help()),
    };
    text
}
