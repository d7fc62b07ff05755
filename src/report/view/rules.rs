//! Who was left alone, by the rule that decided.

use std::collections::HashMap;

use super::super::changes::told;
use super::super::words::{capital, short};
use super::{RunReport, Shown, Words};
use crate::model::{Origin, OutcomeKind};

/// One rule and how many people it left alone.
pub(in super::super) struct Rule {
    /// "Left out by the filter".
    pub(in super::super) kind: String,
    /// How many people.
    pub(in super::super) count: usize,
    /// The rule's words and its line.
    pub(in super::super) why: String,
    /// The first of those people.
    pub(in super::super) people: Vec<String>,
}

/// How many people a rule names.
const NAMED: usize = 5;

/// The ways to be rightly left alone, in the order of the report, and what each is called.
const LEFT_ALONE: [(OutcomeKind, &str); 4] = [
    (OutcomeKind::OutOfScope, "left-out-of-scope"),
    (OutcomeKind::Ignored, "left-ignored"),
    (OutcomeKind::Waiting, "left-waiting"),
    (OutcomeKind::Protected, "left-protected"),
];

/// Whether somebody was rightly left alone.
pub(in super::super) fn is_left_alone(kind: OutcomeKind) -> bool {
    LEFT_ALONE.iter().any(|(known, _)| *known == kind)
}

impl Rule {
    /// Every rule that left somebody alone, the one with most people first.
    pub(super) fn all(report: &RunReport, words: Words) -> Vec<Self> {
        LEFT_ALONE.into_iter().flat_map(|(kind, title)| of_kind(report, kind, title, words)).collect()
    }

    /// Leaves out the rules that are too many, but for how many people they are about.
    pub(super) fn shorten(rules: &mut Vec<Self>, most: usize, words: Words) {
        let others: usize = rules.iter().skip(most).map(|rule| rule.count).sum();
        rules.truncate(most);
        let (kind, why) = (words.say("others"), words.say("left-others"));
        rules.extend((others > 0).then(|| Self { kind, count: others, why, people: Vec::new() }));
    }

    /// The people it names, and how many others there are.
    pub(in super::super) fn named(&self, words: &Words) -> String {
        match self.count - self.people.len() {
            _ if self.people.is_empty() => String::new(),
            0 => self.people.join(", "),
            others => format!("{} {}", self.people.join(", "), words.counted("and-more", others)),
        }
    }
}

fn of_kind(report: &RunReport, kind: OutcomeKind, title: &str, words: Words) -> Vec<Rule> {
    // By the rule itself: taking its words for each of a hundred thousand people would take longer than everything else.
    let mut rules: Vec<Rule> = Vec::new();
    let mut known: HashMap<(&str, Option<&Origin>), usize> = HashMap::new();
    for outcome in report.outcomes.iter().filter(|outcome| outcome.kind == kind) {
        let reason = &outcome.person.reason;
        let rule = *known.entry((&reason.text, reason.origin.as_deref())).or_insert_with(|| {
            let why = short(&capital(&told(reason, words)));
            rules.push(Rule { kind: words.say(title), count: 0, why, people: Vec::new() });
            rules.len() - 1
        });
        let rule = &mut rules[rule];
        rule.count += 1;
        if rule.people.len() < NAMED {
            rule.people.push(short(&outcome.person.name));
        }
    }
    rules.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.why.cmp(&b.why)));
    Rule::shorten(&mut rules, Shown::ALL.entries, words);
    rules
}
