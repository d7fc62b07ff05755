//! Carries out a plan, in the order that is safe to stop after any write. Decides nothing: what is written was planned,
//! and what the brake holds was parted off before.
//!
//! Before a write, what a kill would lose is announced (users about to be made, memberships about to be ours); after it,
//! what is known to be done is recorded, while the target is busy with the next one and the one after that is put
//! together. The next run finishes whatever was cut off.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use futures_util::stream::FuturesOrdered;
use futures_util::{Stream, StreamExt as _};

use super::carry_out::{Ids, Manner, Part, Parts, Person, Phase, people};
use super::complete::KnownUsers;
use super::journal;
use super::recorder::Recorder;
use super::{Progress, RunError, Stop, milliseconds};
use crate::connector::{ConnectorError, Target, Write, WriteError, WriteKind, Written};
use crate::engine::brake::Brake;
use crate::model::plan::{GroupChange, GroupUpdate, NewGroup, Plan};
use crate::model::{EmployeeId, Finding, Group, Outcome, Unlisted, UserId, Whose};
use crate::store::{Batch, Owned};

/// What carrying out a plan gave.
pub(super) struct Applied {
    /// One outcome per person of the plan, in its order.
    pub(super) outcomes: Vec<Outcome>,
    /// The groups and teams that were made.
    pub(super) new_groups: Vec<NewGroup>,
    /// The groups and teams that were changed.
    pub(super) group_changes: Vec<GroupChange>,
    /// What went wrong and belongs to nobody.
    pub(super) findings: Vec<Finding>,
    /// Why it ended early, if it did.
    pub(super) cut_short: Option<ConnectorError>,
}

/// Everything that applying needs.
pub(super) struct Apply<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) recorder: Recorder,
    /// Who had which user before this run.
    pub(super) owners: BTreeMap<UserId, EmployeeId>,
    /// Whose users were announced as being made by a run that was cut off.
    pub(super) announced: BTreeSet<EmployeeId>,
    /// What is remembered as ours and is not there any more.
    pub(super) stale: Vec<Owned>,
    /// What is known of users where listings leave it out.
    pub(super) known: KnownUsers,
    /// How the target takes what is written.
    pub(super) manner: Manner,
    pub(super) progress: &'a dyn Progress,
    pub(super) stop: Stop,
}

/// How many people with nothing to write are settled at once: more would only take more memory.
const SETTLED: usize = 1_000;

/// What the target says to each write of a part.
type Answers = Vec<Result<Written, WriteError>>;

