//! Rollbook.

pub mod connector;
pub mod delimited;
pub mod model;
pub mod problem;
pub mod table;
pub mod store;
pub mod report;
