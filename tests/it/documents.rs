//! Runs what the documents show: files are written, commands are run, fragments are checked, results are compared.
//!
//! A fenced block says what it is in the words behind its fence:
//!
//! | words | what is done |
//! | --- | --- |
//! | `yaml file=PATH`, `csv file=PATH`, `rhai file=PATH` | written there; a later block of the same name replaces it, with `append` it is added at the end |
//! | `console` | each `$` line is run by the shell; what follows is its output, `# exit 2` its exit code |
//! | `yaml recipe` | keys of a recipe: they take the place of the demo's, and `check` finds no problem |
//! | `yaml recipe of=NAME` | the same with another starter recipe |
//! | `yaml examples` | examples of the demo: they hold |
//! | `csv table=NAME` | a table of the demo: it takes the place of the demo's, and `check` finds no problem |
//! | `conditions` | lines `field value ~ operator ~ value ~ yes, no or unknown`, tried as a filter |
//! | `transforms` | lines `expression ~ value ~ result`, tried as a transform |
//! | `schedule` | for another program: every `rollbook` command in it exists |
//!
//! In output, `…` alone on a line stands for any lines, and inside a line for any text. Run ids, times and durations are
//! compared by their form.

mod blocks;
mod console;
mod fragments;
mod one_liners;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use blocks::{Block, Kind};

/// A document, and the folder in which its blocks are tried one after the other.
pub(crate) struct Document {
    name: &'static str,
    blocks: Vec<Block>,
    folder: tempfile::TempDir,
}

/// The text of a file of this repository.
pub(crate) fn text_of(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

/// The part of a file below a heading of the first level.
pub(crate) fn part_of(path: &str, heading: &str) -> String {
    let text = text_of(path);
    let part = text.split("\n# ").find(|part| part.starts_with(&format!("{heading}\n")));
    part.unwrap_or_else(|| panic!("{path} has a part `{heading}`")).to_owned()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Document {
    /// Reads a document. A block of unknown kind is an error.
    pub(crate) fn read(name: &'static str) -> Self {
        Self { name, blocks: blocks::of(name, &text_of(name)), folder: tempfile::tempdir().unwrap() }
    }

    /// Puts a copy of the demo into the folder, as a fresh clone has it.
    pub(crate) fn with_demo(self) -> Self {
        copy_demo(self.folder.path());
        self
    }

    /// Tries every block, and gives the folder as it is afterwards.
    pub(crate) fn try_all(self) -> tempfile::TempDir {
        assert!(!self.blocks.is_empty(), "{} has no blocks", self.name);
        let mut here = self.folder.path().to_path_buf();
        let mut failed = Vec::new();
        for block in &self.blocks {
            let place = format!("{}:{}", self.name, block.line);
            let tried = catch_unwind(AssertUnwindSafe(|| match &block.kind {
                Kind::File { path, append } => write(&here.join(path), &block.text, *append),
                Kind::Console => console::run(&block.text, &mut here, &place),
                Kind::Recipe(name) => fragments::recipe(name, &block.text, &place),
                Kind::Examples => fragments::examples(&block.text, &place),
                Kind::Table(name) => fragments::table(name, &block.text, &place),
                Kind::Conditions => one_liners::conditions(&block.text, &place),
                Kind::Transforms => one_liners::transforms(&block.text, &place),
                Kind::Schedule => console::commands_exist(&block.text, &place),
            }));
            // Every block that does not hold is shown, not only the first.
            failed.extend(tried.err().map(|_| place));
        }
        assert!(failed.is_empty(), "these blocks do not hold: {}", failed.join(", "));
        self.folder
    }
}

fn write(path: &Path, text: &str, append: bool) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let before = if append { std::fs::read_to_string(path).unwrap() } else { String::new() };
    std::fs::write(path, before + text).unwrap();
}

/// The demo's recipe, tables, scripts and people.
fn copy_demo(to: &Path) {
    for folder in ["recipes", "lookup_tables", "schemas"] {
        copy(&repository().join(folder), &to.join(folder));
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry: PathBuf = entry.unwrap().path();
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() { copy(&entry, &target) } else { _ = std::fs::copy(&entry, &target).unwrap() }
    }
}
