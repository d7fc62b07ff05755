//! Whose user is whose: the remembered link first, then the recipe's `identify` rules, then users that a run which was
//! cut off may have made.

use std::sync::OnceLock;

use super::Planner;
use super::users_by_text::UsersByText;
use crate::model::{EmployeeId, Reason};
use crate::stage::identify::IdentifyRule;
use crate::stage::person::Person;

/// What looking for a person's user gave.
#[derive(Debug)]
pub(super) enum Match {
    /// The remembered link.
    Linked(usize),
    /// Found now.
    Found(usize, Reason),
    /// There is none.
    None,
    /// More than one user fits.
    Several(Reason, Vec<usize>),
    /// The user that fits belongs to another employee.
    Taken(usize, Reason, EmployeeId),
    /// A field that identifies the person was not delivered, so that any user might be theirs.
    Unknown(Reason),
}

/// Users by what `identify` compares, and by login. Made when the first person without a link is met: a steady sync
/// needs none of it.
#[derive(Default)]
pub(super) struct Keys {
    by_rule: OnceLock<Vec<UsersByText>>,
    by_login: OnceLock<Vec<UsersByText>>,
}

impl Planner<'_> {
    pub(super) fn find_user(&self, person: &Person<'_>) -> Match {
        let employee = &person.record.id;
        if let Some((at, _)) = self.linked_user(employee) {
            return Match::Linked(at);
        }
        for (at, rule) in self.recipe.identify.iter().enumerate() {
            if !rule.is_delivered(person) {
                return Match::Unknown(rule.reason.clone());
            }
            if self.inputs.users.is_empty() {
                continue;
            }
            let Some(key) = rule.key(person) else { continue };
            return match &self.users_with_key(at, &key)[..] {
                [] => continue,
                [user] => match self.keyed_to_another(at, *user, employee) {
                    Some(owner) => Match::Taken(*user, rule.reason.clone(), owner),
                    None => self.unless_taken(*user, &rule.reason),
                },
                several => Match::Several(rule.reason.clone(), several.to_vec()),
            };
        }
        self.announced(employee)
    }

    /// A user that belongs to somebody else, unless that employee is gone from the source.
    fn unless_taken(&self, at: usize, reason: &Reason) -> Match {
        let owner = self.employee_of(&self.inputs.users[at].id);
        match owner.filter(|owner| self.may_be_here(owner)) {
            Some(owner) => Match::Taken(at, reason.clone(), owner.clone()),
            None => Match::Found(at, reason.clone()),
        }
    }

    /// The other employee whose id a user holds in the field for it, where the user was found by something else: the user is
    /// theirs, even if nothing is remembered of that.
    fn keyed_to_another(&self, rule: usize, user: usize, employee: &EmployeeId) -> Option<EmployeeId> {
        let key_field = self.recipe.target_catalogue.key_field.as_ref()?;
        let rules = &self.recipe.identify;
        let by_key = rules.iter().position(|rule| rule.user == *key_field).filter(|by_key| *by_key != rule)?;
        let held = self.inputs.users[user].cell(rules[by_key].place).value()?;
        let owner = EmployeeId::new(held.as_text()?.trim());
        (owner != *employee && self.people.get(owner.as_str()).is_some()).then_some(owner)
    }

    /// Whether an employee is in the roster, or might be among what of it could not be read.
    fn may_be_here(&self, employee: &EmployeeId) -> bool {
        !self.inputs.roster.unreadable.is_empty() || self.people.get(employee.as_str()).is_some()
    }

    /// The user that a run announced to make, and was cut off before it could say that it did.
    fn announced(&self, employee: &EmployeeId) -> Match {
        let Some(Some(login)) = self.inputs.memory.intents.get(employee) else { return Match::None };
        let found = (0..self.recipe.logins.len()).map(|field| self.users_with_login(field, login));
        match found.into_iter().find(|users| !users.is_empty()).as_deref() {
            Some([at]) => self.unless_taken(*at, &Reason::plain("made by an earlier run that was cut off")),
            _ => Match::None,
        }
    }

    /// The users that a rule of `identify` finds under a key.
    fn users_with_key(&self, rule: usize, key: &str) -> Vec<usize> {
        let rules = &self.recipe.identify;
        let key_of = |rule: &IdentifyRule, at: usize| rule.user_key(self.inputs.users[at].cell(rule.place));
        let index = |rule| UsersByText::new((0..self.inputs.users.len()).map(|at| key_of(rule, at)));
        let by_rule = self.keys.by_rule.get_or_init(|| rules.iter().map(index).collect());
        by_rule[rule].find(key, |at| key_of(&rules[rule], at))
    }

    /// The users with this text in one of the recipe's login fields, without case and outer spaces.
    pub(super) fn users_with_login(&self, field: usize, login: &str) -> Vec<usize> {
        let logins = &self.recipe.logins;
        let login_of = |place: usize, at: usize| {
            let value = self.inputs.users[at].cell(place).value();
            value.and_then(|value| value.as_text()).map(fold)
        };
        let index = |place| UsersByText::new((0..self.inputs.users.len()).map(|at| login_of(place, at)));
        let by_login = self.keys.by_login.get_or_init(|| logins.iter().map(|(_, place)| index(*place)).collect());
        by_login[field].find(&fold(login), |at| login_of(logins[field].1, at))
    }
}

/// How logins are compared.
pub(super) fn fold(login: &str) -> String {
    login.trim().to_lowercase()
}