impl Apply<'_> {
    /// Carries out what the brake lets pass.
    ///
    /// # Errors
    /// When the state database fails: then it is not known any more what was done, and nothing more may be.
    pub(super) async fn plan(mut self, plan: &mut Plan, brake: &Brake) -> Result<Applied, RunError> {
        let changed = self.known.changed();
        let mut state = State {
            people: people(plan, brake, &self.announced, &mut self.known, &self.manner),
            manner: self.manner.clone(),
            unlisted: self.known.unlisted.take(),
            ids: Ids::default(),
            new_groups: Vec::new(),
            group_changes: Vec::new(),
            findings: Vec::new(),
            cut_short: None,
        };
        self.recorder.save(Batch { disowned: self.stale.clone(), known: changed, ..Batch::default() }).await?;
        self.settle_the_rest(&mut state).await?;
        self.change_groups(&plan.group_changes, &mut state).await?;
        self.make_groups(&plan.new_groups, &mut state).await?;
        let phases = [Phase::Create, Phase::Update, Phase::References, Phase::Memberships, Phase::Deactivate];
        for phase in phases {
            if state.cut_short.is_none() {
                self.phase(phase, &mut state).await?;
            }
        }
        self.settle_unreached(&mut state).await?;
        self.recorder.saved().await?;
        let State { people, new_groups, group_changes, findings, cut_short, .. } = state;
        let outcomes = people.into_iter().map(Person::into_outcome).collect();
        Ok(Applied { outcomes, new_groups, group_changes, findings, cut_short })
    }

    /// Everybody with nothing to write: their outcomes, and links that were found for them.
    async fn settle_the_rest(&mut self, state: &mut State) -> Result<(), RunError> {
        for (part, people) in state.people.chunks_mut(SETTLED).enumerate() {
            let mut batch = Batch::default();
            for (offset, person) in people.iter_mut().enumerate() {
                journal::link(&mut batch, person, &self.owners);
                if person.last_phase(&state.manner) == Phase::None {
                    journal::settle(&mut batch, part * SETTLED + offset, person);
                }
            }
            self.recorder.save_now(batch).await?;
        }
        Ok(())
    }

    async fn change_groups(&self, changes: &[GroupChange], state: &mut State) -> Result<(), RunError> {
        for some in changes.chunks(self.target.pace(WriteKind::Groups).batch.max(1)) {
            let write = |changed: &GroupChange| Write::UpdateGroup {
                kind: changed.kind,
                group: changed.group.clone(),
                change: changed.change.clone(),
            };
            let writes: Vec<Write> = some.iter().map(write).collect();
            let answers = match self.target.write(&writes).await {
                Ok(answers) => answers,
                Err(error) => {
                    state.cut_short = Some(error);
                    return Ok(());
                }
            };
            for (changed, answer) in some.iter().zip(answers) {
                match answer {
                    Ok(_) => state.group_changes.push(changed.clone()),
                    Err(error) => state.findings.push(not_settled(error, changed)),
                }
            }
        }
        Ok(())
    }

    async fn make_groups(&mut self, groups: &[NewGroup], state: &mut State) -> Result<(), RunError> {
        if groups.is_empty() || state.cut_short.is_some() {
            return Ok(());
        }
        let began = Instant::now();
        self.progress.phase("making groups", Some(groups.len()));
        for some in groups.chunks(self.target.pace(WriteKind::Groups).batch.max(1)) {
            let writes: Vec<Write> = some
                .iter()
                .map(|group| Write::CreateGroup {
                    kind: group.kind,
                    name: Arc::clone(&group.name),
                    key: group.key.clone(),
                })
                .collect();
            let answers = match self.target.write(&writes).await {
                Ok(answers) => answers,
                Err(error) => {
                    state.cut_short = Some(error);
                    return Ok(());
                }
            };
            let mut batch = Batch::default();
            for (group, answer) in some.iter().zip(answers) {
                match answer {
                    Ok(Written::Group(id)) => {
                        state.ids.made_group(group.kind, &group.name, &id);
                        state.new_groups.push(group.clone());
                        batch.groups.push(Group { id, name: Arc::clone(&group.name), key: None, kind: group.kind });
                    }
                    Ok(_) => {}
                    Err(error) => state.findings.push(not_made(error, group)),
                }
            }
            self.recorder.save(batch).await?;
            self.progress.advance(some.len());
        }
        log_phase("making groups", groups.len(), state.findings.len(), began);
        Ok(())
    }

    async fn phase(&mut self, phase: Phase, state: &mut State) -> Result<(), RunError> {
        if self.stop.is_asked() {
            state.cut_short = Some(stopped());
            return Ok(());
        }
        state.leave_out(phase);
        let total = state.writes(phase);
        if total > 0 {
            self.progress.phase(words(phase), Some(total));
            let (began, failed_before) = (Instant::now(), state.failed());
            self.write(phase, state).await?;
            log_phase(words(phase), total, state.failed() - failed_before, began);
        }
        if state.cut_short.is_some() {
            return Ok(());
        }
        // People whose last phase this is and for whom nothing was left to write in it, such as a reference to nobody.
        let mut batch = Batch::default();
        state.settle_after(phase, 0..state.people.len(), &mut batch);
        self.recorder.save(batch).await
    }

    /// Sends part after part, as many at a time as the target takes. While some are on their way, what the last answer
    /// said is recorded, together with the announcement of a part to come, which is sent once that is safe.
    async fn write(&mut self, phase: Phase, state: &mut State) -> Result<(), RunError> {
        let (target, pace) = (self.target, self.target.pace(kind(phase)));
        let send = |part: Part| async move { (target.write(&part.writes).await, part) };
        let mut parts = Parts::new(phase, pace.batch);
        let mut under_way = FuturesOrdered::new();
        for _ in 0..pace.concurrency.max(1) {
            let mut batch = Batch::default();
            let coming = state.announce_next(&mut parts, &mut batch);
            self.recorder.save_now(batch).await?;
            under_way.extend(coming.map(send));
        }
        // The part whose announcement is being saved, and answers that came before their turn.
        let (mut announced, mut early) = (None, VecDeque::new());
        loop {
            let (answers, part) = match early.pop_front() {
                Some(answered) => answered,
                None => tokio::select! {
                    biased;
                    saved = self.recorder.saved(), if announced.is_some() => {
                        saved?;
                        under_way.extend(announced.take().filter(|_| !self.stop.is_asked()).map(send));
                        continue;
                    }
                    Some(answered) = under_way.next() => answered,
                    else => break,
                },
            };
            let answers = match answers {
                Ok(answers) => answers,
                Err(error) => {
                    state.cut_short = Some(error);
                    return Ok(());
                }
            };
            let mut batch = state.take_answers(&part, answers);
            let coming = state.announce_next(&mut parts, &mut batch);
            saved_beside(&mut self.recorder, &mut under_way, &mut early).await?;
            under_way.extend(announced.take().filter(|_| !self.stop.is_asked()).map(send));
            self.recorder.save(batch).await?;
            announced = coming;
            self.progress.advance(part.writes.len());
        }
        if self.stop.is_asked() {
            state.cut_short.get_or_insert_with(stopped);
        }
        Ok(())
    }

    /// After a run that was cut short, those it did not reach.
    async fn settle_unreached(&mut self, state: &mut State) -> Result<(), RunError> {
        let Some(error) = &state.cut_short else { return Ok(()) };
        let unreached = Finding {
            whose: Whose::Target,
            text: format!("not reached: {error}").into(),
            hint: error.help().into(),
            reason: None,
        };
        let mut batch = Batch::default();
        for (position, person) in state.people.iter_mut().enumerate().filter(|(_, person)| !person.settled) {
            person.failure = person.failure.take().or_else(|| Some(Box::new(unreached.clone())));
            person.stopped_after(person.done, &state.manner);
            journal::settle(&mut batch, position, person);
        }
        self.recorder.save(batch).await
    }
}

