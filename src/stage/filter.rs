//! Who takes part: in scope is who some include rule matches (or there is none) and no exclude rule does.

use crate::model::Reason;
use crate::problem::Problem;
use crate::script::{ScriptFailure, Session};
use crate::stage::Compile;
use crate::stage::condition::Truth;
use crate::stage::dead_rule;
use crate::stage::person::Person;
use crate::stage::rule::{Rule, RuleRows};
use crate::table::Table;

/// Decides who takes part.
#[derive(Debug, Default)]
pub struct Filter {
    /// Rules that bring people in.
    pub include: Vec<Rule>,
    /// Rules that leave people out; they win.
    pub exclude: Vec<Rule>,
}

/// Whether a person takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Takes part; by which rule, where there are include rules.
    In(Option<Reason>),
    /// Does not, by an exclude rule.
    Out(Reason),
    /// Does not, as no include rule matches; the reason of one that asked whether a field was delivered, which it was not.
    NotIncluded(Reason, Option<Reason>),
    /// A field that decides was not delivered.
    Undecided(Reason),
}

impl Filter {
    /// Compiles `filters`.
    pub fn compile(table: &Table, cx: &mut Compile<'_>) -> Self {
        let mut filter = Self::default();
        for rows in RuleRows::of(table) {
            let effect = rows.only("effect", cx);
            let rule = rows.compile("filter", cx);
            let (Some((effect, _)), Some(rule)) = (effect, rule) else { continue };
            dead_rule::check_contradiction(&rule, cx);
            match effect {
                "exclude" if rule.conditions.is_empty() => {
                    let message = "this rule has no condition and leaves everybody out";
                    cx.problems.push(Problem::warning("matches-all", &rule.place, message));
                    filter.exclude.push(rule);
                }
                "exclude" => filter.exclude.push(rule),
                _ => filter.include.push(rule),
            }
        }
        dead_rule::check_repeated(&filter.include, cx);
        dead_rule::check_repeated(&filter.exclude, cx);
        filter
    }

    /// Decides for one person.
    ///
    /// # Errors
    /// When a script fails.
    pub fn scope(&self, person: &Person<'_>, session: &mut Session) -> Result<Scope, ScriptFailure> {
        let mut unknown = None;
        for rule in &self.exclude {
            match rule.test(person, session)? {
                Truth::Yes => return Ok(Scope::Out(rule.reason.clone())),
                Truth::Unknown => unknown = unknown.or(Some(rule)),
                Truth::No => {}
            }
        }
        let included = self.included(person, session)?;
        Ok(match (unknown, included) {
            // Out whichever way the undecided rule would go.
            (Some(_), out @ (Scope::Out(_) | Scope::NotIncluded(..))) => out,
            (Some(rule), _) => Scope::Undecided(rule.reason.clone()),
            (None, included) => included,
        })
    }

    fn included(&self, person: &Person<'_>, session: &mut Session) -> Result<Scope, ScriptFailure> {
        if self.include.is_empty() {
            return Ok(Scope::In(None));
        }
        let mut unknown = None;
        for rule in &self.include {
            match rule.test(person, session)? {
                Truth::Yes => return Ok(Scope::In(Some(rule.reason.clone()))),
                Truth::Unknown => unknown = unknown.or(Some(rule)),
                Truth::No => {}
            }
        }
        Ok(match unknown {
            Some(rule) => Scope::Undecided(rule.reason.clone()),
            None => {
                let missed = self.include.iter().find(|rule| rule.misses_a_delivery(person));
                let reason = Reason::plain("no include rule of the filter matches");
                Scope::NotIncluded(reason, missed.map(|rule| rule.reason.clone()))
            }
        })
    }

    /// Every rule, for explanations and for finding dead ones.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.exclude.iter().chain(&self.include)
    }
}
