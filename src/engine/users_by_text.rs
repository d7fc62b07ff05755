//! Users by a text of theirs.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

/// Users in the order of the hash of a text of theirs: many are indexed and few ever looked for, so only hashes are kept,
/// and the texts of those found are made again to compare.
pub(super) struct UsersByText {
    sorted: Vec<(u64, usize)>,
}

impl UsersByText {
    /// From the text of each user, in the users' order; those without one are never found.
    pub(super) fn new(texts: impl Iterator<Item = Option<String>>) -> Self {
        let hashed = |(at, text): (usize, Option<String>)| Some((hash(&text?), at));
        let mut sorted: Vec<(u64, usize)> = texts.enumerate().filter_map(hashed).collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    /// The places of the users with this text, in order; `text_of` is what the index was made from.
    pub(super) fn find(&self, text: &str, text_of: impl Fn(usize) -> Option<String>) -> Vec<usize> {
        let hash = hash(text);
        let first = self.sorted.partition_point(|(other, _)| *other < hash);
        let alike = self.sorted[first..].iter().take_while(|(other, _)| *other == hash).map(|(_, at)| *at);
        alike.filter(|at| text_of(*at).as_deref() == Some(text)).collect()
    }
}

/// The same in every run: nobody gains by making texts that collide, as every text found is compared.
fn hash(text: &str) -> u64 {
    FixedState::with_seed(0).hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_in_order_by_the_whole_text() {
        let texts = [Some("b"), None, Some("a"), Some("b"), Some("")];
        let text_of = |at: usize| texts[at].map(str::to_owned);
        let users = UsersByText::new((0..texts.len()).map(text_of));
        assert_eq!(users.find("b", text_of), [0, 3]);
        assert_eq!(users.find("", text_of), [4]);
        assert!(users.find("c", text_of).is_empty());
    }
}
