//! How long the state database takes over a company of 100,000, on a real file.

use std::sync::Arc;

use divan::Bencher;
use rollbook::model::plan::{Origin, PersonPlan, Verdict};
use rollbook::model::{EmployeeId, Outcome, OutcomeKind, Reason, UserId};
use rollbook::store::{Batch, Fields, Lease, Link, NewRun, Owned, OwnedWhat, RunId, StartedBy, Store};
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

/// A database in a folder that goes with it, and a run that has begun.
struct Bench {
    runtime: Runtime,
    store: Store,
    lease: Lease,
    run: RunId,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime can be made");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let url = format!("sqlite://{}", folder.path().join("state.db").display());
        let new = NewRun {
            recipe: "acme".to_owned(),
            today: jiff::civil::date(2026, 11, 21),
            source: "hibob".to_owned(),
            target: "360learning".to_owned(),
            started: jiff::Timestamp::UNIX_EPOCH,
            employees: 100_000,
            started_by: StartedBy::Hand,
        };
        let (store, lease, run) = runtime.block_on(async {
            let store = Store::open(&url).await.expect("the database opens");
            let run = store.begin_run(&new).await.expect("the run begins").run;
            let lease = store.lease("acme", "a benchmark").await.expect("nobody else has it");
            (store, lease, run)
        });
        Self { runtime, store, lease, run, _folder: folder }
    }

    fn record(&self, batch: &Batch) {
        self.runtime.block_on(self.store.record(&self.lease, &self.run, batch)).expect("the batch is saved");
    }
}

fn employee(number: u32) -> EmployeeId {
    EmployeeId::new((3_000_000_000_000_000_000 + u64::from(number)).to_string())
}

fn user(number: u32) -> UserId {
    UserId::new(format!("65aa{number:020x}"))
}

fn unremarkable(people: u32) -> Batch {
    let origin = Arc::new(Origin { file: "status.csv".into(), line: 12 });
    let reason = Reason::at("status rule `active`", &origin);
    let outcome = |number: u32| Outcome {
        kind: OutcomeKind::Unchanged,
        person: Box::new(PersonPlan {
            employee: employee(number),
            name: format!("Person Number {number}").into(),
            email: Some(format!("person.{number}@acme.example").into()),
            in_roster: true,
            user: Some(user(number)),
            new_link: None,
            verdict: Verdict::Unchanged,
            reason: reason.clone(),
            changes: None,
            findings: Vec::new(),
            no_group_rule: false,
        }),
        held: None,
        failure: None,
    };
    Batch { outcomes: (0..people).map(|number| (number, outcome(number))).collect(), ..Batch::default() }
}

fn known(people: u32) -> Batch {
    let membership = |number: u32| Owned {
        user: user(number),
        what: OwnedWhat::Membership(format!("65bb{:020x}", number % 50).as_str().into(), "learner".into()),
    };
    Batch {
        links: (0..people).map(|number| Link { employee: employee(number), user: user(number) }).collect(),
        owned: (0..people).map(membership).collect(),
        ..Batch::default()
    }
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn save_50_000_unremarkable_outcomes(bencher: Bencher<'_, '_>) {
    let batch = unremarkable(50_000);
    bencher.with_inputs(Bench::new).bench_refs(|bench| bench.record(&batch));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn load_50_000_outcomes(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    bench.record(&unremarkable(50_000));
    bencher.bench_local(|| bench.runtime.block_on(bench.store.outcomes(&bench.run)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn load_100_000_links(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    bench.record(&known(100_000));
    bencher.bench_local(|| bench.runtime.block_on(bench.store.links("acme")));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn load_100_000_owned_memberships(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    bench.record(&known(100_000));
    bencher.bench_local(|| bench.runtime.block_on(bench.store.owned("acme")));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn merge_10_000_written_rows(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    let fields = |number: u32| {
        let mut fields = Fields::new();
        fields.insert(format!("field_{}", number % 7), "Finance".into());
        fields.insert("title".to_owned(), number.into());
        fields
    };
    let written = (0..10_000).map(|number| (user(number), fields(number))).collect();
    let batch = Batch { written, ..Batch::default() };
    bencher.bench_local(|| bench.record(&batch));
}
