//! A full sync: lease, gather, plan, brake, apply, report. The whole story on one page; every decision is elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use tracing::Instrument as _;

use super::apply::{Applied, Apply};
use super::carry_out::Manner;
use super::complete::KnownUsers;
use super::gather::{Gathered, Reading, gather};
use super::past::Past;
use super::plan_file::SavedPlan;
use super::progress::Noted;
use super::recorder::Recorder;
use super::report::{begin_report, calls, empty_report};
use super::stale::no_longer_there;
use super::{Progress, RunError, Stop, alerts, load_of, milliseconds, now, report};
use crate::connector::open::{open_source, open_target, title};
use crate::connector::secrets::Secrets;
use crate::connector::{Source, Target};
use crate::engine::brake::{Approvals, Brake};
use crate::engine::{Memory, next_looks, plan};
use crate::model::{EmployeeId, Finding, OutcomeKind, Plan, UserId};
use crate::recipe::Recipe;
use crate::report::{RunReport, Totals};
use crate::stage::today::Now;
use crate::store::{Begun, KEEP_RUNS, Lease, NewRun, RunEnd, RunStatus, StartedBy, Store, Waiting};

/// What a sync was asked to do.
pub struct Request<'a> {
    /// The recipe.
    pub recipe: &'a Recipe,
    /// Where secrets are looked up.
    pub secrets: &'a Secrets,
    /// When it is.
    pub now: Now,
    /// Changes that may pass the brake this once.
    pub approvals: Approvals,
    /// A plan to apply exactly as saved, instead of making one.
    pub saved: Option<SavedPlan>,
    /// Whether the target is asked about every user, instead of trusting what is remembered.
    pub verify: bool,
    /// Shows how far it is.
    pub progress: &'a dyn Progress,
    /// Says when it is to come to an end.
    pub stop: Stop,
    /// What began it.
    pub started_by: StartedBy,
}

/// A sync that came to an end, be it that it was refused.
#[derive(Debug)]
pub struct Synced {
    /// Everything there is to say about it, without what the recipe keeps out of reports.
    pub report: RunReport,
    /// Whether the brake held anything.
    pub held: bool,
    /// How it ended.
    pub status: RunStatus,
}

/// Runs a full sync.
///
/// # Errors
/// When it could not begin (somebody else runs this recipe, source or target cannot be read, a saved plan is stale), or
/// when the state database failed on the way. What happens to single people is in the report.
pub async fn sync(request: Request<'_>, store: &Store) -> Result<Synced, RunError> {
    let recipe = request.recipe;
    let span = tracing::info_span!("sync", recipe.name = %recipe.name, run.id = tracing::field::Empty);
    let synced = leased(request, store).instrument(span).await;
    alerts::note_sync(recipe, &synced, store).await;
    synced
}

/// The run while it holds the lease. One that cannot even begin is remembered too: nobody may have watched.
async fn leased(mut request: Request<'_>, store: &Store) -> Result<Synced, RunError> {
    let recipe = request.recipe;
    let mut clock = Phases::start();
    let holder = format!("process {} (sync)", std::process::id());
    let lease = store.lease(&recipe.name, &holder).await?;
    let prepared = match prepare(&mut request, store, &mut clock).await {
        Ok(prepared) => prepared,
        Err(error) => return Err(not_begun(recipe, &request, &clock, error, store).await),
    };
    carry_out(request, prepared, store, &lease, clock).await
}

/// Everything that is known before the first write.
struct Prepared {
    source: Box<dyn Source>,
    target: Box<dyn Target>,
    gathered: Gathered,
    plan: Plan,
    brake: Brake,
    /// What does not fit into the target's limits.
    forecast: Vec<Finding>,
    /// Who waited in real time before anything was read.
    waiting: Waiting,
}

