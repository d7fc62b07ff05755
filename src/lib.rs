//! Rollbook.

pub mod connector;
pub mod model;
pub mod problem;
pub mod script;
pub mod table;
