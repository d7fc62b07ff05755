//! What somebody should look at, in words: what happened, whose move it is, what to do.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Planner;
use crate::model::plan::{PersonPlan, TableMiss};
use crate::model::{FieldName, FieldPath, Finding, Reason, Slot, Whose};
use crate::recipe::Recipe;
use crate::script::Misses;
use crate::stage::field::FieldRef;
use crate::stage::fields::{FieldRule, Mismatch};
use crate::stage::person::Person;

/// No status rule matches: the person is left alone, and the recipe has a gap.
pub(super) fn no_status_rule(reason: Reason) -> Finding {
    Finding {
        whose: Whose::Recipe,
        text: "no status rule matches, so this person is left alone".into(),
        hint: "add a row to the status table for what this person has; `rollbook explain` shows the values".into(),
        reason: Some(reason),
    }
}

/// Something that decides was not delivered, or cannot be understood.
pub(super) fn undecided(recipe: &Recipe, person: &Person<'_>, reason: &Reason) -> Finding {
    let read = slots_read(recipe, reason);
    let missing: BTreeSet<String> = recipe
        .columns_used
        .iter()
        .filter(|column| read.as_ref().is_none_or(|slots| slots.contains(&column.slot)))
        .filter(|column| !person.record.cell(column.slot).is_delivered())
        .map(|column| named(&column.path, column.category.as_deref()))
        .collect();
    if missing.is_empty() {
        return Finding {
            whose: Whose::Source,
            text: format!(
                "the {} can't be decided: a value it looks at can't be compared, or belongs to somebody {} did not deliver",
                reason.text,
                person.people.source()
            ).into(),
            hint: format!("`rollbook explain` shows the value; put it right in {}", person.people.source()).into(),
            reason: Some(reason.clone()),
        };
    }
    let missing: Vec<String> = missing.into_iter().collect();
    Finding {
        whose: Whose::Credentials,
        text: format!(
            "the {} can't be decided: {} did not deliver {}",
            reason.text,
            person.people.source(),
            missing.join(", ")
        )
        .into(),
        hint: "let the service user's permission group view these fields for this person, then run again".into(),
        reason: Some(reason.clone()),
    }
}

/// What the rule behind a reason reads of a person; `None` where a script might read anything.
fn slots_read(recipe: &Recipe, reason: &Reason) -> Option<BTreeSet<Slot>> {
    let first = |at: &FieldRef| at.hops.first().copied().unwrap_or(at.slot);
    if let Some(rule) = recipe.identify.iter().find(|rule| rule.reason == *reason) {
        return Some(BTreeSet::from([first(&rule.employee.at)]));
    }
    let filter = recipe.filter.iter().flat_map(|filter| filter.rules());
    let status = recipe.status.iter().flat_map(|status| &status.rules).map(|rule| &rule.rule);
    let rule = filter.chain(status).find(|rule| rule.reason == *reason)?;
    let plain = rule.conditions.iter().all(|row| !row.condition.is_script());
    plain.then(|| rule.fields().map(|field| first(&field.at)).collect())
}

fn named(path: &crate::model::FieldPath, category: Option<&str>) -> String {
    match category {
        Some(category) => format!("`{path}` ({category})"),
        None => format!("`{path}`"),
    }
}

/// The recipe's own rules refuse a person.
pub(super) fn refused(why: &str, own: bool, reason: Option<Reason>) -> Finding {
    let hint = match own {
        true => "the recipe asks for this to be settled before the person is synchronised",
        false => "`rollbook explain` shows the values; mend the script, or the value in the source",
    };
    Finding { whose: if own { Whose::Source } else { Whose::Recipe }, text: why.into(), hint: hint.into(), reason }
}

/// A field that is to be cleared and that no user can be without.
pub(super) fn cannot_be_empty(rule: &FieldRule, source: &str) -> Finding {
    Finding {
        whose: Whose::Source,
        text: format!("`{}` is empty, and was left as it is: no user can be without it", rule.target.name).into(),
        hint: format!("fill the field in {source}").into(),
        reason: Some(rule.reason().clone()),
    }
}

/// A membership that is ours and should go, where the target lets nobody be taken out of a group.
pub(super) fn must_leave_by_hand(group: &str, reason: Reason) -> Finding {
    Finding {
        whose: Whose::Target,
        text: format!("should not be in the group `{group}` any more, and the target's API cannot take anybody out")
            .into(),
        hint: "take this person out of it on the target's own screens".into(),
        reason: Some(reason),
    }
}

