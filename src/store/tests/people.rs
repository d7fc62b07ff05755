//! Outcomes there and back.

use super::*;
use crate::model::plan::{
    Changes, FieldChange, Mapping, MembershipChange, Origin, PersonPlan, PersonRef, ReferenceChange, Verdict,
};
use crate::model::{Access, Cell, EmployeeId, Finding, Number, Outcome, OutcomeKind, Reason, UserStatus, Value, Whose};

/// Somebody about whom there is nothing to say.
pub(super) fn unremarkable(employee: &str) -> Outcome {
    Outcome {
        kind: OutcomeKind::Unchanged,
        person: Box::new(PersonPlan {
            employee: EmployeeId::new(employee),
            name: "Ada Lovelace".into(),
            email: Some("ada@acme.example".into()),
            in_roster: true,
            user: Some("u1".into()),
            new_link: None,
            verdict: Verdict::Unchanged,
            reason: rule("status rule `active`"),
            changes: None,
            findings: Vec::new(),
            no_group_rule: false,
        }),
        held: None,
        failure: None,
    }
}

fn rule(text: &str) -> Reason {
    Reason::at(text, &Arc::new(Origin { file: "status.csv".into(), line: 12 }))
}

/// Somebody about whom everything is to say.
fn remarkable(employee: &str) -> Outcome {
    let finding = Finding {
        whose: Whose::Credentials,
        text: "`work.site` was not delivered".into(),
        hint: "tick Work in HiBob".into(),
        reason: Some(rule("field `site`")),
    };
    let field = |name: &str, before: Cell, after: Option<Value>| {
        let mapping = Mapping { field: name.into(), login: name == "mail", reason: Reason::plain("row 3") };
        FieldChange::new(&mapping.into(), before, after)
    };
    let membership = MembershipChange {
        name: "Finance".into(),
        group: None,
        role: "learner".into(),
        reason: rule("group rule `finance`"),
    };
    let list: Arc<[Arc<str>]> = ["a".into(), "b".into()].into();
    let changes = Changes {
        replaces: Some("u0".into()),
        status_before: Some(UserStatus::Invited),
        access: Some(Access::ActiveWithEmail),
        fields: vec![
            field("mail", Cell::NotDelivered, Value::text("ada@acme.example")),
            field("start", Cell::Empty, Some(Value::Date(date(2026, 3, 1)))),
            field("hours", Cell::Value(Value::Number(Number::Decimal(37.5))), None),
            field("tags", Cell::Value(Value::YesNo(true)), Some(Value::List(list))),
        ],
        references: vec![ReferenceChange {
            field: "manager".into(),
            before: vec!["u7".into()],
            after: vec![PersonRef::User("u8".into()), PersonRef::New("9".into())],
            reason: rule("field `manager`"),
        }],
        join: vec![membership.clone().into()],
        leave: vec![MembershipChange { group: Some("g1".into()), ..membership }.into()],
    };
    let mut outcome = unremarkable(employee);
    outcome.kind = OutcomeKind::Failed;
    outcome.person.email = None;
    outcome.person.in_roster = false;
    outcome.person.user = None;
    outcome.person.new_link = Some(rule("identify: same address"));
    outcome.person.verdict = Verdict::Update;
    outcome.person.reason = Reason::plain("gone from HiBob");
    outcome.person.changes = Some(Box::new(changes.clone()));
    outcome.person.findings = vec![finding.clone()];
    outcome.person.no_group_rule = true;
    outcome.held = Some(Box::new(changes));
    outcome.failure = Some(Box::new(finding));
    outcome
}

fn outcomes(outcomes: Vec<(u32, Outcome)>) -> Batch {
    Batch { outcomes, ..Batch::default() }
}

async fn an_outcome_with_everything_in_it_comes_back_the_same(fresh: Fresh) {
    let store = fresh.store().await;
    let run = begin(&store, 0).await.run;
    let batch = outcomes(vec![(1, remarkable("2")), (0, unremarkable("1"))]);
    record(&store, &run, "acme", &batch).await.unwrap();
    assert_eq!(store.outcomes(&run).await.unwrap(), [unremarkable("1"), remarkable("2")]);
}

async fn every_ending_keeps_the_verdict_it_had(fresh: Fresh) {
    let store = fresh.store().await;
    let run = begin(&store, 0).await.run;
    let ways = OutcomeKind::ALL.into_iter().flat_map(|kind| Verdict::ALL.map(|verdict| (kind, verdict)));
    let all: Vec<Outcome> = ways
        .map(|(kind, verdict)| {
            let mut outcome = unremarkable("1");
            outcome.kind = kind;
            outcome.person.verdict = verdict;
            outcome
        })
        .collect();
    record(&store, &run, "acme", &outcomes((0..).zip(all.clone()).collect())).await.unwrap();
    assert_eq!(store.outcomes(&run).await.unwrap(), all);
}

async fn within_a_run_the_last_word_about_a_person_counts(fresh: Fresh) {
    let store = fresh.store().await;
    let run = begin(&store, 0).await.run;
    record(&store, &run, "acme", &outcomes(vec![(0, remarkable("1")), (1, unremarkable("2"))])).await.unwrap();
    let batch = outcomes(vec![(0, remarkable("1")), (0, unremarkable("1"))]);
    record(&store, &run, "acme", &batch).await.unwrap();
    assert_eq!(store.outcomes(&run).await.unwrap(), [unremarkable("1"), unremarkable("2")]);
}

async fn a_big_run_is_shown_page_by_page_in_the_order_of_its_plan(fresh: Fresh) {
    let store = fresh.store().await;
    let run = begin(&store, 0).await.run;
    let everybody = (0..4_321).rev().map(|position| (position, unremarkable(&position.to_string()))).collect();
    record(&store, &run, "acme", &outcomes(everybody)).await.unwrap();
    let mut next = 0;
    let in_order = |outcome: Outcome| {
        assert_eq!(outcome.person.employee.as_str(), next.to_string());
        next += 1;
    };
    store.for_each_outcome(&run, in_order).await.unwrap();
    assert_eq!(next, 4_321);
}

async fn only_the_newest_runs_of_a_recipe_keep_their_outcomes(fresh: Fresh) {
    let store = fresh.store().await;
    let mut runs = Vec::new();
    for seconds in 0..3 {
        let run = begin(&store, seconds).await.run;
        record(&store, &run, "acme", &outcomes(vec![(0, unremarkable("1"))])).await.unwrap();
        runs.push(run);
    }
    store.prune("other", 0).await.unwrap();
    store.prune("acme", 2).await.unwrap();
    let mut left = Vec::new();
    for run in &runs {
        left.push(store.outcomes(run).await.unwrap().len());
    }
    assert_eq!(left, [0, 1, 1]);
    assert_eq!(store.runs(None, 9).await.unwrap().len(), 3);
}

on_both!(
    an_outcome_with_everything_in_it_comes_back_the_same,
    every_ending_keeps_the_verdict_it_had,
    within_a_run_the_last_word_about_a_person_counts,
    a_big_run_is_shown_page_by_page_in_the_order_of_its_plan,
    only_the_newest_runs_of_a_recipe_keep_their_outcomes,
);
