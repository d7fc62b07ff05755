//! The simulated 360Learning, over real HTTP: that it behaves as apis/360learning.md says, and breaks as it is told to.

mod bulk;
pub(crate) mod client;
mod control;
mod custom_fields;
mod external_ids;
mod faults;
mod gate;
mod groups;
mod life;
mod managers;
mod users;
