//! Groups and teams: which were made and changed, and how many people joined and left them.

use std::collections::BTreeMap;

use super::super::RunReport;
use super::super::changes::told;
use super::super::words::short;
use super::{GroupChange, List, NewGroup, Shown, Words, named};
use crate::model::plan::GroupUpdate;

pub(super) fn made(report: &RunReport, words: Words) -> List {
    let pair = |group: &NewGroup| (named(group.kind, &group.name, words), short(&told(&group.reason, words)));
    list(words.say("section-new-groups"), report.new_groups.iter().map(pair))
}

pub(super) fn changed(report: &RunReport, words: Words) -> List {
    let pair = |changed: &GroupChange| (named(changed.kind, &changed.before, words), update(&changed.change, words));
    list(words.say("section-group-changes"), report.group_changes.iter().map(pair))
}

/// What changes of a group, in words.
pub(in super::super) fn update(update: &GroupUpdate, words: Words) -> String {
    match update {
        GroupUpdate::Rename(name) => words.with("group-renamed", [("name", (&**name).into())]),
        GroupUpdate::GiveKey(key) => words.with("group-given-key", [("key", (&**key).into())]),
    }
}

/// The groups with most comings and goings first.
pub(super) fn joined_and_left(report: &RunReport, words: Words) -> List {
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for changes in report.outcomes.iter().filter_map(|outcome| outcome.person.changes.as_deref()) {
        changes.join.iter().for_each(|change| groups.entry(&change.name).or_default().0 += 1);
        changes.leave.iter().for_each(|change| groups.entry(&change.name).or_default().1 += 1);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, (joined, left))| std::cmp::Reverse(joined + left));
    let pairs = groups.into_iter().map(|(name, (joined, left))| {
        let counts = words.with("joined-left", [("joined", joined.into()), ("left", left.into())]);
        (format!("`{}`", short(name)), counts)
    });
    list(words.say("section-joined-left"), pairs)
}

fn list(title: String, pairs: impl ExactSizeIterator<Item = (String, String)>) -> List {
    let total = pairs.len();
    List { title, total, pairs: pairs.take(Shown::ALL.entries).collect() }
}
