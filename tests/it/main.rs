//! Integration tests: one binary, one module a subject.

mod contract;
mod directory;
