//! Where in a list somebody stands, by a text that is theirs alone.
//!
//! Four bytes each: the texts are not kept a second time, but looked at where they stand in the list.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// The places in a list, found by text.
#[derive(Debug, Default)]
pub struct Places {
    table: HashTable<u32>,
    state: RandomState,
}

impl Places {
    /// Indexes a list of so many, of which `text_at` says the texts. Of two with one text, the later one is found.
    #[must_use]
    pub fn new<'t>(count: usize, text_at: impl Fn(usize) -> &'t str) -> Self {
        let state = RandomState::default();
        let mut table = HashTable::with_capacity(count);
        for place in 0..u32::try_from(count).unwrap_or(u32::MAX) {
            let text = text_at(place as usize);
            let same = |other: &u32| text_at(*other as usize) == text;
            let hash = |other: &u32| state.hash_one(text_at(*other as usize));
            table.entry(state.hash_one(text), same, hash).insert(place);
        }
        Self { table, state }
    }

    /// The place of a text. `text_at` is what the index was made from.
    #[must_use]
    pub fn find<'t>(&self, text: &str, text_at: impl Fn(usize) -> &'t str) -> Option<usize> {
        let same = |place: &u32| text_at(*place as usize) == text;
        self.table.find(self.state.hash_one(text), same).map(|place| *place as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_those_with_one_text_is_found() {
        let texts = ["b", "", "a", "b"];
        let text_at = |place: usize| texts[place];
        let places = Places::new(texts.len(), text_at);
        assert_eq!(["a", "b", "", "c"].map(|text| places.find(text, text_at)), [Some(2), Some(3), Some(1), None]);
        assert_eq!(Places::default().find("a", text_at), None);
    }
}
