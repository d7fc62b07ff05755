//! HiBob as the source: the real connector and the real program against the sandbox, over real sockets.

mod failures;
mod limits;
mod permissions;
mod reading;
mod tenant;
