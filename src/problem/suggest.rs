//! "Did you mean": the nearest of the words that would have been right.

/// The nearest of some words, if one is near enough to be what was meant: a few letters away, or the only one that is
/// the same but for its end.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SHORTEST_BEGINNING: usize = 4;
    // Nobody means a word by a whole paragraph, and comparing takes its time.
    const LONGEST: usize = 200;
    if typed.len() > LONGEST {
        return None;
    }
    let folded = typed.to_lowercase();
    let mut near: Option<(usize, &str)> = None;
    let mut longer = Vec::new();
    for word in known {
        let other = word.to_lowercase();
        let distance = strsim::damerau_levenshtein(&folded, &other);
        if distance <= tolerance(typed, word) && near.is_none_or(|near| (distance, word) < near) {
            near = Some((distance, word));
        }
        if folded.chars().count() >= SHORTEST_BEGINNING && other.starts_with(&folded) {
            longer.push(word);
        }
    }
    match (near, longer.as_slice()) {
        (Some((_, word)), _) => Some(word),
        (None, [word]) => Some(word),
        _ => None,
    }
}

/// Help for a word that is not known: the nearest one, or the list where it is short enough to read.
#[must_use]
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    const READABLE: usize = 24;
    if let Some(word) = nearest(typed, known.clone()) {
        return Some(format!("did you mean `{word}`?"));
    }
    let words: Vec<&str> = known.into_iter().take(READABLE + 1).collect();
    match words.len() {
        0 => None,
        1..=READABLE => Some(format!("known here: {}", words.join(", "))),
        _ => None,
    }
}

fn tolerance(typed: &str, word: &str) -> usize {
    match typed.chars().count().min(word.chars().count()) {
        0..=2 => 1,
        3..=5 => 2,
        length => length / 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let fields = ["root.email", "root.id", "work.department"];
        assert_eq!(nearest("work.departement", fields), Some("work.department"));
        assert_eq!(nearest("root.emial", fields), Some("root.email"));
        assert_eq!(nearest("payroll.salary", fields), None);
        assert_eq!(nearest("work", fields), Some("work.department"));
        assert_eq!(nearest("root", fields), None, "it could be either");
    }
}
