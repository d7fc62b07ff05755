//! What is remembered of a user where the target's listings leave it out, so that a steady sync asks about nobody.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Cell, FieldName, Membership, TargetCatalogue, TargetType, User, UserId, UserLayout, UserStatus, Value};

/// What a target's listings leave out of a recipe's users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlisted {
    /// Fields, with their places in the layout.
    fields: Vec<(usize, FieldName, TargetType)>,
    memberships: bool,
    access_carries_relations: bool,
}

impl Unlisted {
    /// Nothing where the listings have everything that is read.
    #[must_use]
    pub fn of(catalogue: &TargetCatalogue, layout: &UserLayout) -> Option<Self> {
        let unlisted = |(place, name): (usize, &FieldName)| {
            let target_type = catalogue.field(name.as_str()).map_or(TargetType::Text, |field| field.target_type);
            (!catalogue.lists(name)).then(|| (place, name.clone(), target_type))
        };
        let fields: Vec<_> = layout.fields.iter().enumerate().filter_map(unlisted).collect();
        let memberships = layout.memberships && !catalogue.groups.roles.is_empty() && !catalogue.groups.listed;
        let access_carries_relations = catalogue.access_carries_relations;
        (memberships || !fields.is_empty()).then_some(Self { fields, memberships, access_carries_relations })
    }

    fn field(&self, name: &FieldName) -> Option<TargetType> {
        self.fields.iter().find(|(_, known, _)| known == name).map(|(_, _, target_type)| *target_type)
    }

    fn references(&self) -> impl Iterator<Item = &FieldName> {
        self.fields.iter().filter(|(_, _, target_type)| target_type.refers_to_users()).map(|(_, name, _)| name)
    }
}

/// What was last read or written of one user.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    cells: BTreeMap<FieldName, Cell>,
    /// Nothing where nobody has asked for groups yet.
    memberships: Option<BTreeSet<Membership>>,
}

impl Known {
    /// A user who was just made: nothing is there that was not given.
    #[must_use]
    pub fn blank(unlisted: &Unlisted) -> Self {
        let cells = unlisted.fields.iter().map(|(_, name, _)| (name.clone(), Cell::Empty)).collect();
        Self { cells, memberships: unlisted.memberships.then(BTreeSet::new) }
    }

    /// What was read of a user with everything.
    #[must_use]
    pub fn read(user: &User, unlisted: &Unlisted) -> Self {
        let cells = unlisted.fields.iter().map(|(place, name, _)| (name.clone(), user.cell(*place).clone()));
        let memberships = unlisted.memberships.then(|| user.memberships.iter().cloned().collect());
        Self { cells: cells.collect(), memberships }
    }

    /// Whether nothing that the recipe reads is missing, such as a field that was mapped since.
    #[must_use]
    pub fn is_whole(&self, unlisted: &Unlisted) -> bool {
        let groups = !unlisted.memberships || self.memberships.is_some();
        groups && unlisted.fields.iter().all(|(_, name, _)| self.cells.contains_key(name))
    }

    /// The user with what listings leave out. What was listed of this one stays.
    #[must_use]
    pub fn completed(&self, user: &User, unlisted: &Unlisted) -> User {
        let mut cells: Vec<Cell> = user.cells.iter().cloned().collect();
        for (place, name, _) in &unlisted.fields {
            if let (Some(cell @ Cell::NotDelivered), Some(known)) = (cells.get_mut(*place), self.cells.get(name)) {
                *cell = known.clone();
            }
        }
        let memberships = match &self.memberships {
            Some(known) if unlisted.memberships => known.iter().cloned().collect(),
            _ => std::sync::Arc::clone(&user.memberships),
        };
        User { id: user.id.clone(), status: user.status, cells: cells.into_iter().collect(), memberships }
    }

    /// A field was given a value, or cleared.
    pub fn set(&mut self, name: &FieldName, value: Option<&Value>, unlisted: &Unlisted) {
        if unlisted.field(name).is_some() {
            self.cells.insert(name.clone(), value.map_or(Cell::Empty, |value| Cell::Value(value.clone())));
        }
    }

    /// A field was pointed at these users.
    pub fn refer(&mut self, name: &FieldName, to: &[UserId], unlisted: &Unlisted) {
        let Some(target_type) = unlisted.field(name) else { return };
        let cell = match (to, target_type) {
            ([], _) => Cell::Empty,
            ([one], TargetType::Person) => Cell::Value(Value::Person(one.shared().clone())),
            (several, _) => Cell::Value(Value::List(several.iter().map(|user| user.shared().clone()).collect())),
        };
        self.cells.insert(name.clone(), cell);
    }

    /// A group was joined.
    pub fn join(&mut self, membership: &Membership, unlisted: &Unlisted) {
        if unlisted.memberships {
            self.memberships.get_or_insert_default().insert(membership.clone());
        }
    }

    /// A group was left.
    pub fn leave(&mut self, membership: &Membership) {
        if let Some(known) = &mut self.memberships {
            known.remove(membership);
        }
    }