async fn prepare(request: &mut Request<'_>, store: &Store, clock: &mut Phases) -> Result<Prepared, RunError> {
    let recipe = request.recipe;
    let source = open_source(&recipe.source, request.secrets)?;
    let target = open_target(&recipe.target, request.secrets)?;
    let reading = Reading { now: request.now, verify: request.verify };
    let waiting = store.waiting(&recipe.name).await?;
    request.progress.phase("reading people and users", None);
    let gathered = gather(recipe, &*source, &*target, store, reading).await?;
    clock.end("read people and users");
    request.progress.phase("planning", None);
    let inputs = gathered.inputs(request.now);
    let plan = match request.saved.take() {
        Some(saved) => saved.into_plan(recipe, &inputs)?,
        None => plan(recipe, &inputs),
    };
    let brake = Brake::check(&plan, &recipe.limits, &request.approvals);
    clock.end("plan");
    let forecast = target.forecast(&load_of(&plan)).await?.findings;
    Ok(Prepared { source, target, gathered, plan, brake, forecast, waiting })
}

async fn carry_out(
    request: Request<'_>,
    prepared: Prepared,
    store: &Store,
    lease: &Lease,
    mut clock: Phases,
) -> Result<Synced, RunError> {
    let recipe = request.recipe;
    let Prepared { source, target, gathered, mut plan, brake, forecast, waiting } = prepared;
    let past = Past::of(&recipe.name, store).await?;
    let begun =
        store.begin_run(&new_run(recipe, plan.today, plan.figures.employees, clock.began, request.started_by)).await?;
    log_begin(&begun, &plan, &brake);
    let mut report = begin_report(recipe, &begun, &plan, &brake, clock.began, past);
    for finding in &forecast {
        tracing::warn!("{}", finding.text);
    }
    report.findings.extend(forecast);
    report.unreadable.clone_from(&gathered.roster.unreadable);
    let stale = no_longer_there(&gathered, &recipe.user_layout);
    let announced = gathered.memory.intents.keys().cloned().collect();
    // Everybody's next day is only worth finding where somebody looks at people on their days.
    let looked_at = recipe.real_time.is_some() && matches!(request.now, Now::At(_));
    let days = looked_at.then(|| next_looks(recipe, &gathered.roster.records, request.now));
    let (owners, known) = kept(gathered, &plan);
    let status = if brake.refused.is_some() {
        RunStatus::Refused
    } else {
        let noted = Noted::new(request.progress);
        let apply = Apply {
            target: &*target,
            recorder: Recorder::new(store, lease, Some(&begun.run)),
            owners,
            announced,
            stale,
            known,
            manner: Manner::of(recipe),
            progress: &noted,
            stop: request.stop,
        };
        let applied = noted.during(&begun.run, store, apply.plan(&mut plan, &brake)).await?;
        take(applied, &mut report)
    };
    clock.end("write");
    report.finished = now();
    report.phases = clock.phases;
    report.calls = calls(recipe, &*source, &*target);
    end(store, &begun, status, &report).await?;
    store.prune(&recipe.name, KEEP_RUNS).await?;
    if let Some(days) = days.filter(|_| status == RunStatus::Finished) {
        settle_real_time(&report, waiting, &days, &brake, store).await?;
    }
    log_end(status, &report);
    Ok(Synced { report: report.kept_private(), held: brake.holds_anything(), status })
}

/// Who had the users that this plan links to somebody else, and what is known of users. Everything else that was gathered
/// is let go: applying needs none of it.
pub(super) fn kept(gathered: Gathered, plan: &Plan) -> (BTreeMap<UserId, EmployeeId>, KnownUsers) {
    let linked =
        plan.people.iter().filter(|person| person.new_link.is_some()).filter_map(|person| person.user.as_ref());
    let linked: BTreeSet<&UserId> = linked.collect();
    let Gathered { roster, users, groups, memory, known } = gathered;
    let Memory { links, memberships, references, .. } = memory;
    let links = links.into_iter().filter(|(_, user)| linked.contains(user));
    let owners = links.map(|(employee, user)| (user, employee)).collect();
    // Millions of small pieces, given back beside what comes next.
    rayon::spawn(move || drop((roster, users, groups, memberships, references)));
    (owners, known)
}

fn take(applied: Applied, report: &mut RunReport) -> RunStatus {
    report.outcomes = applied.outcomes;
    report.new_groups = applied.new_groups;
    report.group_changes = applied.group_changes;
    report.findings.extend(applied.findings);
    match applied.cut_short {
        None => RunStatus::Finished,
        Some(error) => {
            report.refused = Some(error.to_string());
            RunStatus::Failed
        }
    }
}

