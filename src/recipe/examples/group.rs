//! A group in an example: its name, and the role where that matters.

use std::fmt;

use serde::Deserialize;

/// A group that a user is in, or is expected to be in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct ExampleGroup {
    /// Its name.
    pub name: String,
    /// The role; left out, it is the target's first one for a user, and any for what is expected.
    pub role: Option<String>,
}

/// As an author writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Name(String),
    InRole { name: String, role: String },
}

impl From<Written> for ExampleGroup {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(name) => Self { name, role: None },
            Written::InRole { name, role } => Self { name, role: Some(role) },
        }
    }
}

impl ExampleGroup {
    /// Whether a membership is this one.
    #[must_use]
    pub fn fits(&self, name: &str, role: &str) -> bool {
        self.name == name && self.role.as_ref().is_none_or(|wanted| wanted == role)
    }
}

impl fmt::Display for ExampleGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.role {
            Some(role) => write!(f, "{} as {role}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
