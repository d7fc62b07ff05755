//! What a plan was made from, as hashes: a saved plan is applied only while all of it is still so.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Inputs;
use crate::model::{Cells, Plan};
use crate::recipe::Recipe;

/// The hashes, in hexadecimal, part by part, so that a refusal can say what has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// The recipe, its tables and its scripts, as text.
    pub recipe: String,
    /// The people the source gave.
    pub people: String,
    /// The users and groups in the target.
    pub target: String,
    /// What earlier runs left behind.
    pub memory: String,
    /// The day it was in each of the recipe's time zones.
    pub day: String,
    /// The plan itself.
    pub plan: String,
}

impl Fingerprint {
    /// Takes the hashes.
    #[must_use]
    pub fn of(recipe: &Recipe, inputs: &Inputs<'_>, plan: &Plan) -> Self {
        Self {
            recipe: recipe.texts_hash.clone(),
            people: hash(|hash| {
                inputs.roster.records.iter().for_each(|record| {
                    hash.text(record.id.as_str());
                    hash.cells(&record.cells);
                });
                hash.text(&format!("{:?}", inputs.roster.unreadable));
            }),
            target: hash(|hash| {
                for user in inputs.users {
                    hash.text(user.id.as_str());
                    hash.text(&format!("{} {:?}", user.status, user.memberships));
                    hash.cells(&user.cells);
                }
                hash.text(&format!("{:?}", inputs.groups));
            }),
            memory: hash(|hash| hash.text(&format!("{:?}", inputs.memory))),
            day: hash(|hash| hash.text(&recipe.zones.days(inputs.now).fingerprint())),
            plan: plan_hash(plan),
        }
    }

    /// What is no longer as it was when the plan was saved, in words.
    #[must_use]
    pub fn moved(&self, now: &Self) -> Vec<&'static str> {
        let parts = [
            (self.recipe != now.recipe, "the recipe, a table or a script"),
            (self.people != now.people, "people in the source"),
            (self.target != now.target, "users or groups in the target"),
            (self.memory != now.memory, "what is remembered of earlier runs"),
            (self.day != now.day, "the day"),
        ];
        parts.into_iter().filter(|(moved, _)| *moved).map(|(_, what)| what).collect()
    }
}

/// The hash of a plan, for telling whether a saved one was altered.
#[must_use]
pub fn plan_hash(plan: &Plan) -> String {
    hash(|hash| {
        serde_json::to_writer(hash, plan).expect("a plan of ours has a JSON form, and hashing cannot fail");
    })
}

fn hash(feed: impl FnOnce(&mut Hash)) -> String {
    let mut hash = Hash(Sha256::new());
    feed(&mut hash);
    hash.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Hash(Sha256);

impl Hash {
    /// Adds a text with its length, so that two texts never run together.
    fn text(&mut self, text: &str) {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn cells(&mut self, cells: &Cells) {
        serde_json::to_writer(self, cells).expect("cells have a JSON form, and hashing cannot fail");
    }
}

impl std::io::Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