/// A value that the target cannot take.
pub(super) fn mismatch(mismatch: Mismatch, reason: &Reason) -> Finding {
    Finding {
        whose: Whose::Recipe,
        text: mismatch.text.into(),
        hint: mismatch.hint.into(),
        reason: Some(reason.clone()),
    }
}

/// Values that no row of a value table knows, sorted by table and value.
pub(super) fn table_misses(recipe: &Recipe, misses: Misses) -> Vec<TableMiss> {
    misses
        .into_iter()
        .filter_map(|((table, key), people)| {
            let table = recipe.tables.get(&table)?;
            Some(TableMiss {
                file: table.table().file.name(),
                people: people as usize,
                nearest: table.nearest(&key).map(|(line, near)| (line, Arc::from(near))),
                row: table.paste_row(&key).into(),
                key: key.into(),
            })
        })
        .collect()
}

impl Planner<'_> {
    /// What belongs to no single person: fields that were not delivered, and groups that cannot be found.
    pub(super) fn general_findings(&self, plans: &[Box<PersonPlan>]) -> Vec<Finding> {
        let mut findings = self.not_delivered();
        findings.extend(self.groups.findings(self.recipe));
        findings.extend(self.teams.findings.iter().cloned());
        findings.extend(self.intent_findings(plans));
        findings
    }

    /// Fields that were not delivered, those together that one category of permissions is about.
    fn not_delivered(&self) -> Vec<Finding> {
        let roster = self.inputs.roster;
        let mut gaps: Vec<(Option<&str>, usize, Vec<&FieldPath>)> = Vec::new();
        let mut named = BTreeSet::new();
        // A list field may be read twice, by its labels and by its ids.
        for column in self.recipe.columns_used.iter().filter(|column| named.insert(&column.path)) {
            let missing = roster.records.iter().filter(|record| !record.cell(column.slot).is_delivered()).count();
            if missing == 0 {
                continue;
            }
            let told = || roster.categories.get(&column.path).map(|name| &**name);
            let category = column.category.as_deref().or_else(told);
            let same = gaps.iter_mut().find(|gap| category.is_some() && (gap.0, gap.1) == (category, missing));
            match same {
                Some((_, _, paths)) => paths.push(&column.path),
                None => gaps.push((category, missing, vec![&column.path])),
            }
        }
        gaps.into_iter().map(|(category, missing, paths)| self.gap(category, missing, &paths)).collect()
    }

    fn gap(&self, category: Option<&str>, missing: usize, paths: &[&FieldPath]) -> Finding {
        let people = self.inputs.roster.records.len();
        let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        let category = category.map_or_else(String::new, |name| format!(" \"{name}\""));
        let (source, paths) = (self.people.source(), paths.join(", "));
        let tick = format!(
            "tick the permission category{category} in the service user's permission group, for everybody the recipe covers"
        );
        let (text, hint) = match missing == people {
            true => {
                (format!("{source} did not deliver {paths} for anybody; nothing that depends on it was changed"), tick)
            }
            false => (
                format!(
                    "{source} did not deliver {paths} for {missing} of {people} people; nothing that depends on it was \
                     changed"
                ),
                format!(
                    "{tick}; if it is a list and they are few, they most likely hold an item that is no longer in it: \
                     choose another"
                ),
            ),
        };
        Finding { whose: Whose::Credentials, text: text.into(), hint: hint.into(), reason: None }
    }

    /// A run that was cut off may have made a user that cannot be told apart from others by anything the recipe reads.
    fn intent_findings(&self, plans: &[Box<PersonPlan>]) -> Vec<Finding> {
        let open = plans.iter().filter(|plan| {
            plan.user.is_none() && self.inputs.memory.intents.get(&plan.employee).is_some_and(Option::is_none)
        });
        let open = open.count();
        let text = format!("{open} users may have been made by a run that was cut off, and can't be recognised");
        let hint = "map a login field, or identify people by a field that the recipe writes";
        (open > 0)
            .then(|| Finding { whose: Whose::Recipe, text: text.into(), hint: hint.into(), reason: None })
            .into_iter()
            .collect()
    }
}

/// Somebody was invited under another login than the one they have now.
pub(super) fn invited_elsewhere(login: &FieldName, reason: &Reason) -> Finding {
    Finding {
        whose: Whose::Target,
        text: format!("the invitation went out before `{login}` changed, and has not been accepted").into(),
        hint: "withdraw the invitation in the target; the next run invites this person anew".into(),
        reason: Some(reason.clone()),
    }
}
