//! From the names in rules to the groups and teams of the target: by id or exact name. A name that fits two groups, or
//! differs from one only in case, is never guessed at; it is reported once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::Planner;
use crate::model::plan::{MembershipChange, NewGroup, PersonPlan};
use crate::model::{Finding, Group, GroupKind, Reason, TargetType, Value, Whose};
use crate::recipe::Recipe;
use crate::stage::groups::WantedGroup;

/// The groups and teams of the target, and what was asked of them in vain.
pub(super) struct GroupNames<'a> {
    known: Arc<Known<'a>>,
    /// The first spelling of each name that is to be made.
    new: RefCell<HashMap<(GroupKind, String), Arc<str>>>,
    /// The same spellings, to be found without folding; groups and teams apart.
    spelt_as_new: [RefCell<HashSet<Arc<str>>>; 2],
    unusable: RefCell<BTreeMap<(GroupKind, Arc<str>), Unusable>>,
    /// What joining a group by a rule is, by the rule's place and the name it gives: the same for many people.
    joins: RefCell<Vec<HashMap<Arc<str>, Arc<MembershipChange>>>>,
}

/// The groups and teams of the target.
#[derive(Default)]
struct Known<'a> {
    by_id: HashMap<&'a str, &'a Group>,
    by_name: HashMap<(GroupKind, &'a str), Vec<&'a Group>>,
    by_folded_name: HashMap<(GroupKind, String), &'a Group>,
}

/// How names are compared where only their case and their spaces may differ.
pub(super) fn fold(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Why a name leads nowhere, and how many people it concerns.
struct Unusable {
    why: Why,
    people: usize,
    reason: Reason,
}

enum Why {
    /// There is none, and none may be made.
    Missing,
    /// There is one that differs only in case.
    OtherCase(Arc<str>),
    /// There are several.
    Several(usize),
}

/// Two spelt one new name differently.
pub(super) struct SpeltOtherwise;

/// What a name leads to.
enum Found<'a> {
    /// A group of the target.
    Group(&'a Group),
    /// None yet; it will be made.
    New,
    /// Nothing that can be used; it is noted for the report.
    Nothing,
}

impl<'a> GroupNames<'a> {
    pub(super) fn new(groups: &'a [Group]) -> Self {
        let mut known = Known::default();
        for group in groups {
            if group.kind == GroupKind::Group {
                known.by_id.insert(group.id.as_str(), group);
            }
            known.by_name.entry((group.kind, &group.name)).or_default().push(group);
            known.by_folded_name.entry((group.kind, fold(&group.name))).or_insert(group);
        }
        Self::of(Arc::new(known))
    }

    /// The same groups, of which nothing was asked yet.
    pub(super) fn fresh(&self) -> Self {
        Self::of(Arc::clone(&self.known))
    }

    fn of(known: Arc<Known<'a>>) -> Self {
        Self {
            known,
            new: RefCell::default(),
            spelt_as_new: Default::default(),
            unusable: RefCell::default(),
            joins: RefCell::default(),
        }
    }

    /// Takes over what others asked, unless they took another spelling of a new name for the first than was the first
    /// here: then they have to ask again, knowing that.
    pub(super) fn take_over(&mut self, others: Self) -> Result<(), SpeltOtherwise> {
        let (new, asked) = (self.new.get_mut(), others.new.into_inner());
        if asked.iter().any(|(name, spelt)| new.get(name).is_some_and(|first| first != spelt)) {
            return Err(SpeltOtherwise);
        }
        new.extend(asked);
        for (spelt, others) in self.spelt_as_new.iter_mut().zip(others.spelt_as_new) {
            spelt.get_mut().extend(others.into_inner());
        }
        for (name, others) in others.unusable.into_inner() {
            match self.unusable.get_mut().entry(name) {
                Entry::Vacant(place) => _ = place.insert(others),
                Entry::Occupied(mut known) => known.get_mut().people += others.people,
            }
        }
        Ok(())
    }

    /// What joining a wanted group is; nothing where its name cannot be used, which is noted for the report.
    pub(super) fn join(&self, wanted: &WantedGroup<'_>, create: bool) -> Option<Arc<MembershipChange>> {
        let mut joins = self.joins.borrow_mut();
        if joins.len() <= wanted.place {
            joins.resize_with(wanted.place + 1, HashMap::default);
        }
        if let Some(known) = joins[wanted.place].get(&*wanted.name) {
            return Some(Arc::clone(known));
        }
        let found = match self.group(&wanted.name, create, wanted.reason) {
            Found::Nothing => return None,
            Found::New => None,
            Found::Group(group) => Some(group),
        };
        let join = Arc::new(MembershipChange {
            name: Arc::clone(found.and_then(|group| self.name_of(group.id.as_str())).unwrap_or(&wanted.name)),
            group: found.map(|group| group.id.clone()),
            role: Arc::clone(wanted.role),
            reason: wanted.reason.clone(),
        });
        joins[wanted.place].insert(Arc::clone(&wanted.name), Arc::clone(&join));
        Some(join)
    }

    /// The group that a rule names.
    fn group(&self, name: &Arc<str>, create: bool, reason: &Reason) -> Found<'a> {
        if let Some(group) = self.known.by_id.get(&**name) {
            return Found::Group(group);
        }
        self.named(GroupKind::Group, name, create, reason)
    }

    /// Whether a team exists, or will be made.
    pub(super) fn team_can_be_used(&self, name: &Arc<str>, recipe: &Recipe, reason: &Reason) -> bool {
        let create = recipe.groups.as_ref().is_some_and(|groups| groups.create);
        !matches!(self.named(GroupKind::Team, name, create, reason), Found::Nothing)
    }

    /// The name of the group with this id.
    pub(super) fn name_of(&self, id: &str) -> Option<&'a Arc<str>> {
        self.known.by_id.get(id).map(|group| &group.name)
    }

    /// Whether a name is one of a team that is there.
    pub(super) fn has_team(&self, name: &str) -> bool {
        self.known.by_name.contains_key(&(GroupKind::Team, name))
    }

    fn named(&self, kind: GroupKind, name: &Arc<str>, create: bool, reason: &Reason) -> Found<'a> {
        let why = match self.known.by_name.get(&(kind, &**name)).map(Vec::as_slice) {
            Some([group]) => return Found::Group(group),
            Some(several) => Why::Several(several.len()),
            None if self.spelt_as_new[kind as usize].borrow().contains(name) => return Found::New,
            None => match self.known.by_folded_name.get(&(kind, fold(name))) {
                Some(near) => Why::OtherCase(Arc::clone(&near.name)),
                None if create => match self.first_spelling(kind, name) {
                    first if first == *name => {
                        self.spelt_as_new[kind as usize].borrow_mut().insert(first);
                        return Found::New;
                    }
                    first => Why::OtherCase(first),
                },
                None => Why::Missing,
            },
        };
        let mut unusable = self.unusable.borrow_mut();
        let entry = unusable.entry((kind, Arc::clone(name)));
        entry.or_insert_with(|| Unusable { why, people: 0, reason: reason.clone() }).people += 1;
        Found::Nothing
    }

    /// How a new name was spelt first: two groups that differ only in case would be made by mistake.
    fn first_spelling(&self, kind: GroupKind, name: &Arc<str>) -> Arc<str> {
        Arc::clone(self.new.borrow_mut().entry((kind, fold(name))).or_insert_with(|| Arc::clone(name)))
    }

    /// What was asked for in vain.
    pub(super) fn findings(&self, recipe: &Recipe) -> Vec<Finding> {
        let can_create = recipe.target_catalogue.groups.can_create;
        let unusable = self.unusable.borrow();
        unusable.iter().map(|((kind, name), unusable)| unusable.finding(*kind, name, can_create)).collect()
    }
}

