//! Locks on files beside an SQLite database, which the operating system frees the moment a process ends. They are never
//! deleted: two processes could otherwise hold locks on two files of one name.
//!
//! Each recipe has two. Whoever works on it holds the first. A sync holds the gate too; a worker only looks through it,
//! so that it finds it shut while a sync waits.

use std::fmt::Write as _;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Locked, PASSING, PAUSE, WORKERS};
use crate::store::StoreError;
use crate::store::error;
use crate::store::sqlite::{beside, private_file};

/// Locked for as long as they are open.
#[derive(Debug)]
pub(super) struct Guard {
    _work: File,
    _gate: Option<File>,
}

/// One of a recipe's files, open.
struct LockFile {
    file: File,
    path: PathBuf,
}

impl LockFile {
    fn open(path: PathBuf) -> Result<Self, StoreError> {
        match private_file(&path) {
            Ok(file) => Ok(Self { file, path }),
            Err(error) => Err(error::file(&path.display().to_string(), error)),
        }
    }

    fn lock(&self) -> Result<bool, StoreError> {
        self.answer(self.file.try_lock())
    }

    fn share(&self) -> Result<bool, StoreError> {
        self.answer(self.file.try_lock_shared())
    }

    fn answer(&self, answer: Result<(), TryLockError>) -> Result<bool, StoreError> {
        match answer {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error::file(&self.path.display().to_string(), error)),
        }
    }
}

/// The files of a recipe: the one that is worked under, and its gate.
fn files(database: &Path, recipe: &str) -> Result<(LockFile, LockFile), StoreError> {
    let slug = slug(recipe);
    let file = |ending| LockFile::open(beside(database, &format!("{slug}.{ending}")));
    Ok((file("lock")?, file("gate")?))
}

pub(super) async fn lock(database: &Path, recipe: &str) -> Result<Locked<Guard>, StoreError> {
    let (work, gate) = files(database, recipe)?;
    let began = Instant::now();
    while !gate.lock()? {
        let sync_at_work = !LockFile::open(work.path.clone())?.share()?;
        if sync_at_work || began.elapsed() > PASSING {
            return Ok(Locked::Taken);
        }
        tokio::time::sleep(PAUSE).await;
    }
    while !work.lock()? {
        if began.elapsed() > WORKERS {
            return Ok(Locked::Shared);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Locked::Ours(Guard { _work: work.file, _gate: Some(gate.file) }))
}

pub(super) fn share(database: &Path, recipe: &str) -> Result<Option<Guard>, StoreError> {
    let (work, gate) = files(database, recipe)?;
    let open = gate.share()? && work.share()?;
    Ok(open.then(|| Guard { _work: work.file, _gate: None }))
}

/// The file that is locked for as long as the mails of a recipe are sent; nothing while another process does.
pub(super) fn sending(database: &Path, recipe: &str) -> Result<Option<File>, StoreError> {
    let lock = LockFile::open(beside(database, &format!("{}.mail", slug(recipe))))?;
    Ok(lock.lock()?.then_some(lock.file))
}

/// A recipe's name as part of a file name, different for different names even where files differ only in case.
fn slug(recipe: &str) -> String {
    let mut slug = String::with_capacity(recipe.len());
    for byte in recipe.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => slug.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => _ = write!(slug, "={byte:02x}"),
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn recipes_whose_names_look_alike_have_different_lock_files() {
        assert_eq!(slug("acme-learnupon"), "acme-learnupon");
        assert_eq!(slug("Acme/é"), "=41cme=2f=c3=a9");
        assert_ne!(slug("a b"), slug("a-b"));
    }
}
