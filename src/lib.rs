//! Rollbook.

pub mod connector;
pub mod model;
pub mod problem;
pub mod table;
pub mod store;
