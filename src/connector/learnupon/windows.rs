//! The two windows of calls, as the headers of every answer tell them (apis/learnupon.md §1, "Rate limits").

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::TITLE;
use crate::connector::ConnectorError;
use crate::connector::http::answer::Answer;
use crate::connector::http::pace::Pace;

/// The shorter window.
const MINUTE: Duration = Duration::from_secs(60);
/// How long a full week is believed: the window rolls, and others may have stopped.
const BELIEVED: Duration = Duration::from_secs(600);

/// How much later an answer to an earlier call may come.
const OVERTAKEN: Duration = Duration::from_secs(10);

/// What is known of the windows.
#[derive(Debug, Default)]
pub(super) struct Windows {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Our own calls of the last minute.
    own: VecDeque<Instant>,
    left: Left,
    /// When the week was found to be full.
    full: Option<Instant>,
}

/// What the latest answer said is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Left {
    pub(super) minute: Option<u32>,
    pub(super) week: Option<u32>,
}

impl Windows {
    /// What is left.
    pub(super) fn left(&self) -> Left {
        self.state().left
    }

    /// Takes in what an answer says, and slows down where others use the same limit or the plan has a lower one: what we
    /// called within the last minute and what is left are all that there is for us.
    pub(super) fn heard(&self, answer: &Answer, pace: &Pace) {
        let left = |window: &str| answer.header(window).and_then(|text| text.trim().parse().ok());
        let left =
            Left { minute: left("x-lu-rate-limit-remaining-minute"), week: left("x-lu-rate-limit-remaining-week") };
        let now = Instant::now();
        let mut state = self.state();
        state.own.push_back(now);
        while state.own.front().is_some_and(|call| now.duration_since(*call) >= MINUTE) {
            state.own.pop_front();
        }
        if left.week == Some(0) {
            state.full = Some(now);
        } else if state.full.is_some_and(|at| at.elapsed() > OVERTAKEN) {
            state.full = None;
        }
        state.left = left;
        match left.minute {
            None => {}
            // The next call would be refused; a second later some of the minute has passed.
            Some(0) => pace.spread(0, Duration::from_secs(1)),
            Some(left) => {
                let ours = u32::try_from(state.own.len()).unwrap_or(u32::MAX).saturating_add(left);
                pace.spread(ours, MINUTE);
            }
        }
    }

    /// Refuses a call while the week's window is full: a run that goes on would only be refused by LearnUpon.
    pub(super) fn check(&self) -> Result<(), ConnectorError> {
        let full = self.state().full;
        if full.is_none_or(|at| at.elapsed() > BELIEVED) {
            return Ok(());
        }
        Err(ConnectorError::Unavailable {
            message: format!("{TITLE} takes no more calls: the window of a week is used up"),
            help: "run again when some of the week has passed; see what else uses this portal's API, or ask LearnUpon \
                   for a higher limit"
                .to_owned(),
        })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
