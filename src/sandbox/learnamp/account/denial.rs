//! Why the account does not do what it is asked for (apis/learnamp.md §8).

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denial {
    /// 400 with the fields that are wrong, each with why.
    Invalid(Vec<(&'static str, &'static str)>),
    /// 400 with words only.
    Bad(String),
    /// 422: not in this account.
    Unprocessable(String),
    /// 404, the same for a user, a team and the name of a custom field.
    NotFound,
}

pub(crate) fn invalid(field: &'static str, why: &'static str) -> Denial {
    Denial::Invalid(vec![(field, why)])
}

pub(crate) fn bad(words: impl Into<String>) -> Denial {
    Denial::Bad(words.into())
}

impl Denial {
    /// What is wrong, in one sentence.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Invalid(fields) => {
                let each: Vec<String> = fields.iter().map(|(field, why)| format!("{field} {why}")).collect();
                each.join(", ")
            }
            Self::Bad(words) | Self::Unprocessable(words) => words.clone(),
            Self::NotFound => "Not found".to_owned(),
        }
    }
}

/// What is taken.
pub(crate) const TAKEN: &str = "has already been taken";