/// Everybody has been looked at: who was due before needs no look, unless they failed; what real time held may go on if
/// nothing was held now; and the days on which to look again are those that were found.
async fn settle_real_time(
    report: &RunReport,
    waiting: Waiting,
    days: &[(EmployeeId, Timestamp)],
    brake: &Brake,
    store: &Store,
) -> Result<(), RunError> {
    let failed = report.outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Failed);
    let failed: BTreeSet<EmployeeId> = failed.map(|outcome| outcome.person.employee.clone()).collect();
    store.looked_at_everybody(&report.recipe, waiting, &failed).await?;
    store.replace_days(&report.recipe, days).await?;
    if !brake.holds_anything() {
        store.resume(&report.recipe).await?;
    }
    Ok(())
}

async fn end(store: &Store, begun: &Begun, status: RunStatus, report: &RunReport) -> Result<(), RunError> {
    let end = RunEnd {
        status,
        finished: report.finished,
        totals: Totals::of(report).by_kind(),
        summary_json: report::remember(report),
        message: report.refused.clone(),
    };
    Ok(store.finish_run(&begun.run, &end).await?)
}

/// Remembers a run that could not begin. That this fails too adds nothing to why.
async fn not_begun(recipe: &Recipe, request: &Request<'_>, clock: &Phases, error: RunError, store: &Store) -> RunError {
    let today = recipe.zones.days(request.now).default;
    if let Ok(begun) = store.begin_run(&new_run(recipe, today, 0, clock.began, request.started_by)).await {
        let refused = matches!(error, RunError::SavedPlan { .. });
        let status = if refused { RunStatus::Refused } else { RunStatus::Failed };
        let empty = empty_report(recipe, &begun, today, clock.began);
        let report = RunReport { finished: now(), refused: Some(error.to_string()), ..empty };
        let _ = end(store, &begun, status, &report).await;
    }
    error
}

/// One line when a run begins to write. Counts only: who is concerned stands in the report.
fn log_begin(begun: &Begun, plan: &Plan, brake: &Brake) {
    tracing::Span::current().record("run.id", begun.run.as_str());
    let changes = plan.people.iter().filter(|person| person.verdict.writes()).count();
    tracing::info!(
        people = plan.figures.employees,
        people.unreadable = plan.figures.unreadable,
        users = plan.figures.users,
        changes,
        "run begins"
    );
    for run in &begun.interrupted {
        tracing::info!(interrupted.run.id = %run.run, outcomes = run.outcomes, "an earlier run was cut off; this one finishes its work");
    }
    for tripped in &brake.tripped {
        tracing::info!(limit = %tripped.kind, count = tripped.count, approved = tripped.approved, "a limit is broken");
    }
}

/// One line when it is over.
fn log_end(status: RunStatus, report: &RunReport) {
    let totals = Totals::of(report);
    let count = |kind| totals.count(kind);
    let took = report.finished.duration_since(report.started);
    let duration_ms = milliseconds(took.unsigned_abs());
    tracing::info!(
        run.status = %status,
        created = count(OutcomeKind::Created),
        updated = count(OutcomeKind::Updated),
        reactivated = count(OutcomeKind::Reactivated),
        deactivated = count(OutcomeKind::Deactivated),
        held = count(OutcomeKind::Held),
        failed = count(OutcomeKind::Failed),
        duration_ms,
        "run ended"
    );
    if let Some(why) = &report.refused {
        tracing::warn!(run.status = %status, "{why}");
    }
}

fn new_run(recipe: &Recipe, today: Date, employees: usize, started: Timestamp, started_by: StartedBy) -> NewRun {
    NewRun {
        recipe: recipe.name.to_string(),
        today,
        source: title(&recipe.source.name).to_owned(),
        target: title(&recipe.target.name).to_owned(),
        started,
        employees,
        started_by,
    }
}

/// How long each phase took.
struct Phases {
    began: Timestamp,
    last: Instant,
    phases: Vec<(String, Duration)>,
}

impl Phases {
    fn start() -> Self {
        Self { began: now(), last: Instant::now(), phases: Vec::new() }
    }

    fn end(&mut self, name: &str) {
        let took = self.last.elapsed();
        tracing::info!(phase = name, duration_ms = milliseconds(took), "phase done");
        self.phases.push((name.to_owned(), took));
        self.last = Instant::now();
    }
}
