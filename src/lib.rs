//! Rollbook.

pub mod connector;
pub mod delimited;
pub mod model;
pub mod problem;
pub mod report;
pub mod store;
pub mod table;
