//! Files and folders that only their user may read, because they hold personal data. Only what is new is made so: who has
//! opened an old one up to others meant it.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Options for opening a file to write; one that is made is for its user alone.
#[must_use]
pub fn writing() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder and those above it, as far as they are not there.
///
/// # Errors
/// When one of them can't be made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut folders = DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    folders.create(path)
}
