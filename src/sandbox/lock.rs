//! Locks that are always taken.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock is never left broken: nothing panics while it is held, and if it did, the value would still be whole.
pub(super) fn hold<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
