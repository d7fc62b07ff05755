//! Integration tests: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod author;
mod authors;
mod brake;
mod check;
mod cli;
#[path = "../cluster/mod.rs"]
mod cluster;
mod contract;
mod directory;
mod documents;
mod explain;
mod hibob;
mod kept;
mod kill;
mod leapsome;
mod learnamp;
mod learnupon;
mod mail;
mod openapi;
mod operations;
mod ownership;
mod pages;
mod plan;
mod program;
mod properties;
mod readme;
mod sandbox;
mod schemas;
mod sentences;
mod serve;
mod server;
mod syncs;
mod targets;
mod three_sixty;
mod world;
