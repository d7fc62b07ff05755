//! The only place that opens the author's files: the recipe, every table in its folder, its scripts, its examples.
//! What it returns is text with names; what the text means is decided in `draft` and `compile`.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::problem::{Place, Problem, Problems, SourceFile};
use crate::script::Unread;
use crate::table::Table;

/// The most tables in a recipe's folder.
const MAX_TABLES: usize = 500;

/// Reads a text file. What is wrong with it becomes a problem: at `named_at`, where the author named the file, if it is missing.
pub(super) fn text(path: &Path, named_at: Option<&Place>, problems: &mut Problems) -> Option<Arc<SourceFile>> {
    let bytes = bytes(path, named_at, problems)?;
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
        let bytes = bytes(path, Some(named_at), problems);
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

fn bytes(path: &Path, named_at: Option<&Place>, problems: &mut Problems) -> Option<Vec<u8>> {
    let error = match fs::read(path) {
        Ok(bytes) => return Some(bytes),
        Err(error) => error,
    };
    let shown = clean(path);
    match named_at {
        Some(place) => {
            let message = format!("`{}` can't be read: {}", shown.display(), words(&error));
            let problem = Problem::new("missing-file", place, message).help("paths are relative to the recipe");
            problems.push_if_first(problem);
        }
        None => {
            let message = format!("this file can't be read: {}", words(&error));
            problems.push(Problem::file("missing-file", &shown, message));
        }
    }
    None
}

/// An IO error in plain words.
fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        std::io::ErrorKind::NotADirectory => "it is no folder".to_owned(),
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