/// Waits until everything is saved, while what is under way goes on: what is answered meanwhile is put aside.
async fn saved_beside<S: Stream + Unpin>(
    recorder: &mut Recorder,
    under_way: &mut S,
    early: &mut VecDeque<S::Item>,
) -> Result<(), RunError> {
    loop {
        tokio::select! {
            biased;
            saved = recorder.saved() => return saved,
            Some(answered) = under_way.next() => early.push_back(answered),
        }
    }
}

struct State {
    people: Vec<Person>,
    /// What the target's listings leave out.
    unlisted: Option<Unlisted>,
    ids: Ids,
    new_groups: Vec<NewGroup>,
    group_changes: Vec<GroupChange>,
    manner: Manner,
    findings: Vec<Finding>,
    cut_short: Option<ConnectorError>,
}

impl State {
    /// How many people failed so far.
    fn failed(&self) -> usize {
        self.people.iter().filter(|person| person.failure.is_some()).count()
    }

    /// What a phase cannot do, because something that it needs was not made.
    fn leave_out(&mut self, phase: Phase) {
        for person in self.people.iter_mut().filter(|person| !person.settled) {
            person.leave_out(phase, &self.ids);
        }
    }

    /// How many writes a phase has.
    fn writes(&self, phase: Phase) -> usize {
        let people = self.people.iter().filter(|person| !person.settled);
        people.map(|person| person.count(phase, &self.ids, &self.manner)).sum()
    }

    /// The next part of a phase, once its announcement is in the batch.
    fn announce_next(&self, parts: &mut Parts, batch: &mut Batch) -> Option<Part> {
        let part = parts.next(&self.people, &self.ids, &self.manner)?;
        for (person, write) in part.jobs() {
            match write {
                Write::CreateUser { .. } => batch.intents.push(journal::intent(&self.people[person])),
                write => batch.owned.extend(journal::owned_by(write, &self.people[person])),
            }
        }
        Some(part)
    }

