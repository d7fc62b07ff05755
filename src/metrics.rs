//! Figures for Prometheus: counted here by whoever does something, shown at `/metrics`. docs/operations.md lists their names.
//!
//! Labels are names of recipes and connectors and words of ours; nothing of a person is ever one, and no id.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::connector::ServiceCalls;
use crate::model::OutcomeKind;
use crate::store::{Backlog, RunStatus};

/// From a delivery to what became of it, in seconds: a recipe that settles at once takes a tenth, one that waits for HiBob
/// half a minute, and tries are given up after hours.
const LATENCY: [f64; 14] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 300.0, 1_800.0, 14_400.0];

/// Names and values of one line's labels.
type Labels<const N: usize> = [(&'static str, String); N];

/// The figures of this process. Cheap to clone; clones count into the same.
#[derive(Clone)]
pub struct Metrics(Arc<Figures>);

struct Figures {
    /// Everything below, by name. Held while what the database knows is put in.
    registry: Mutex<Registry>,
    deliveries: Family<Labels<2>, Counter>,
    due: Family<Labels<1>, Gauge>,
    parked: Family<Labels<1>, Gauge>,
    oldest_due: Family<Labels<1>, Gauge<f64, AtomicU64>>,
    runs: Family<Labels<2>, Counter>,
    outcomes: Family<Labels<2>, Counter>,
    latency: Family<Labels<1>, Histogram, fn() -> Histogram>,
    calls: Family<Labels<2>, Counter>,
    limit_wait: Family<Labels<1>, Counter<f64, AtomicU64>>,
}

impl Metrics {
    /// Nothing was counted yet.
    #[must_use]
    pub fn new() -> Self {
        let figures = Figures {
            registry: Mutex::new(Registry::with_prefix("rollbook")),
            deliveries: Family::default(),
            due: Family::default(),
            parked: Family::default(),
            oldest_due: Family::default(),
            runs: Family::default(),
            outcomes: Family::default(),
            latency: Family::new_with_constructor(|| Histogram::new(LATENCY)),
            calls: Family::default(),
            limit_wait: Family::default(),
        };
        figures.register();
        Self(Arc::new(figures))
    }

    /// A delivery came for a recipe; `result` is one of a few words.
    pub fn delivery(&self, recipe: &str, result: &'static str) {
        self.0.deliveries.get_or_create(&[("recipe", recipe.to_owned()), ("result", result.to_owned())]).inc();
    }

    /// A full sync ended.
    pub fn run(&self, recipe: &str, status: RunStatus) {
        self.0.runs.get_or_create(&[("recipe", recipe.to_owned()), ("status", status.word().to_owned())]).inc();
    }

    /// So many people ended like this, in a full sync or in real time.
    pub fn outcomes(&self, recipe: &str, kind: OutcomeKind, people: u64) {
        let labels = [("recipe", recipe.to_owned()), ("kind", kind.word().to_owned())];
        self.0.outcomes.get_or_create(&labels).inc_by(people);
    }

    /// It is recorded what became of a delivery, so long after it came.
    pub fn real_time(&self, recipe: &str, since: Duration) {
        self.0.latency.get_or_create(&[("recipe", recipe.to_owned())]).observe(since.as_secs_f64());
    }

    /// All figures in the text form of OpenMetrics, which Prometheus reads. `backlogs` is what the database knows of each
    /// recipe, as far as it answers; `calls` are the totals of this process.
    #[must_use]
    pub fn render(&self, backlogs: &[(String, Backlog)], calls: &[ServiceCalls]) -> String {
        let registry = self.0.registry.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.show_backlogs(backlogs, Timestamp::now());
        calls.iter().for_each(|calls| self.0.show_calls(calls));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &registry);
        text
    }
}

impl Figures {
    fn register(&self) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let registry = &mut *registry;
        registry.register("deliveries", "Webhook deliveries, by what became of them", self.deliveries.clone());
        registry.register("due_people", "People who wait to be looked at again", self.due.clone());
        registry.register("parked_people", "People given up after several failures", self.parked.clone());
        let help = "For how long the first of those who wait has been due";
        registry.register_with_unit("oldest_due", help, Unit::Seconds, self.oldest_due.clone());
        registry.register("runs", "Full syncs that ended, by how", self.runs.clone());
        registry.register("outcomes", "People handled, by how it ended", self.outcomes.clone());
        let help = "From a delivery to the record of what became of it";
        registry.register_with_unit("real_time", help, Unit::Seconds, self.latency.clone());
        registry.register("calls", "Calls of sources and targets, each try counted", self.calls.clone());
        let help = "Time that calls waited for a service's limit";
        registry.register_with_unit("limit_wait", help, Unit::Seconds, self.limit_wait.clone());
    }

    /// Who waits now. What was shown of other recipes before is forgotten.
    fn show_backlogs(&self, backlogs: &[(String, Backlog)], now: Timestamp) {
        self.due.clear();
        self.parked.clear();
        self.oldest_due.clear();
        for (recipe, backlog) in backlogs {
            let labels = [("recipe", recipe.clone())];
            let people = |people: usize| i64::try_from(people).unwrap_or(i64::MAX);
            self.due.get_or_create(&labels).set(people(backlog.due));
            self.parked.get_or_create(&labels).set(people(backlog.parked));
            let age = backlog.oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64().max(0.0));
            self.oldest_due.get_or_create(&labels).set(age);
        }
    }

    fn show_calls(&self, calls: &ServiceCalls) {
        let service = calls.service.to_owned();
        for (kind, total) in [("read", calls.reads), ("write", calls.writes), ("token", calls.tokens)] {
            let counter = self.calls.get_or_create_owned(&[("connector", service.clone()), ("kind", kind.to_owned())]);
            counter.inc_by(total.saturating_sub(counter.get()));
        }
        let waited = self.limit_wait.get_or_create_owned(&[("connector", service)]);
        waited.inc_by((calls.waited.as_secs_f64() - waited.get()).max(0.0));
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<&str> {
        text.lines().filter(|line| !line.starts_with('#')).collect()
    }

    #[test]
    fn what_was_counted_is_shown_by_recipe_and_word() {
        let metrics = Metrics::new();
        metrics.delivery("acme", "taken");
        metrics.clone().delivery("acme", "taken");
        metrics.run("acme", RunStatus::Finished);
        metrics.outcomes("acme", OutcomeKind::Created, 3);
        let text = metrics.render(&[], &[]);
        let expected = [
            r#"rollbook_deliveries_total{recipe="acme",result="taken"} 2"#,
            r#"rollbook_runs_total{recipe="acme",status="finished"} 1"#,
            r#"rollbook_outcomes_total{recipe="acme",kind="created"} 3"#,
        ];
        assert_eq!(lines(&text), expected);
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn who_waits_is_what_the_database_says_now() {
        let metrics = Metrics::new();
        let oldest = Some(Timestamp::now() - Duration::from_secs(100));
        let backlogs =
            [("acme".to_owned(), Backlog { due: 7, parked: 2, oldest }), ("globex".to_owned(), Backlog::default())];
        let text = metrics.render(&backlogs, &[]);
        for line in [
            r#"rollbook_due_people{recipe="acme"} 7"#,
            r#"rollbook_due_people{recipe="globex"} 0"#,
            r#"rollbook_parked_people{recipe="acme"} 2"#,
            r#"rollbook_oldest_due_seconds{recipe="acme"} 10"#,
            r#"rollbook_oldest_due_seconds{recipe="globex"} 0.0"#,
        ] {
            assert!(lines(&text).iter().any(|shown| shown.starts_with(line)), "{line} in\n{text}");
        }
        let gone = metrics.render(&[], &[]);
        assert_eq!(lines(&gone), Vec::<&str>::new(), "nothing is made up while the database does not answer");
    }

    #[test]
    fn totals_of_calls_are_shown_as_they_are() {
        let metrics = Metrics::new();
        let calls = |reads| ServiceCalls {
            service: "HiBob",
            reads,
            writes: 1,
            tokens: 0,
            waited: Duration::from_millis(1_500),
        };
        let _ = metrics.render(&[], &[calls(5)]);
        let text = metrics.render(&[], &[calls(8)]);
        for line in [
            r#"rollbook_calls_total{connector="HiBob",kind="read"} 8"#,
            r#"rollbook_calls_total{connector="HiBob",kind="write"} 1"#,
            r#"rollbook_limit_wait_seconds_total{connector="HiBob"} 1.5"#,
        ] {
            assert!(lines(&text).contains(&line), "{line} in\n{text}");
        }
    }

    #[test]
    fn latencies_are_counted_in_buckets() {
        let metrics = Metrics::new();
        metrics.real_time("acme", Duration::from_millis(70));
        let text = metrics.render(&[], &[]);
        assert!(text.contains(r#"rollbook_real_time_seconds_bucket{le="0.05",recipe="acme"} 0"#), "{text}");
        assert!(text.contains(r#"rollbook_real_time_seconds_bucket{le="0.1",recipe="acme"} 1"#), "{text}");
    }
}
