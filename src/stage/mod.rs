//! The steps of a recipe, one file each: the shape of its table or section, how it is compiled, and how it decides.
//!
//! The order in which they decide: [`filter`] (who takes part), [`status`] (who has access), [`provisioning`] (from when and
//! until when), [`identify`] (whose user is whose), [`fields`] and [`groups`] (what the user should look like).
//! [`condition`] and [`rule`] are shared by all tables with conditions, [`field`] turns names into places in a record,
//! [`next_day`] says when a person has to be looked at again, [`service`] and [`cadence`] what is done without being asked.

pub mod cadence;
pub mod condition;
pub mod date_expression;
pub mod dead_rule;
pub mod field;
pub mod fields;
pub mod filter;
pub mod groups;
pub mod identify;
pub mod limits;
pub mod next_day;
pub mod person;
pub mod provisioning;
pub mod rule;
pub mod service;
pub mod status;
pub mod today;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{FieldPath, RecordLayout, Slot, SourceCatalogue, TargetCatalogue, UserLayout};
use crate::problem::Problems;
use crate::script::Scripts;
use crate::stage::field::FieldRef;
use crate::stage::next_day::Turn;
use crate::table::ValueTables;

/// What the stages share while a recipe is compiled.
pub struct Compile<'a> {
    /// Where mistakes are collected.
    pub problems: &'a mut Problems,
    /// What the source offers.
    pub source: &'a SourceCatalogue,
    /// What the target takes.
    pub target: &'a TargetCatalogue,
    /// Short names for long field ids.
    pub short_names: &'a BTreeMap<String, FieldPath>,
    /// The script functions and value tables that expressions may use.
    pub scripts: &'a Scripts,
    /// The value tables by themselves, for checking their cells.
    pub tables: &'a Arc<ValueTables>,
    /// The columns of a record; grows as fields are used.
    pub layout: RecordLayout,
    /// The columns that some rule reads; the others only name people in reports.
    pub slots_used: BTreeSet<Slot>,
    /// The target fields that are read; grows as fields are written or identified by.
    pub user_layout: UserLayout,
    /// The fields that scripts read, in the order in which a session is given them.
    pub script_fields: Vec<(Arc<str>, FieldRef)>,
    /// The value tables that something reads, by name.
    pub tables_read: Vec<Arc<str>>,
    /// The references to other people that are followed.
    pub references: BTreeSet<FieldRef>,
    /// The days on which decisions turn.
    pub turns: BTreeSet<Turn>,
}
