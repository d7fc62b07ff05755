//! The whole program between two sandboxes with the starter recipe: a year in a company, kills between any two calls, and
//! everything that the page of Leapsome's own connector promises.

mod acme;
mod kills;
mod life;
mod promises;
mod year;
