//! What the engine decides: one small world a behaviour.

mod access;
mod fields;
mod groups;
mod identity;
mod references;
mod target_kinds;
mod teams;
mod whole;
