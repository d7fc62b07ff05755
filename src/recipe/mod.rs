//! Files in, a runnable [`Recipe`] out.
//!
//! `load` opens the author's files, [`yaml`] and [`schema`] check their form, [`Draft`] is what is well formed by itself,
//! and `compile` holds it against what source and target offer. A [`Recipe`] is always runnable; nobody checks it again.

mod beyond_schema;
mod compile;
mod draft;
pub mod examples;
mod form;
pub mod load;
mod raw;
mod reporting;
pub mod schema;
mod unused;
pub mod yaml;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::{
    ConnectorSettings, FieldName, FieldPath, Reason, RecordLayout, SourceCatalogue, TargetCatalogue, UserLayout,
};
use crate::script::Scripts;
use crate::stage::field::FieldRef;
use crate::stage::fields::Fields;
use crate::stage::filter::Filter;
use crate::stage::groups::Groups;
use crate::stage::identify::IdentifyRule;
use crate::stage::limits::Limits;
use crate::stage::next_day::Turn;
use crate::stage::provisioning::Provisioning;
use crate::stage::service::{Notify, RealTime, Schedule};
use crate::stage::status::Status;
use crate::stage::today::Zones;
use crate::table::ValueTables;

pub use draft::Draft;
pub use reporting::{Recipients, ReportSettings, ReportWhen};

/// A compiled recipe. Only `Draft::compile` makes one, and only when nothing is wrong with it.
pub struct Recipe {
    /// Its name: the key under which links, runs and leases are kept.
    pub name: Arc<str>,
    /// For people.
    pub description: String,
    /// Where it stands, as it was asked for.
    pub path: PathBuf,
    /// Which day it is for whom.
    pub zones: Zones,
    /// The source.
    pub source: ConnectorSettings,
    /// The target.
    pub target: ConnectorSettings,
    /// What the source declared when the recipe was compiled.
    pub source_catalogue: SourceCatalogue,
    /// Short names for long field ids.
    pub short_names: BTreeMap<String, FieldPath>,
    /// What the target declared when the recipe was compiled.
    pub target_catalogue: TargetCatalogue,
    /// The columns of a record.
    pub layout: RecordLayout,
    /// Columns that some rule reads, with the source's permission category; others only name people in the report.
    pub columns_used: Vec<ColumnUse>,
    /// The target fields that are read.
    pub user_layout: UserLayout,
    /// The place of the login field among them.
    pub login: Option<(FieldName, usize)>,
    /// The places of all fields that people log in with, the main one first.
    pub logins: Vec<(FieldName, usize)>,
    /// How users are found.
    pub identify: Vec<IdentifyRule>,
    /// Who takes part; everybody where there is no filter.
    pub filter: Option<Filter>,
    /// Who has access; everybody where there is no status table.
    pub status: Option<Status>,
    /// What users look like.
    pub fields: Fields,
    /// Which groups they are in.
    pub groups: Option<Groups>,
    /// From when, until when, and how.
    pub provisioning: Provisioning,
    /// The brake's limits.
    pub limits: Limits,
    /// Whom the report goes to.
    pub report: ReportSettings,
    /// When `rollbook serve` runs it by itself.
    pub schedule: Option<Schedule>,
    /// How changes arrive within seconds.
    pub real_time: Option<RealTime>,
    /// Who is told at once when something goes wrong.
    pub notify: Option<Notify>,
    /// Where records name other people who count for a decision, those that are named by the record itself first.
    pub references: Vec<FieldRef>,
    /// The days on which something may be decided otherwise without a change.
    pub turns: Vec<Turn>,
    /// The functions that transforms and conditions call.
    pub scripts: Scripts,
    /// The value tables.
    pub tables: Arc<ValueTables>,
    /// What scripts read of a person, in the order in which a session is given it.
    pub script_fields: Vec<(Arc<str>, FieldRef)>,
    /// "no status rule matches", with the line that names the table.
    pub no_status_rule: Reason,
    /// A hash over the text of every file of the recipe.
    pub texts_hash: String,
    _only_compiled: OnlyCompiled,
}

/// Keeps everybody but `compile` from putting a recipe together.
struct OnlyCompiled;

/// A column that decides something.
#[derive(Debug, Clone)]
pub struct ColumnUse {
    /// Its place in a record.
    pub slot: crate::model::Slot,
    /// The field, as the source names it.
    pub path: FieldPath,
    /// The permission category in the source's own words.
    pub category: Option<String>,
}

impl Recipe {
    /// Where the examples of this recipe are: beside it, as `NAME.test.yaml`.
    #[must_use]
    pub fn examples_path(path: &std::path::Path) -> PathBuf {
        path.with_extension("test.yaml")
    }
}
