//! Integration tests: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cli;
mod contract;
mod directory;
mod kill;
mod ownership;
mod program;
