//! Logs: to stderr, warnings and worse unless `ROLLBOOK_LOG` says otherwise. Never a name, an address or a token.

use tracing_subscriber::EnvFilter;

use super::terminal;

/// Which logs are wanted, such as `info` or `rollbook::run=debug`.
const LEVEL: &str = "ROLLBOOK_LOG";
/// `json` for programs that collect logs; anything else is for people.
const FORMAT: &str = "ROLLBOOK_LOG_FORMAT";

/// Starts logging. A second start, as in tests, changes nothing.
pub(super) fn start() {
    let wanted = std::env::var(LEVEL).ok().filter(|wanted| !wanted.is_empty());
    let filter = wanted.as_deref().map(EnvFilter::try_new).transpose().unwrap_or_else(|error| {
        terminal::say(&format!("warning: `{LEVEL}` is not understood: {error}\n  help: try `info` or `debug`"));
        None
    });
    let filter = filter.unwrap_or_else(|| EnvFilter::new("warn"));
    // It shows lines of `~/.pgpass` that it does not understand, and those hold passwords.
    let filter = "sqlx_postgres::options=off".parse().into_iter().fold(filter, EnvFilter::add_directive);
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(terminal::stderr_has_colour())
        .with_target(false);
    let json = std::env::var(FORMAT).is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let _ = if json { logs.json().flatten_event(true).with_current_span(false).try_init() } else { logs.try_init() };
}
