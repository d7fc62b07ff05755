//! Rollbook.

pub mod connector;
pub mod delimited;
pub mod model;
pub mod problem;
