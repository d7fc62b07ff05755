//! `employee["work.site"]`: a field of the person whose turn it is, converted when a script reads it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Position};

use super::convert::{Outcome, to_dynamic, trouble};
use super::engine::Shared;

/// The person as scripts see them; who that is, the session knows. Rhai clones it a lot.
#[derive(Clone)]
pub(super) struct Employee;

pub(super) fn register(engine: &mut Engine, shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    engine.register_type_with_name::<Employee>("employee").register_indexer_get(
        move |_: &mut Employee, field: ImmutableString| -> Outcome<Dynamic> {
            match shared.field(&field) {
                Some(Some(value)) => Ok(value),
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

impl Shared {
    /// The inner `None` was not delivered.
    fn field(&self, name: &str) -> Option<Option<Dynamic>> {
        let index = *self.index.get(name)?;
        self.state().cells.get(index).map(to_dynamic)
    }
}
