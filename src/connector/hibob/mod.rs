//! HiBob.

pub(in crate::connector) mod wire;
