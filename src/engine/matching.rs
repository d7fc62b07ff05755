//! Whose user is whose: the remembered link first, then the recipe's `identify` rules, then users that a run which was
//! cut off may have made.

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt as _};

use super::Planner;
use crate::model::{EmployeeId, Reason};
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
    by_rule: OnceCell<Vec<HashMap<String, Vec<usize>>>>,
    by_login: OnceCell<Vec<HashMap<String, Vec<usize>>>>,
}

impl Planner<'_> {
    pub(super) fn find_user(&self, person: &Person<'_>) -> Match {
        let employee = &person.record.id;
        if let Some((at, _)) = self.linked_user(employee) {
            return Match::Linked(at);
        }
        for (rule, users) in self.recipe.identify.iter().zip(self.users_by_rule()) {
            if !rule.is_delivered(person) {
                return Match::Unknown(rule.reason.clone());
            }
            if users.is_empty() {
                continue;
            }
            let Some(found) = rule.key(person).and_then(|key| users.get(&key)) else { continue };
            return match &found[..] {
                [at] => self.unless_taken(*at, &rule.reason),
                several => Match::Several(rule.reason.clone(), several.to_vec()),
            };
        }
        self.announced(employee)
    }

    /// A user that belongs to somebody else, unless that employee is gone from the source.
    fn unless_taken(&self, at: usize, reason: &Reason) -> Match {
        let owner = self.employee_of_user.get(self.inputs.users[at].id.as_str());
        match owner.filter(|owner| self.may_be_here(owner)) {
            Some(owner) => Match::Taken(at, reason.clone(), (*owner).clone()),
            None => Match::Found(at, reason.clone()),
        }
    }

    /// Whether an employee is in the roster, or might be among what of it could not be read.
    fn may_be_here(&self, employee: &EmployeeId) -> bool {
        !self.inputs.roster.unreadable.is_empty() || self.people.get(employee.as_str()).is_some()
    }

    /// The user that a run announced to make, and was cut off before it could say that it did.
    fn announced(&self, employee: &EmployeeId) -> Match {
        let Some(Some(login)) = self.inputs.memory.intents.get(employee) else { return Match::None };
        let found = (0..self.recipe.logins.len()).map(|field| self.users_with_login(field, login));
        match found.into_iter().find(|users| !users.is_empty()) {
            Some([at]) => self.unless_taken(*at, &Reason::plain("made by an earlier run that was cut off")),
            _ => Match::None,
        }
    }

    fn users_by_rule(&self) -> &[HashMap<String, Vec<usize>>] {
        self.keys.by_rule.get_or_init(|| {
            let index = |rule: &crate::stage::identify::IdentifyRule| {
                let mut users: HashMap<String, Vec<usize>> = HashMap::with_capacity(self.inputs.users.len());
                for (at, user) in self.inputs.users.iter().enumerate() {
                    if let Some(key) = rule.user_key(user.cell(rule.place)) {
                        users.entry(key).or_default().push(at);
                    }
                }
                users
            };
            self.recipe.identify.iter().map(index).collect()
        })
    }

    /// The users with this text in one of the recipe's login fields, without case and outer spaces.
    pub(super) fn users_with_login(&self, field: usize, login: &str) -> &[usize] {
        let by_login = self.keys.by_login.get_or_init(|| {
            let index = |place: usize| {
                let mut users: HashMap<String, Vec<usize>> = HashMap::new();
                for (at, user) in self.inputs.users.iter().enumerate() {
                    if let Some(text) = user.cell(place).value().and_then(|value| value.as_text()) {
                        users.entry(fold(text)).or_default().push(at);
                    }
                }
                users
            };
            self.recipe.logins.iter().map(|(_, place)| index(*place)).collect()
        });
        by_login.get(field).and_then(|users| users.get(&fold(login))).map_or(&[], Vec::as_slice)
    }
}

/// How logins are compared.
pub(super) fn fold(login: &str) -> String {
    login.trim().to_lowercase()
}
