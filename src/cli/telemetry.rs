//! Logs: to stderr, warnings and worse unless `ROLLBOOK_LOG` says otherwise. Never a name, an address or a token.

use tracing_subscriber::EnvFilter;

/// Starts logging. A second start, as in tests, changes nothing.
pub(super) fn start() {
    let filter = EnvFilter::try_from_env("ROLLBOOK_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let _ = logs.try_init();
}
