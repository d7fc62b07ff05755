//! The section `limits:`: how much of a kind of change passes unseen. The brake that applies them is in the engine.

/// The limits of a recipe. They are on by default; the values stand in the schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Ending access, of the linked users.
    pub deactivate: Limit,
    /// Changing what people log in with, of the linked users.
    pub change_login: Limit,
    /// Emptying one field, of the linked users.
    pub clear_field: Limit,
    /// Employees fewer than in the last full sync.
    pub source_shrink: Limit,
    /// Remembered users that are gone from the target and would be made again.
    pub target_shrink: Limit,
    /// Users in the target that no run changes, by login, other address or id; folded.
    pub never_touch: Vec<String>,
}

/// One limit. What is more than `most`, or more than `percent` of what it is measured against, is held;
/// up to `few` always pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// In numbers.
    pub most: Option<usize>,
    /// In percent, 0 to 100.
    pub percent: Option<f64>,
    /// So many never count as too many.
    pub few: usize,
}

impl Limit {
    /// Whether `count` of `base` is too many.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
    pub fn breaks(&self, count: usize, base: usize) -> bool {
        if count == 0 || count <= self.few {
            return false;
        }
        let above_most = self.most.is_some_and(|most| count > most);
        let above_percent = self.percent.is_some_and(|percent| count as f64 * 100.0 > percent * base as f64);
        above_most || above_percent
    }

    /// The limit in words: "at most 20 and 5 % of 400 linked users".
    #[must_use]
    pub fn describe(&self, base: usize, of: &str) -> String {
        let mut parts = Vec::new();
        parts.extend(self.most.map(|most| format!("{most}")));
        parts.extend(self.percent.map(|percent| format!("{percent} % of {base} {of}")));
        match parts.is_empty() {
            true => "no limit".to_owned(),
            false => format!("at most {}", parts.join(" and ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_always_pass_and_either_bound_holds() {
        let limit = Limit { most: Some(20), percent: Some(5.0), few: 3 };
        assert!(!limit.breaks(3, 4), "up to `few` pass, whatever the share");
        assert!(limit.breaks(4, 79), "more than 5 %");
        assert!(!limit.breaks(4, 80), "exactly 5 %");
        assert!(limit.breaks(21, 100_000), "more than `most`");
    }

    #[test]
    fn a_share_of_nobody_is_always_too_many() {
        assert!(Limit { most: None, percent: Some(5.0), few: 0 }.breaks(1, 0));
    }
}
