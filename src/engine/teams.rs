//! Teams by their key: a department that is called otherwise now is the same team, with everybody in it and everything that
//! was set by hand. Found by key, then by exact name; settled before anybody is looked at, so that people are compared with
//! teams as they will be.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::standing::Standing;
use super::{Inputs, Planner};
use crate::model::plan::{GroupChange, GroupUpdate};
use crate::model::{Cell, Finding, Group, GroupKind, Reason, TargetType, User, Value, Whose};
use crate::recipe::Recipe;
use crate::script::Session;
use crate::stage::fields::{FieldRule, Wanted};
use crate::stage::person::{People, Person};

/// The teams that change, and the groups and teams as they will be. Nothing where no row of the recipe gives a key.
#[derive(Debug, Default)]
pub(super) struct Teams {
    /// What is to change, by the keys' order.
    pub(super) changes: Vec<GroupChange>,
    /// What cannot be settled.
    pub(super) findings: Vec<Finding>,
    /// The groups and teams as they will be, where something changes.
    groups: Option<Vec<Group>>,
    /// The new names of teams by their old ones.
    renamed: BTreeMap<Arc<str>, Arc<str>>,
    /// The keys of teams that may have to be made, by name.
    keys: BTreeMap<Arc<str>, Arc<str>>,
}

/// The two rows that say which team a person is in.
struct Rows<'r> {
    team: &'r FieldRule,
    key: &'r FieldRule,
}

/// Names by key, as people who should have access give them.
type Wishes = BTreeMap<Arc<str>, BTreeSet<Arc<str>>>;

impl Teams {
    /// Compares the teams there are with what people's rows give.
    pub(super) fn of(recipe: &Recipe, inputs: &Inputs<'_>, people: &People<'_>) -> Self {
        let mut teams = Self::default();
        let Some(rows) = Rows::of(recipe) else { return teams };
        let wishes = Planner::new(recipe, inputs, people, &Self::default()).wishes(&rows);
        let mut asked: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
        wishes.values().flatten().for_each(|name| *asked.entry(name).or_default() += 1);
        for (key, names) in &wishes {
            let mut names = names.iter();
            match (names.next(), names.next()) {
                (Some(name), Some(other)) => teams.findings.push(two_names(key, name, other, rows.key)),
                // Several departments in one team: it is nobody's alone.
                (Some(name), None) if asked.get(name) == Some(&1) => teams.settle(key, name, inputs.groups, rows.key),
                _ => {}
            }
        }
        if !teams.changes.is_empty() {
            teams.groups = Some(teams.changed(inputs.groups));
        }
        teams
    }

    /// The same inputs, with the groups and teams as they will be.
    pub(super) fn after<'i>(&'i self, inputs: &Inputs<'i>) -> Inputs<'i> {
        Inputs { groups: self.groups.as_deref().unwrap_or(inputs.groups), ..*inputs }
    }

    /// What a user holds in a field, once teams have their new names.
    pub(super) fn held<'u>(&self, rule: &FieldRule, user: &'u User) -> Cow<'u, Cell> {
        let held = user.cell(rule.place);
        match held {
            Cell::Value(Value::Text(name)) if rule.target.target_type == TargetType::Team => {
                let renamed = self.renamed.get(name);
                renamed.map_or(Cow::Borrowed(held), |name| Cow::Owned(Cell::Value(Value::Text(Arc::clone(name)))))
            }
            _ => Cow::Borrowed(held),
        }
    }

    /// The key that a new team gets.
    pub(super) fn key(&self, kind: GroupKind, name: &str) -> Option<Arc<str>> {
        self.keys.get(name).filter(|_| kind == GroupKind::Team).cloned()
    }

    fn settle(&mut self, key: &Arc<str>, name: &Arc<str>, groups: &[Group], row: &FieldRule) {
        let teams = || groups.iter().filter(|group| group.kind == GroupKind::Team);
        let mut named = teams().filter(|team| team.name == *name);
        match (teams().find(|team| team.key.as_ref() == Some(key)), named.next(), named.next()) {
            (Some(team), _, _) if team.name == *name => {}
            (Some(team), None, _) => {
                let same_name = teams().filter(|other| other.name == team.name).count();
                if same_name == 1 {
                    self.renamed.insert(Arc::clone(&team.name), Arc::clone(name));
                }
                self.change(team, GroupUpdate::Rename(Arc::clone(name)), row.reason());
            }
            (Some(team), Some(_), _) => self.findings.push(name_is_taken(team, name, row)),
            (None, Some(team), None) if team.key.is_none() => {
                self.change(team, GroupUpdate::GiveKey(Arc::clone(key)), row.reason());
            }
            (None, Some(_), _) => {}
            (None, None, _) => _ = self.keys.insert(Arc::clone(name), Arc::clone(key)),
        }
    }

    fn change(&mut self, team: &Group, change: GroupUpdate, reason: &Reason) {
        let (group, before) = (team.id.clone(), Arc::clone(&team.name));
        self.changes.push(GroupChange { kind: team.kind, group, before, change, reason: reason.clone() });
    }

    fn changed(&self, groups: &[Group]) -> Vec<Group> {
        let mut groups = groups.to_vec();
        for changed in &self.changes {
            let is = |group: &&mut Group| group.id == changed.group && group.kind == changed.kind;
            let Some(group) = groups.iter_mut().find(is) else { continue };
            match &changed.change {
                GroupUpdate::Rename(name) => group.name = Arc::clone(name),
                GroupUpdate::GiveKey(key) => group.key = Some(Arc::clone(key)),
            }
        }
        groups
    }
}

impl<'r> Rows<'r> {
    fn of(recipe: &'r Recipe) -> Option<Self> {
        let row = |kind: TargetType| recipe.fields.rules.iter().find(move |rule| rule.target.target_type == kind);
        Some(Self { team: row(TargetType::Team)?, key: row(TargetType::TeamKey)? })
    }

    /// Key and name of a person's team, where the rows give both.
    fn wish(&self, person: &Person<'_>, session: &mut Session) -> Option<(Arc<str>, Arc<str>)> {
        let mut text = |row: &FieldRule| match row.wanted(person, session) {
            Wanted::Value(Value::Text(text)) => Some(text),
            _ => None,
        };
        Some((text(self.key)?, text(self.team)?))
    }
}

impl Planner<'_> {
    fn wishes(&self, rows: &Rows<'_>) -> Wishes {
        let mut wishes = Wishes::new();
        let mut session = self.session();
        for record in self.people.records() {
            let person = self.person(record, &mut session);
            if let Standing::Active(_) = self.standing(&person, &mut session)
                && let Some((key, name)) = rows.wish(&person, &mut session)
            {
                wishes.entry(key).or_default().insert(name);
            }
        }
        wishes
    }
}

fn two_names(key: &str, name: &str, other: &str, row: &FieldRule) -> Finding {
    Finding {
        whose: Whose::Recipe,
        text: format!(
            "`{}` is `{key}` for the teams `{name}` and `{other}`, so both go by their names",
            row.target.name
        )
        .into(),
        hint: "fill the field with what is the same for a whole team, and for no other".into(),
        reason: Some(row.reason().clone()),
    }
}

fn name_is_taken(team: &Group, name: &str, row: &FieldRule) -> Finding {
    Finding {
        whose: Whose::Target,
        text: format!(
            "the team `{}` should be called `{name}` now, and there is another team of that name, which people are put into",
            team.name
        ).into(),
        hint: "rename or delete one of the two teams in the target".into(),
        reason: Some(row.reason().clone()),
    }
}
