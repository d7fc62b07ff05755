//! `employee["work.site"]`: the fields of one person, converted once and read by every script.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Position};

use super::convert::{Outcome, trouble};
use super::engine::Shared;

/// Where each field stands.
pub(super) type FieldIndex = HashMap<Arc<str>, usize>;

/// One person as scripts see them. Cheap to clone, which Rhai does a lot.
#[derive(Clone)]
pub(super) struct Employee(pub(super) Arc<Fields>);

/// The converted fields; `None` was not delivered.
pub(super) struct Fields {
    pub(super) index: Arc<FieldIndex>,
    pub(super) values: Vec<Option<Dynamic>>,
}

pub(super) fn register(engine: &mut Engine, shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    engine.register_type_with_name::<Employee>("employee").register_indexer_get(
        move |employee: &mut Employee, field: ImmutableString| -> Outcome<Dynamic> {
            match employee.read(&field) {
                Some(Some(value)) => Ok(value.clone()),
                Some(None) => {
                    // The flag decides; the error only ends the script soon. It cannot be caught.
                    shared.not_delivered.store(true, Ordering::Relaxed);
                    Err(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into())
                }
                None => {
                    trouble(format!("`employee[\"{field}\"]` is not among the fields that were found in the scripts"))
                }
            }
        },
    );
}

impl Employee {
    fn read(&self, field: &str) -> Option<&Option<Dynamic>> {
        self.0.index.get(field).and_then(|index| self.0.values.get(*index))
    }
}
