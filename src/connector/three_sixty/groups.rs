//! The tree of groups. Public groups share their learners (apis/360learning.md §6).

use std::collections::HashMap;
use std::sync::Arc;

use super::wire::RawGroup;

/// Every group there is.
#[derive(Debug)]
pub(super) struct Tree {
    groups: Vec<RawGroup>,
    by_id: HashMap<Arc<str>, usize>,
    children: HashMap<Arc<str>, Vec<usize>>,
}

impl Tree {
    pub(super) fn new(groups: Vec<RawGroup>) -> Self {
        let mut children: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (place, group) in groups.iter().enumerate() {
            if let Some(parent) = &group.parent_id {
                children.entry(Arc::clone(parent)).or_default().push(place);
            }
        }
        let by_id = groups.iter().enumerate().map(|(place, group)| (Arc::clone(&group.id), place)).collect();
        Self { groups, by_id, children }
    }

    pub(super) fn groups(&self) -> &[RawGroup] {
        &self.groups
    }

    pub(super) fn get(&self, id: &str) -> Option<&RawGroup> {
        self.by_id.get(id).map(|place| &self.groups[*place])
    }

    /// The first group with exactly this name.
    pub(super) fn named(&self, name: &str) -> Option<&RawGroup> {
        self.groups.iter().find(|group| *group.name == *name)
    }

    /// The group above all others.
    pub(super) fn root(&self) -> Option<&RawGroup> {
        self.groups.iter().find(|group| group.parent_id.is_none())
    }

    /// The public groups below one, down to the first private ones: who leaves the one leaves these too, and who joins one
    /// of these joins the one.
    pub(super) fn public_below(&self, id: &str) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = Vec::new();
        let mut open: Vec<Arc<str>> = vec![id.into()];
        while let Some(above) = open.pop() {
            let below = self.children.get(&above).into_iter().flatten().map(|place| &self.groups[*place]);
            for group in below.filter(|group| group.public) {
                // A tree that comes over the wire may be none.
                if &*group.id != id && !found.contains(&group.id) {
                    found.push(Arc::clone(&group.id));
                    open.push(Arc::clone(&group.id));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(id: &str, public: bool, parent: Option<&str>) -> RawGroup {
        RawGroup { id: id.into(), name: id.into(), public, parent_id: parent.map(Arc::from) }
    }

    #[test]
    fn what_goes_with_a_group_ends_above_the_first_private_one() {
        let tree = Tree::new(vec![
            group("root", false, None),
            group("a", true, Some("root")),
            group("b", true, Some("a")),
            group("c", false, Some("a")),
            group("d", true, Some("c")),
            group("x", true, Some("y")),
            group("y", true, Some("x")),
        ]);
        let below = |id| tree.public_below(id).iter().map(|id| id.to_string()).collect::<Vec<_>>();
        assert_eq!(below("root"), ["a", "b"]);
        assert_eq!(below("a"), ["b"]);
        assert_eq!(below("c"), ["d"]);
        assert_eq!(below("d"), [""; 0]);
        assert_eq!(below("x"), ["y"], "a circle ends");
        assert_eq!(&*tree.root().unwrap().id, "root");
    }
}
