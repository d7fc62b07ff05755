//! Who has access: the first matching rule decides. No match means "leave alone", and is reported.

use crate::model::Reason;
use crate::script::{ScriptFailure, Session};
use crate::stage::Compile;
use crate::stage::condition::Truth;
use crate::stage::dead_rule;
use crate::stage::person::Person;
use crate::stage::rule::{Rule, RuleRows};
use crate::table::Table;

/// What a status rule says of an employee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmployeeStatus {
    /// Should have access.
    Active,
    /// Should not.
    Inactive,
    /// Is none of our business.
    Ignore,
}

impl EmployeeStatus {
    /// The word used in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Ignore => "ignore",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Ignore].into_iter().find(|status| status.word() == word)
    }
}

/// Decides who has access.
#[derive(Debug)]
pub struct Status {
    /// In order of priority.
    pub rules: Vec<StatusRule>,
}

/// One rule and what it says.
#[derive(Debug)]
pub struct StatusRule {
    /// When.
    pub rule: Rule,
    /// What.
    pub status: EmployeeStatus,
}

/// What the rules say of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The first rule that matches.
    Decided(EmployeeStatus, Reason),
    /// No rule matches.
    NoRule,
    /// A rule that would come first looks at a field that was not delivered.
    Undecided(Reason),
}

impl Status {
    /// Compiles `status`.
    pub fn compile(table: &Table, cx: &mut Compile<'_>) -> Self {
        let mut rules = Vec::new();
        table.check_has("status", cx.problems);
        for rows in RuleRows::of(table) {
            let status = rows.only("status", cx);
            let missing = status.is_none();
            let status = status.and_then(|(word, _)| EmployeeStatus::from_word(word));
            let rule = rows.compile("status", cx);
            if missing && table.has_column("status") {
                let place = rows.first().hole("status");
                let message = "this rule does not say which status it gives";
                let help = "fill the status column of its first row with active, inactive or ignore";
                cx.problems.push_if_first(crate::problem::Problem::new("missing-status", &place, message).help(help));
            }
            let (Some(status), Some(rule)) = (status, rule) else { continue };
            dead_rule::check_contradiction(&rule, cx);
            rules.push(StatusRule { rule, status });
        }
        dead_rule::check_shadowed(rules.iter().map(|rule| &rule.rule), cx);
        Self { rules }
    }

    /// Decides for one person. Nobody loses access because a rule that would have come first asks whether a field was
    /// delivered, and it was not.
    ///
    /// # Errors
    /// When a script fails.
    pub fn decide(&self, person: &Person<'_>, session: &mut Session) -> Result<Decision, ScriptFailure> {
        let mut missed = None;
        for StatusRule { rule, status } in &self.rules {
            match (rule.test(person, session)?, missed) {
                (Truth::Yes, Some(missed)) if *status == EmployeeStatus::Inactive => {
                    return Ok(Decision::Undecided(Reason::clone(missed)));
                }
                (Truth::Yes, _) => return Ok(Decision::Decided(*status, rule.reason.clone())),
                (Truth::Unknown, _) => return Ok(Decision::Undecided(rule.reason.clone())),
                (Truth::No, None) if *status != EmployeeStatus::Inactive && rule.misses_a_delivery(person) => {
                    missed = Some(&rule.reason);
                }
                (Truth::No, _) => {}
            }
        }
        Ok(Decision::NoRule)
    }
}
