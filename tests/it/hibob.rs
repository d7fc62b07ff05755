//! HiBob as the source: the real connector and the real program against the sandbox, over real sockets.

mod check;
mod chosen;
mod failures;
mod fields;
mod limits;
mod permissions;
mod reading;
mod secrecy;
mod setup;
mod sync;
mod tenant;
