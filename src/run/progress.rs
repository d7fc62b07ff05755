//! How far a run is, noted while it goes on for whoever asks: at most once a second, and only when it has come further.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Progress;
use crate::store::{RunId, Store};

/// The shortest time between two notes.
const EVERY: Duration = Duration::from_secs(1);

/// Passes progress on, and notes it.
pub(super) struct Noted<'a> {
    shown: &'a dyn Progress,
    reached: Mutex<Reached>,
}

/// How far it is.
#[derive(Debug, Default)]
struct Reached {
    phase: &'static str,
    total: Option<usize>,
    people: usize,
    is_new: bool,
}

impl<'a> Noted<'a> {
    pub(super) fn new(shown: &'a dyn Progress) -> Self {
        Self { shown, reached: Mutex::default() }
    }

    /// Notes it while the work goes on.
    pub(super) async fn during<T>(&self, run: &RunId, store: &Store, work: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            done = work => done,
            never = self.keep_noting(run, store) => match never {},
        }
    }

    async fn keep_noting(&self, run: &RunId, store: &Store) -> Infallible {
        loop {
            tokio::time::sleep(EVERY).await;
            let Some(words) = self.news() else { continue };
            if let Err(error) = store.note_progress(run, &words).await {
                tracing::debug!(%error, "how far the run is cannot be noted");
            }
        }
    }

    /// How far it is, if it has come further since this was last asked.
    fn news(&self) -> Option<String> {
        self.change(|reached| {
            let is_new = std::mem::take(&mut reached.is_new);
            let Reached { phase, total, people, .. } = reached;
            is_new.then(|| match total {
                Some(total) => format!("{phase}: {people} of {total}"),
                None => (*phase).to_owned(),
            })
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Reached) -> T) -> T {
        change(&mut self.reached.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Progress for Noted<'_> {
    fn phase(&self, name: &'static str, total: Option<usize>) {
        self.change(|reached| *reached = Reached { phase: name, total, people: 0, is_new: true });
        self.shown.phase(name, total);
    }

    fn advance(&self, people: usize) {
        self.change(|reached| {
            reached.people += people;
            reached.is_new = true;
        });
        self.shown.advance(people);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::run::Quiet;
    use crate::store::{NewRun, StartedBy};

    #[tokio::test]
    async fn whoever_asks_sees_how_far_a_run_is_while_it_goes_on() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let new = NewRun {
            recipe: "acme".to_owned(),
            today: date(2026, 3, 2),
            source: "HiBob".to_owned(),
            target: "the directory".to_owned(),
            started: Timestamp::now(),
            employees: 400,
            started_by: StartedBy::Schedule,
        };
        let run = store.begin_run(&new).await.unwrap().run;
        let noted = Noted::new(&Quiet);
        noted.phase("updating users", Some(400));
        let seen = async {
            loop {
                if let Some(progress) = store.run(run.as_str()).await.unwrap().progress {
                    return progress;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert_eq!(noted.during(&run, &store, seen).await, "updating users: 0 of 400");
    }

    #[test]
    fn there_is_news_only_when_it_has_come_further() {
        let noted = Noted::new(&Quiet);
        assert_eq!(noted.news(), None);
        noted.phase("updating users", Some(400));
        noted.advance(50);
        noted.advance(70);
        assert_eq!(noted.news().as_deref(), Some("updating users: 120 of 400"));
        assert_eq!(noted.news(), None);
        noted.phase("planning", None);
        assert_eq!(noted.news().as_deref(), Some("planning"));
    }
}
