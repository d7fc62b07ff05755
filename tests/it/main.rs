//! Integration tests: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod brake;
mod contract;
mod directory;
mod explain;
mod plan;
mod properties;
mod syncs;
mod world;
