//! Rollbook keeps the people in a learning or HR platform in step with HiBob. Solution architects describe one
//! customer's integration in a YAML recipe and a handful of CSV tables; a generic engine reads them, plans every change
//! with its reason, brakes what looks wrong, applies the rest, and reports to an HR administrator.
//!
//! # The map
//!
//! ```text
//! source ── records ─┐                                       ┌─ writes ──► target
//!                    ▼                                       │
//! recipe + tables ─► engine::plan ──► Plan ──► engine::brake ──► run::apply ──► outcomes ──► report ──► mail
//!                    ▲                                       │                     │
//! target ─── users ──┘                                       └──── store ◄─────────┘
//! ```
//!
//! Modules in reading order, from the bottom up:
//!
//! | module | what it is |
//! | --- | --- |
//! | [`model`] | plain values: fields, records, users, plans, outcomes |
//! | [`private`] | files and folders for their user alone |
//! | [`problem`] | a mistake in the author's files: place, message, help |
//! | [`delimited`] | the only CSV library: reading and writing rows |
//! | [`table`] | lookup tables, with the place of every cell |
//! | [`script`] | the only Rhai: compile, check, run expressions |
//! | [`stage`] | the steps of a recipe: shape, compile and behaviour, one file each |
//! | [`recipe`] | files in, runnable `Recipe` out; schemas; examples |
//! | [`engine`] | pure decisions: plan, brake, explain |
//! | [`connector`] | sources and targets in our words; one folder a vendor, `http` for all of them |
//! | [`store`] | links, what is ours, what listings leave out, runs, outcomes, leases, deliveries, who is due, mails that wait; SQLite or PostgreSQL |
//! | [`report`] | a run as text, HTML, CSV, workbook and mail |
//! | [`metrics`] | figures for Prometheus |
//! | [`run`] | the shell: gather, plan, apply, report; for everybody or for a few |
//! | [`server`] | `rollbook serve`: webhooks taken and saved, people looked at when due, full syncs on time, people told, health, metrics |
//! | [`sandbox`] | HiBob and targets simulated over HTTP on loopback, for authors and for tests |
//! | [`cli`] | one short file a command |
//!
//! Arrows point down only: `main → cli → server → run → {connector, store, report, engine}`, `engine → recipe → stage →
//! {script, table, problem, model}`. `connector` and `engine` never see each other; `run` introduces them. A connector
//! and the report see `model` and `delimited` only, the store `model` alone, and `metrics` what it counts. The `sandbox`
//! sees nothing of the others: it stands where vendors would.
//! `tests/it/architecture.rs` reads the imports and fails when an arrow goes up.
//!
//! # Invariants
//!
//! 1. From `engine` down there is no `async`, no clock, no environment and no IO, but for the author's files, which
//!    `recipe::load` opens. "Today" is a parameter.
//! 2. A compiled [`recipe::Recipe`] is always runnable; nobody checks it again.
//! 3. The engine names no vendor; a connector sees no recipe. What a target can do is data that it declares.
//! 4. Nothing is written except by applying a plan, and applying decides nothing. There is no dry-run flag.
//! 5. A record is an array indexed by the fields the recipe uses. The source's answer is parsed as a stream.
//! 6. Writes are made in an order that is safe to stop after any of them, and are recorded when they are known to be done.
//!    What would be lost by a kill in between is announced beforehand (intents, ownership).
//! 7. Only one module names each of: rhai, the YAML library, csv, jsonschema, lettre, sqlx, rusqlite, askama, clap,
//!    annotate_snippets, fluent_bundle, indicatif, rust_xlsxwriter, zip, rustls, governor, prometheus_client, uuid, cronexpr; `server` and the sandbox name axum,
//!    `server::connections` hyper; `connector::http` names reqwest, and beside it only the sandbox, for its webhooks. Waits
//!    that grow are backon's: between tries of a call, of a person (`run::ending`), of a recipe (`server::pause`), of a mail
//!    (`run::redelivery`).
//!
//! # A full sync, from end to end
//!
//! 1. [`run::load`] reads recipe, tables and scripts: all problems at once, or a runnable recipe.
//! 2. The store gives this recipe's lease; a second run is refused with who holds it since when. Workers that handle single
//!    people in real time finish what they have in hand, and wait.
//! 3. [`run::gather`] reads roster, users and memory at the same time. What a target's listings leave out of its users comes
//!    from what was last read or written ([`model::Known`]); only those of whom nothing is remembered are asked about, one
//!    by one.
//! 4. [`engine::plan`] decides each person, on every core there is, then looks across people: claims, addresses, managers,
//!    who is gone.
//! 5. [`engine::brake`] holds each kind of change that breaks a limit, and lets the rest go on.
//! 6. `run::apply`: groups and teams → creates → updates → references → memberships → deactivations, in batches as the
//!    target declares, each batch recorded as it is done; a killed run is finished by the next.
//! 7. [`report`] renders the outcomes. With its end the run has marked that a report is due; [`run::mailing`] makes it a mail
//!    that waits in the state database, or files in a folder, and [`run::sending`] sends what waits, once, until it is taken.
//!
//! # A webhook, from end to end
//!
//! 1. [`server::router`]: raw bytes of bounded size → signature → JSON → schema → [`server::intake`], which saves all
//!    deliveries that wait, and whom they make due, in one transaction, and answers after it.
//! 2. `server::worker` shares the recipe's lease (a full sync has it alone), claims people who are due, and gives back whom
//!    it could not look at. A claim is void when its replica is dead, which no clock decides.
//! 3. [`run::event`] reads them and those they refer to, finds their users, and asks [`engine::plan_few`]: the decision of a
//!    full sync, from what concerns them. [`engine::brake`] counts what was done within the last hour too.
//! 4. `run::apply` as in a full sync. What became of them is recorded with the end of the claims, and with the next midnight
//!    at which something turns for them ([`stage::next_day`]): then they are due again.

pub mod model;

pub mod private;

pub mod problem;

pub mod delimited;

pub mod table;

pub mod script;

pub mod stage;

pub mod recipe;

pub mod engine;

pub mod connector;

pub mod store;

pub mod report;

pub mod metrics;

pub mod run;

pub mod server;

pub mod sandbox;

pub mod cli;
