//! Integration tests: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod authors;
mod contract;
mod directory;
mod documents;
mod operations;
mod readme;
