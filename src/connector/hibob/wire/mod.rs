//! HiBob's people as they come over the wire (apis/hibob.md §2 and §3), whether from its API or from a file.
//!
//! Reading order: [`people`] (an employee), [`shape`] (where fields stand), [`cell`] (values and types), [`stream`]
//! (JSON a value at a time).

pub(in crate::connector) mod cell;
pub(in crate::connector) mod draft;
pub(in crate::connector) mod fault;
mod keys;
pub(in crate::connector) mod lists;
pub(in crate::connector) mod metadata;
pub(in crate::connector) mod people;
pub(in crate::connector) mod shape;
pub(in crate::connector) mod stream;

/// What the source is called, be it the API or a file in HiBob's form or under its field ids.
pub(in crate::connector) const TITLE: &str = "HiBob";
