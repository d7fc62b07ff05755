//! What an author reads when something is wrong: a folder of files in, problems out.
//!
//! The snapshots are the place to read them. Each case says in its title what the author did.

use crate::author::Author;

mod dead;
mod everything;
mod examples;
mod files;
mod fine;
mod mutated;
mod recipe;
mod scripts;
mod tables;

/// What the author reads in each of several cases, in short, under its title.
fn notes<const N: usize>(cases: [(&str, Author); N]) -> String {
    cases.iter().map(|(title, author)| format!("# {title}\n{}\n", author.notes())).collect()
}

/// The small recipe with one edit.
fn edited(file: &str, from: &str, to: &str) -> Author {
    Author::small().edit(file, from, to)
}

/// The small recipe with lines added to one file.
fn with(file: &str, lines: &str) -> Author {
    Author::small().append(file, lines)
}
