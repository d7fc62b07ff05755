//! An author at work: a folder with a small recipe that is right, edits that make it wrong, and what the author then reads.

use std::fs;
use std::path::{Path, PathBuf};

use rollbook::problem::{Problem, Problems, Style, render};
use rollbook::run::load;

/// A folder of an author's files.
pub(crate) struct Author {
    folder: tempfile::TempDir,
    recipe: &'static str,
}

impl Author {
    /// The small recipe of `fixtures/author`, with which nothing is wrong.
    pub(crate) fn small() -> Self {
        let author = Self { folder: tempfile::tempdir().unwrap(), recipe: "recipe.yaml" };
        copy(&repository().join("tests/it/fixtures/author"), author.folder.path());
        author
    }

    /// The demo, as it stands in the repository.
    pub(crate) fn demo() -> Self {
        let author = Self { folder: tempfile::tempdir().unwrap(), recipe: "recipes/demo.yaml" };
        for folder in ["recipes", "lookup_tables"] {
            copy(&repository().join(folder), &author.folder.path().join(folder));
        }
        author
    }

    /// Replaces a text that stands in a file exactly once.
    pub(crate) fn edit(self, file: &str, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` must stand in {file} once");
        self.write(file, text.replace(from, to))
    }

    /// Adds lines at the end of a file, which may be new.
    pub(crate) fn append(self, file: &str, lines: &str) -> Self {
        let text = fs::read_to_string(self.path(file)).unwrap_or_default();
        self.write(file, format!("{text}{lines}\n"))
    }

    /// Writes a whole file.
    pub(crate) fn write(self, file: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Takes a file or a folder away.
    pub(crate) fn remove(self, file: &str) -> Self {
        let path = self.path(file);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap()
        } else {
            fs::remove_file(path).unwrap()
        }
        self
    }

    /// Where a file of this author is.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Where the recipe is.
    pub(crate) fn recipe(&self) -> PathBuf {
        self.path(self.recipe)
    }

    /// Everything that `rollbook check` finds.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::new();
        load::check(&self.recipe(), &mut problems);
        problems.into_sorted()
    }

    /// What the author reads, in full.
    pub(crate) fn reads(&self) -> String {
        let all: Vec<String> = self.problems().iter().map(|problem| render(problem, Style::Plain)).collect();
        self.stable(&all.join("\n"))
    }

    /// The same in short, one problem after the other: place, code, message, help.
    pub(crate) fn notes(&self) -> String {
        let notes: Vec<String> = self.problems().iter().map(note).collect();
        if notes.is_empty() { "nothing is wrong\n".to_owned() } else { self.stable(&notes.concat()) }
    }

    /// Without the name of the temporary folder.
    fn stable(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

/// The top of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn note(problem: &Problem) -> String {
    let place = problem.line_column().map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
    let help = problem.help.as_deref().map(|help| format!("  help: {help}\n")).unwrap_or_default();
    let (path, severity) = (problem.path().display(), problem.severity);
    format!("{path}{place} {severity}[{}] {}\n{help}", problem.code, problem.message)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { _ = fs::copy(entry.path(), target).unwrap() }
    }
}
