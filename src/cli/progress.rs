//! A progress bar on a terminal; nothing anywhere else.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::run::Progress;

/// The bar.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar on stderr, hidden where that is no terminal.
    pub(super) fn new() -> Self {
        let target = match std::io::stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// Takes it off the screen.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn phase(&self, name: &'static str, total: Option<usize>) {
        let template = match total {
            Some(_) => "{msg:<24} [{bar:32}] {pos}/{len} {eta}",
            None => "{spinner} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style.progress_chars("=> "));
        }
        self.0.set_position(0);
        match total {
            Some(total) => self.0.set_length(total as u64),
            None => self.0.unset_length(),
        }
        self.0.set_message(name);
    }

    fn advance(&self, people: usize) {
        self.0.inc(people as u64);
    }
}
