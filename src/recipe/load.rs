//! The only place that opens the author's files: the recipe, every table in its folder, its scripts, its examples.
//! What it returns is text with names; what the text means is decided in `draft` and `compile`.

use std::fs::{self, File, FileType};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::problem::{Place, Problem, Problems, SourceFile};
use crate::script::Unread;
use crate::table::{self, Table};

/// The most tables in a recipe's folder.
const MAX_TABLES: usize = 500;
/// The most scripts of a recipe.
pub(super) const MAX_SCRIPTS: usize = 100;
/// The largest recipe or examples file.
const MAX_YAML_BYTES: usize = 4 * 1024 * 1024;
/// The largest script.
const MAX_SCRIPT_BYTES: usize = 1024 * 1024;

/// Reads a recipe, which the user named, or the examples beside it.
pub(super) fn yaml(path: &Path, problems: &mut Problems) -> Option<Arc<SourceFile>> {
    text(path, MAX_YAML_BYTES, None, problems)
}

/// Reads a script, which the author named at `named_at`.
pub(super) fn script(path: &Path, named_at: &Place, problems: &mut Problems) -> Option<Arc<SourceFile>> {
    text(path, MAX_SCRIPT_BYTES, Some(named_at), problems)
}

/// Reads a text file. What is wrong with it becomes a problem: at `named_at`, where the author named the file, if it is missing.
fn text(path: &Path, most: usize, named_at: Option<&Place>, problems: &mut Problems) -> Option<Arc<SourceFile>> {
    let bytes = bytes(path, most, named_at, problems)?;
    if bytes.len() > most {
        let message = format!("this file is larger than {} MiB", most >> 20);
        problems.push(
            Problem::file("too-large", &clean(path), message).help("split the file, or take out what nothing needs"),
        );
        return None;
    }
    SourceFile::decode(&clean(path), &bytes, "save the file as UTF-8", problems)
}

/// Every `.csv` of a folder, in the order of their names.
pub(super) fn tables(folder: &Path, named_at: &Place, unread: &mut Unread, problems: &mut Problems) -> Vec<Table> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message =
                format!("the folder of tables `{}` can't be read: {}", clean(folder).display(), words(&error));
            let help = "paths are relative to the recipe";
            problems.push(Problem::new("missing-folder", named_at, message).help(help));
            unread.all_tables = true;
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| is_csv(path)).collect();
    paths.sort();
    if paths.len() > MAX_TABLES {
        let message = format!("the folder of tables has {} files; at most {MAX_TABLES} are read", paths.len());
        problems.push(Problem::new("too-many-tables", named_at, message));
    }
    let mut tables = Vec::new();
    for path in paths.iter().take(MAX_TABLES) {
        // One byte more than a table may have shows that it is too large.
        let bytes = bytes(path, table::MAX_BYTES, Some(named_at), problems);
        match bytes.and_then(|bytes| Table::read(&clean(path), &bytes, problems)) {
            Some(table) if table.has_whole_header() => tables.push(table),
            _ => {
                unread.tables.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
            }
        }
    }
    tables
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}

/// The bytes of a file; of one that is too large only so many that it shows.
fn bytes(path: &Path, most: usize, named_at: Option<&Place>, problems: &mut Problems) -> Option<Vec<u8>> {
    let error = match read(path, most) {
        Ok(bytes) => return Some(bytes),
        Err(error) => error,
    };
    let shown = clean(path);
    match named_at {
        Some(place) => {
            let message = format!("`{}` can't be read: {}", shown.display(), error);
            let problem = Problem::new("missing-file", place, message).help("paths are relative to the recipe");
            problems.push_if_first(problem);
        }
        None => {
            let message = format!("this file can't be read: {}", error);
            problems.push(Problem::file("missing-file", &shown, message));
        }
    }
    None
}

/// Reads a regular file; why it can't be read, in plain words. Anything else, such as a pipe or a device, might never come
/// to an end, and opening it might wait for ever.
fn read(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let words = |error: io::Error| words(&error);
    let kind = fs::metadata(path).map_err(words)?.file_type();
    if !kind.is_file() {
        return Err(named(kind).to_owned());
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).map_err(words)?.take(most).read_to_end(&mut bytes).map_err(words)?;
    Ok(bytes)
}

/// What something that is no regular file is.
fn named(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "it is a pipe";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "it is a device";
        }
        if kind.is_socket() {
            return "it is a socket";
        }
    }
    if kind.is_dir() { "it is a folder" } else { "it is no regular file" }
}

/// An IO error in plain words.
fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "it is no folder".to_owned(),
        kind => kind.to_string(),
    }
}

/// A path as people read it: `recipes/../tables` is `tables`.
#[must_use]
pub fn clean(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(parts.components().next_back(), Some(Component::Normal(_))) => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    if parts.as_os_str().is_empty() { PathBuf::from(".") } else { parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_without_detours() {
        assert_eq!(clean(Path::new("recipes/../lookup_tables/demo")), Path::new("lookup_tables/demo"));
        assert_eq!(clean(Path::new("../a/./b")), Path::new("../a/b"));
        assert_eq!(clean(Path::new("./a/..")), Path::new("."));
    }
}