impl Unusable {
    fn finding(&self, kind: GroupKind, name: &str, can_create: bool) -> Finding {
        let people = self.people;
        let (whose, text, hint) = match &self.why {
            Why::Missing => (
                Whose::Target,
                format!("the target has no {kind} `{name}`, which {people} people should be in"),
                match can_create {
                    true => format!("make the {kind} in the target, or set `create: true` under `groups`"),
                    false => format!("make the {kind} in the target, or put its name right in the rule"),
                },
            ),
            Why::OtherCase(near) => (
                Whose::Recipe,
                format!("the target has no {kind} `{name}`, which {people} people should be in, but it has `{near}`"),
                "spell the two the same: names of groups are compared exactly".to_owned(),
            ),
            Why::Several(count) => (
                Whose::Target,
                format!("the target has {count} {kind}s named `{name}`, which {people} people should be in"),
                "use the group's id in the rule, or rename all but one in the target".to_owned(),
            ),
        };
        Finding { whose, text: text.into(), hint: hint.into(), reason: Some(self.reason.clone()) }
    }
}

impl Planner<'_> {
    /// The groups and teams that have to be made first, each with the first rule that needs it, sorted.
    pub(super) fn new_groups(&self, plans: &[Box<PersonPlan>]) -> Vec<NewGroup> {
        let mut new: HashMap<(GroupKind, &str), (&Arc<str>, &Reason)> = HashMap::new();
        let team_fields: Vec<_> =
            self.recipe.fields.rules.iter().filter(|rule| rule.target.target_type == TargetType::Team).collect();
        for changes in plans.iter().filter_map(|plan| plan.changes.as_deref()) {
            for join in changes.join.iter().filter(|join| join.group.is_none()) {
                new.entry((GroupKind::Group, &join.name)).or_insert((&join.name, &join.reason));
            }
            if team_fields.is_empty() {
                continue;
            }
            for change in &changes.fields {
                let is_team = team_fields.iter().any(|rule| rule.target.name == *change.field());
                if let (true, Some(Value::Text(name))) = (is_team, &change.after)
                    && !self.groups.has_team(name)
                {
                    new.entry((GroupKind::Team, name)).or_insert((name, change.reason()));
                }
            }
        }
        let mut new: Vec<_> = new.into_iter().collect();
        new.sort_unstable_by_key(|(key, _)| *key);
        let group = |((kind, _), (name, reason)): ((GroupKind, &str), (&Arc<str>, &Reason))| NewGroup {
            kind,
            name: Arc::clone(name),
            key: self.teams.key(kind, name),
            reason: reason.clone(),
        };
        new.into_iter().map(group).collect()
    }
}
