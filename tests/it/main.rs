//! Integration tests: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod author;
mod brake;
mod check;
mod contract;
mod directory;
mod plan;
mod schemas;
mod world;
