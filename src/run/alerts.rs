//! What a run, or a look at a few people, shows to be wrong and to be well: noted for whoever is to be told. Deciding it is
//! pure; that the database cannot take it changes nothing of the work itself.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::RunError;
use super::event::Looked;
use super::sync::Synced;
use crate::model::{EmployeeId, Outcome, OutcomeKind, Tripped};
use crate::recipe::Recipe;
use crate::stage::service::{Notify, Occasion};
use crate::store::{Raised, RunStatus, Store, StoreError, Well};

/// The subject of what goes wrong with a full sync.
pub const FULL_SYNC: &str = "full sync";
/// The subject of what stops real time.
pub const REAL_TIME: &str = "real time";
/// What stands between an error and what to do about it.
pub(super) const WHAT_TO_DO: &str = "; what to do: ";

/// The longest line about one alert, in characters: what went wrong, and what to do in whole sentences.
const LONGEST: usize = 1_000;

/// What is wrong, and what is well.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    raised: Vec<Raised>,
    well: Vec<Well>,
}

/// Notes how a full sync went.
pub(super) async fn note_sync(recipe: &Recipe, synced: &Result<Synced, RunError>, store: &Store) {
    note(recipe, || synced.as_ref().map_or_else(|error| of_error(FULL_SYNC, error), of_sync), store).await;
}

/// Notes how a look at some people went.
pub async fn note_look(recipe: &Recipe, asked: &[EmployeeId], looked: &Looked, store: &Store) {
    note(recipe, || of_look(asked, looked), store).await;
}

/// Notes that something went wrong with a full sync or with real time as a whole.
pub async fn note_error(recipe: &Recipe, subject: &str, error: &RunError, store: &Store) {
    note(recipe, || of_error(subject, error), store).await;
}

/// Notes that somebody lets held changes go on.
pub async fn note_resumed(recipe: &Recipe, store: &Store) {
    note(recipe, || Seen { raised: Vec::new(), well: vec![all(Occasion::Brake)] }, store).await;
}

async fn note(recipe: &Recipe, seen: impl FnOnce() -> Seen, store: &Store) {
    let Some(notify) = &recipe.notify else { return };
    let Seen { mut raised, well } = seen();
    raised.retain(|raised| is_wanted(notify, raised.occasion));
    if let Err(error) = store.note_alerts(&recipe.name, &raised, &well, Timestamp::now()).await {
        tracing::warn!(recipe.name = %recipe.name, %error, help = error.help(), "what is wrong is not told");
    }
}

fn is_wanted(notify: &Notify, occasion: &str) -> bool {
    notify.on.iter().any(|wanted| wanted.word() == occasion)
}

/// Whose turn it is to run, or what a command line got wrong, is no trouble of the recipe's.
fn of_error(subject: &str, error: &RunError) -> Seen {
    let is_trouble = match error {
        RunError::Connector(_) | RunError::Output { .. } => true,
        RunError::Store(error) => !matches!(error, StoreError::Leased { .. } | StoreError::Handling { .. }),
        RunError::SavedPlan { .. } | RunError::TooSoon { .. } => false,
        // A recipe that has become wrong by what its target takes now.
        RunError::NotFound { .. } => true,
    };
    let raised = raised(Occasion::RunFailed, subject, &format!("{error}{WHAT_TO_DO}{}", error.help()));
    Seen { raised: if is_trouble { vec![raised] } else { Vec::new() }, well: Vec::new() }
}

fn of_sync(synced: &Synced) -> Seen {
    let report = &synced.report;
    if synced.status != RunStatus::Finished {
        let why = report.refused.as_deref().unwrap_or("the run ended early");
        return Seen { raised: vec![raised(Occasion::RunFailed, FULL_SYNC, why)], well: Vec::new() };
    }
    let people: Vec<Raised> = failed(&report.outcomes).collect();
    let held: Vec<Raised> = held(&report.tripped).collect();
    // Source and target were read and written: real time can do so too.
    let well =
        vec![all(Occasion::RunFailed), all_but(Occasion::PersonFailed, &people), all_but(Occasion::Brake, &held)];
    Seen { raised: people.into_iter().chain(held).collect(), well }
}

