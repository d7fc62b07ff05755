//! Whatever the plans and runs of these tests say of people can be said in every language of a report. The helpers that make
//! plans and runs ask for it, so that each test that provokes a sentence proves that it is known.

use rollbook::model::plan::{Changes, PersonPlan};
use rollbook::model::{Finding, Language, Plan, Reason};
use rollbook::report::{NoticeWords, RunReport};

/// What is said where a rule of the author's refuses somebody, be it in the author's words or in Rhai's.
const AUTHORS: [&str; 2] = ["the recipe asks for this", "`rollbook explain` shows the values; mend the script"];

/// Sees that everything a plan says is known.
pub(crate) fn plan_is_known(plan: &Plan) {
    plan.people.iter().for_each(|person| person_is_known(person));
    plan.findings.iter().for_each(finding_is_known);
    plan.new_groups.iter().map(|group| &group.reason).for_each(reason_is_known);
    plan.group_changes.iter().map(|group| &group.reason).for_each(reason_is_known);
}

/// Sees that everything a report says is known.
pub(crate) fn report_is_known(report: &RunReport) {
    for outcome in &report.outcomes {
        person_is_known(&outcome.person);
        outcome.failure.iter().for_each(|finding| finding_is_known(finding));
        outcome.held.iter().for_each(|changes| changes_are_known(changes));
    }
    report.findings.iter().for_each(finding_is_known);
    report.tripped.iter().for_each(|tripped| is_known(&tripped.limit));
    report.unreadable.iter().for_each(|record| is_known(&record.reason));
    report.refused.iter().for_each(|why| is_known(why));
}

fn person_is_known(person: &PersonPlan) {
    reason_is_known(&person.reason);
    person.new_link.iter().for_each(reason_is_known);
    person.findings.iter().for_each(finding_is_known);
    person.changes.iter().for_each(|changes| changes_are_known(changes));
}

fn changes_are_known(changes: &Changes) {
    changes.fields.iter().map(|change| change.reason()).for_each(reason_is_known);
    changes.references.iter().map(|change| &change.reason).for_each(reason_is_known);
    changes.join.iter().chain(&changes.leave).map(|change| &change.reason).for_each(reason_is_known);
}

fn finding_is_known(finding: &Finding) {
    is_known(&finding.hint);
    if !AUTHORS.iter().any(|hint| finding.hint.starts_with(hint)) {
        is_known(&finding.text);
    }
    finding.reason.iter().for_each(reason_is_known);
}

fn reason_is_known(reason: &Reason) {
    is_known(&reason.text);
}

fn is_known(english: &str) {
    for language in [Language::French, Language::German] {
        let said = NoticeWords::of(language, "UTC").sentence(english).into_owned();
        assert_ne!(said, english, "in {language:?}: no sentence of texts/sentences.en.ftl");
    }
}