    /// Access has ended; says whether that took something away.
    pub fn access_ended(&mut self, unlisted: &Unlisted) -> bool {
        if !unlisted.access_carries_relations {
            return false;
        }
        let before = self.clone();
        self.memberships = unlisted.memberships.then(BTreeSet::new);
        for name in unlisted.references() {
            self.cells.insert(name.clone(), Cell::Empty);
        }
        *self != before
    }

    /// What leads to these users is gone with their access; says whether there was anything.
    pub fn lose(&mut self, gone: &dyn Fn(&str) -> bool, unlisted: &Unlisted) -> bool {
        if !unlisted.access_carries_relations {
            return false;
        }
        let mut lost = false;
        for name in unlisted.references() {
            let Some(Cell::Value(value)) = self.cells.get(name) else { continue };
            let users: Vec<UserId> = referred(value).into_iter().map(UserId::from).collect();
            let left: Vec<UserId> = users.iter().filter(|user| !gone(user.as_str())).cloned().collect();
            if left.len() < users.len() {
                self.refer(name, &left, unlisted);
                lost = true;
            }
        }
        lost
    }

    /// Brings what is remembered in step with who has access now; says whether it changed.
    pub fn follow(&mut self, user: &User, is_inactive: &dyn Fn(&str) -> bool, unlisted: &Unlisted) -> bool {
        if user.status == UserStatus::Inactive { self.access_ended(unlisted) } else { self.lose(is_inactive, unlisted) }
    }
}

fn referred(value: &Value) -> Vec<&str> {
    match value {
        Value::List(items) => items.iter().map(|item| &**item).collect(),
        other => other.as_text().into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupSupport, Section, TargetField};

    fn field(name: &str, target_type: TargetType, listed: bool) -> TargetField {
        TargetField {
            name: name.into(),
            title: name.to_owned(),
            section: Section::Standard,
            target_type,
            choices: Vec::new(),
            required: false,
            writable: true,
            listed,
            on_creation: true,
        }
    }

    fn unlisted() -> Unlisted {
        let fields = vec![
            field("mail", TargetType::Text, true),
            field("site", TargetType::Text, false),
            field("managers", TargetType::People, false),
        ];
        let groups = GroupSupport { roles: vec!["learner".into()], ..GroupSupport::default() };
        let catalogue =
            TargetCatalogue { fields, groups, access_carries_relations: true, ..TargetCatalogue::default() };
        let layout = UserLayout::with_groups(vec!["mail".into(), "site".into(), "managers".into()]);
        Unlisted::of(&catalogue, &layout).unwrap()
    }

    fn listed(id: &str, status: UserStatus) -> User {
        let cells = [Cell::Value(Value::Text("a@b.example".into())), Cell::NotDelivered, Cell::NotDelivered];
        User { id: id.into(), status, cells: cells.into_iter().collect(), memberships: [].into() }
    }

    #[test]
    fn a_listed_user_is_completed_by_what_was_written_and_what_is_listed_stays() {
        let (unlisted, mut known) = (unlisted(), Known::blank(&unlisted()));
        known.set(&"site".into(), Some(&Value::Text("Lyon".into())), &unlisted);
        known.set(&"mail".into(), Some(&Value::Text("old@b.example".into())), &unlisted);
        known.refer(&"managers".into(), &["u2".into()], &unlisted);
        let membership = Membership { group: "g".into(), role: "learner".into() };
        known.join(&membership, &unlisted);
        let user = known.completed(&listed("u1", UserStatus::Active), &unlisted);
        assert_eq!(user.cells[0], Cell::Value(Value::Text("a@b.example".into())));
        assert_eq!(user.cells[1], Cell::Value(Value::Text("Lyon".into())));
        assert_eq!(user.cells[2], Cell::Value(Value::List(["u2".into()].into())));
        assert_eq!(*user.memberships, [membership]);
        assert_eq!(Known::read(&user, &unlisted), known);
    }

    #[test]
    fn whoever_loses_access_loses_groups_and_is_nobody_s_manager() {
        let unlisted = unlisted();
        let mut known = Known::blank(&unlisted);
        known.refer(&"managers".into(), &["u2".into(), "u3".into()], &unlisted);
        known.join(&Membership { group: "g".into(), role: "learner".into() }, &unlisted);
        assert!(known.follow(&listed("u1", UserStatus::Active), &|user| user == "u2", &unlisted));
        assert!(!known.follow(&listed("u1", UserStatus::Active), &|user| user == "u2", &unlisted));
        let user = known.completed(&listed("u1", UserStatus::Active), &unlisted);
        assert_eq!(user.cells[2], Cell::Value(Value::List(["u3".into()].into())));
        assert!(known.follow(&listed("u1", UserStatus::Inactive), &|_| false, &unlisted));
        assert_eq!(known, Known::blank(&unlisted));
    }

    #[test]
    fn a_field_that_was_mapped_since_is_missing() {
        let mut known = Known::blank(&unlisted());
        known.cells.remove("site");
        assert!(!known.is_whole(&unlisted()) && Known::blank(&unlisted()).is_whole(&unlisted()));
        let without_groups = Unlisted { memberships: false, ..unlisted() };
        assert!(!Known::blank(&without_groups).is_whole(&unlisted()), "groups are asked for since");
    }
}