fn of_look(asked: &[EmployeeId], looked: &Looked) -> Seen {
    // Nobody is to blame for what was not even tried, and that it was cut short is told by itself.
    let people: Vec<Raised> = if looked.cut_short.is_some() { Vec::new() } else { failed(&looked.outcomes).collect() };
    let mut well = Vec::new();
    if looked.cut_short.is_none() {
        let failed: BTreeSet<&str> = people.iter().map(|raised| raised.subject.as_str()).collect();
        let fine = asked.iter().map(EmployeeId::to_string).filter(|employee| !failed.contains(employee.as_str()));
        well.push(Well::Subjects(Occasion::PersonFailed.word(), fine.collect()));
        well.push(Well::Subjects(Occasion::RunFailed.word(), [REAL_TIME.to_owned()].into()));
    }
    Seen { raised: people.into_iter().chain(held(&looked.tripped)).collect(), well }
}

/// Whose move it is, and no more: what was found may quote the person's data.
fn failed(outcomes: &[Outcome]) -> impl Iterator<Item = Raised> {
    let failed = outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Failed);
    failed.map(|outcome| {
        let finding = outcome.failure.as_deref().or(outcome.person.findings.first());
        let whose = finding.map_or("see the report", |finding| finding.whose.title());
        raised(Occasion::PersonFailed, outcome.person.employee.as_str(), whose)
    })
}

fn held(tripped: &[Tripped]) -> impl Iterator<Item = Raised> {
    let held = tripped.iter().filter(|tripped| !tripped.approved);
    held.map(|tripped| {
        let subject = match &tripped.field {
            Some(field) => format!("{} {field}", tripped.kind),
            None => tripped.kind.to_string(),
        };
        raised(Occasion::Brake, &subject, &format!("{} are too many: {}", tripped.count, tripped.limit))
    })
}

fn raised(occasion: Occasion, subject: &str, what: &str) -> Raised {
    let line: String = what.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(LONGEST).collect();
    Raised { occasion: occasion.word(), subject: subject.to_owned(), what: line }
}

fn all(occasion: Occasion) -> Well {
    Well::AllBut(occasion.word(), BTreeSet::new())
}

fn all_but(occasion: Occasion, raised: &[Raised]) -> Well {
    Well::AllBut(occasion.word(), raised.iter().map(|raised| raised.subject.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::ConnectorError;

    fn gone() -> ConnectorError {
        ConnectorError::Unavailable { message: "HiBob\ndoes not answer".to_owned(), help: "wait".to_owned() }
    }

    #[test]
    fn what_stops_everybody_is_one_line_and_whose_turn_it_is_is_no_trouble() {
        let seen = of_error(REAL_TIME, &gone().into());
        assert_eq!(seen.raised, [raised(Occasion::RunFailed, REAL_TIME, "HiBob does not answer; what to do: wait")]);
        let leased =
            StoreError::Leased { recipe: "acme".to_owned(), holder: "x".to_owned(), since: Timestamp::UNIX_EPOCH };
        assert_eq!(of_error(FULL_SYNC, &leased.into()), Seen::default());
    }

    #[test]
    fn a_look_that_was_cut_short_blames_nobody_and_proves_nothing() {
        let looked = Looked { cut_short: Some(gone()), ..Looked::default() };
        assert_eq!(of_look(&["1".into()], &looked), Seen::default());
    }

    #[test]
    fn a_look_proves_real_time_and_whom_it_looked_at_to_be_well() {
        let seen = of_look(&["1".into(), "2".into()], &Looked::default());
        let people = Well::Subjects("person_failed", ["1".to_owned(), "2".to_owned()].into());
        let real_time = Well::Subjects("run_failed", [REAL_TIME.to_owned()].into());
        assert_eq!((seen.raised, seen.well), (Vec::new(), vec![people, real_time]));
    }

    #[test]
    fn what_is_held_is_told_by_its_kind_and_never_by_name() {
        let tripped = |approved| Tripped {
            kind: crate::model::LimitKind::ClearField,
            field: Some("phone".into()),
            count: 34,
            limit: "at most 20".to_owned(),
            people: vec![("1".into(), "Ada Lovelace".to_owned())],
            approved,
            to_approve: 34,
        };
        let looked = Looked { tripped: vec![tripped(false), tripped(true)], ..Looked::default() };
        let expected = raised(Occasion::Brake, "clear_field phone", "34 are too many: at most 20");
        assert_eq!(of_look(&[], &looked).raised, [expected]);
    }
}