    /// Takes the answers to a part; says what is to be recorded. Whoever has more to come is not settled yet.
    fn take_answers(&mut self, part: &Part, answers: Answers) -> Batch {
        let mut batch = Batch::default();
        let answers = answers.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
        for ((person, write), answer) in part.jobs().zip(answers) {
            let person = &mut self.people[person];
            if let (Some(unlisted), Some(Ok(written))) = (&self.unlisted, &answer) {
                person.remember(write, written, unlisted);
            }
            match answer {
                Some(Ok(Written::User(given))) => {
                    if matches!(write, Write::CreateUser { .. }) {
                        self.ids.made_user(&person.plan.employee, &given.user);
                        let (employee, user) = (person.plan.employee.clone(), given.user.clone());
                        batch.links.push(crate::store::Link { employee, user });
                        person.announced = true;
                    }
                    batch.owned.extend(given.joined.iter().map(|joined| journal::our_membership(&given.user, joined)));
                    person.plan.user = Some(given.user);
                    person.joined = given.joined;
                    person.failure = given.trouble.map(|trouble| Box::new(finding(trouble)));
                }
                Some(Ok(_)) => {
                    batch.disowned.extend(journal::disowned_by(write, person));
                    let owed = matches!(write, Write::SetReferences { .. }) || self.manner.completes(write);
                    person.owed = person.owed.saturating_sub(usize::from(owed));
                }
                None => {
                    person.failure = Some(Box::new(finding(unanswered())));
                    person.was_not_done(write);
                }
                Some(Err(error)) => {
                    batch.disowned.extend(journal::owned_by(write, person));
                    if matches!(write, Write::CreateUser { .. }) {
                        batch.settled_intents.push(person.plan.employee.clone());
                    }
                    person.failure = Some(Box::new(finding(error)));
                    person.was_not_done(write);
                }
            }
            if person.failure.is_none() {
                batch.written.extend(journal::written(person, write));
            }
        }
        for person in &mut self.people[part.done()] {
            batch.known.extend(person.take_known());
        }
        self.settle_after(part.phase, part.done(), &mut batch);
        batch
    }

    /// Settles those who are done with this phase as their last, and those who failed in it.
    fn settle_after(&mut self, phase: Phase, range: std::ops::Range<usize>, batch: &mut Batch) {
        let start = range.start;
        for (offset, person) in self.people[range].iter_mut().enumerate().filter(|(_, person)| !person.settled) {
            person.done = phase;
            if person.failure.is_some() {
                person.stopped_after(phase, &self.manner);
            }
            if person.failure.is_some() || person.last_phase(&self.manner) <= phase {
                journal::settle(batch, start + offset, person);
            }
        }
    }
}

/// What a phase writes.
fn kind(phase: Phase) -> WriteKind {
    match phase {
        Phase::References => WriteKind::References,
        Phase::Memberships => WriteKind::Memberships,
        Phase::None | Phase::Create | Phase::Update | Phase::Deactivate => WriteKind::Users,
    }
}

fn log_phase(phase: &'static str, writes: usize, failed: usize, began: Instant) {
    tracing::info!(phase, writes, failed, duration_ms = milliseconds(began.elapsed()), "phase done");
}

fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::None => "nothing",
        Phase::Create => "creating users",
        Phase::Update => "updating users",
        Phase::References => "setting managers",
        Phase::Memberships => "setting groups",
        Phase::Deactivate => "deactivating users",
    }
}

fn finding(error: WriteError) -> Finding {
    Finding { whose: error.whose, text: error.message.into(), hint: error.hint.into(), reason: None }
}

fn not_made(error: WriteError, group: &NewGroup) -> Finding {
    let text = format!("the {} `{}` could not be made: {}", group.kind, group.name, error.message);
    Finding { whose: error.whose, text: text.into(), hint: error.hint.into(), reason: Some(group.reason.clone()) }
}

fn not_settled(error: WriteError, changed: &GroupChange) -> Finding {
    let GroupChange { kind, before, change, reason, .. } = changed;
    let why = &error.message;
    let text = match change {
        GroupUpdate::Rename(name) => format!("the {kind} `{before}` could not be renamed to `{name}`: {why}"),
        GroupUpdate::GiveKey(key) => format!("the {kind} `{before}` could not be given the key `{key}`: {why}"),
    };
    Finding { whose: error.whose, text: text.into(), hint: error.hint.into(), reason: Some(reason.clone()) }
}

/// Nothing went wrong: somebody wants the program to end.
fn stopped() -> ConnectorError {
    ConnectorError::Unavailable {
        message: "the program was stopped before it came to this".to_owned(),
        help: "run again; the next run goes on from here".to_owned(),
    }
}

/// A write that the target said nothing about: it may or may not be done, and the next run will see.
fn unanswered() -> WriteError {
    WriteError {
        message: "the target did not answer this change".to_owned(),
        hint: "run again; what was not done is done then".to_owned(),
        whose: Whose::Target,
    }
}
