//! A document against its schema: every violation a problem at its place, and what can still be read of the rest.

use serde_json::Value as Json;

use super::schema::{Part, Schema, Violation};
use super::yaml::Document;
use crate::problem::Problems;

/// What is left of a document when what the schema refuses is taken out.
#[derive(Clone)]
pub(super) struct WellFormed {
    /// The document. A key that was nearly right counts as the one that was meant, so that what stands behind it is
    /// checked too; a value that is wrong counts as not written, but in lists, where others count on their places.
    pub(super) json: Json,
    /// Where values are wrong or missing.
    wrong: Vec<String>,
}

/// So many keys inside misspelt keys are looked into.
const DEEPEST: usize = 8;

impl WellFormed {
    /// Reports everything that a document violates.
    pub(super) fn check(document: &mut Document, schema: &Schema, problems: &mut Problems) -> Self {
        for _ in 0..DEEPEST {
            let slips = schema.violations(&document.root.to_json()).into_iter().filter_map(slip);
            let slips: Vec<(Violation, String)> = slips.collect();
            if slips.is_empty() {
                break;
            }
            for (violation, meant) in slips {
                let (pointer, place) = (violation.pointer.clone(), document.key_at(&violation.pointer));
                document.correct(&pointer, &meant);
                violation.report(&place, problems);
            }
        }
        let mut json = document.root.to_json();
        let mut wrong = Vec::new();
        for violation in schema.violations(&json.clone()) {
            let place = match violation.part {
                Part::Key(_) => document.key_at(&violation.pointer),
                Part::Value | Part::Missing(_) => document.at(&violation.pointer),
            };
            if !matches!(violation.part, Part::Missing(_)) {
                take_out(&mut json, &violation.pointer);
            }
            if !matches!(violation.part, Part::Key(_)) {
                wrong.push(violation.pointer.clone());
            }
            violation.report(&place, problems);
        }
        Self { json, wrong }
    }

    /// Whether every value that is written in a section, and all that it needs, is right.
    pub(super) fn is_whole(&self, section: &str) -> bool {
        let within = |pointer: &String| {
            pointer.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !self.wrong.iter().any(within)
    }
}

/// A key that is nearly right, and the one that was meant.
fn slip(violation: Violation) -> Option<(Violation, String)> {
    let Part::Key(Some(meant)) = &violation.part else { return None };
    let meant = meant.clone();
    Some((violation, meant))
}

fn take_out(json: &mut Json, pointer: &str) {
    let Some((parent, last)) = pointer.rsplit_once('/') else { return };
    if let Some(Json::Object(parent)) = json.pointer_mut(parent) {
        parent.remove(&last.replace("~1", "/").replace("~0", "~"));
    }
}
