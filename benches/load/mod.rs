//! HiBob under load: a year of history, and many signed deliveries.

pub(crate) mod client;
pub(crate) mod history;
pub(crate) mod server;
