//! From a draft to a recipe: every name is looked up in what source and target offer, every script is compiled, every
//! mistake is collected. Nothing is returned unless everything is right.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde_json::Value as Json;

use super::draft::Draft;
use super::schema::{self, Schema};
use super::{ColumnUse, OnlyCompiled, Recipe, beyond_schema, raw, unused};
use crate::model::{Access, FieldName, Reason, RecordLayout, Section, SourceCatalogue, TargetCatalogue, UserLayout};
use crate::problem::{Place, Problem, Problems, did_you_mean};
use crate::script::Scripts;
use crate::stage::Compile;
use crate::stage::cadence::Cadence;
use crate::stage::fields::Fields;
use crate::stage::filter::Filter;
use crate::stage::groups::{Groups, Ownership};
use crate::stage::identify::{IdentifyRule, RawIdentify};
use crate::stage::limits::{Limit, Limits};
use crate::stage::provisioning::{Departure, Provisioning, Start};
use crate::stage::service::{Events, Notify, Occasion, RealTime, Schedule, duration};
use crate::stage::status::Status;
use crate::stage::today::{Zones, ZonesByField, zone, zone_names};
use crate::table::{Table, ValueTable, ValueTables};

/// Where a recipe names the table of a stage, and the schema of its rows.
const STAGES: [(&str, &LazyLock<Schema>); 5] = [
    ("/filter", &schema::FILTERS),
    ("/status", &schema::STATUS),
    ("/fields/standard", &schema::STANDARD_FIELDS),
    ("/fields/custom", &schema::CUSTOM_FIELDS),
    ("/groups/table", &schema::GROUPS),
];

impl Draft {
    /// Holds the draft against what source and target offer. `None` when anything is wrong; `problems` says what.
    #[must_use]
    pub fn compile(
        mut self,
        source: &SourceCatalogue,
        target: TargetCatalogue,
        problems: &mut Problems,
    ) -> Option<Recipe> {
        let value_tables = Arc::new(self.value_tables(problems));
        for (pointer, rows) in STAGES {
            self.check_header(pointer, rows, problems);
        }
        let scripts = Scripts::compile(&self.scripts, Arc::clone(&value_tables), self.unread.clone(), problems);
        let short_names = self.short_names();
        beyond_schema::check_short_names(&self, &short_names, source, problems);
        let mut cx = Compile {
            problems,
            source,
            target: &target,
            short_names: &short_names,
            scripts: &scripts,
            tables: &value_tables,
            layout: RecordLayout::new(),
            slots_used: BTreeSet::new(),
            user_layout: UserLayout::default(),
            script_fields: Vec::new(),
            tables_read: Vec::new(),
            references: BTreeSet::new(),
            turns: BTreeSet::new(),
        };
        let zones = self.zones(&mut cx);
        let identify = self.identify(&mut cx);
        let filter = self.stage("/filter", &schema::FILTERS, &mut cx, Filter::compile);
        let status = self.stage("/status", &schema::STATUS, &mut cx, Status::compile);
        let mut fields = self.fields(&mut cx);
        fields.keep_key(&identify, &cx);
        let groups = self.groups(&mut cx);
        cx.user_layout.memberships = groups.is_some();
        let provisioning = self.provisioning(&mut cx);
        let limits = self.limits();
        let report = self.report(zones.as_ref(), &fields, &mut cx);
        let schedule = zones.as_ref().and_then(|zones| self.schedule(zones, &mut cx));
        let real_time = self.real_time(&mut cx);
        let notify = self.notify(&mut cx);
        beyond_schema::check_base_urls(&self, cx.problems);
        self.check_required(&mut cx);
        let logins: Vec<_> = target.logins().map(|name| (name.clone(), cx.user_layout.place(name))).collect();
        let login = logins.first().cloned().filter(|_| target.login.is_some());
        let columns_used = columns_used(&cx);
        // What is wrong might have read what nothing else reads.
        if !cx.problems.any_fatal() {
            let unused = unused::check(&self, &cx);
            unused.into_iter().for_each(|problem| cx.problems.push(problem));
        }
        let Compile { layout, user_layout, script_fields, mut references, mut turns, .. } = cx;
        if problems.any_fatal() {
            return None;
        }
        let text = |pointer: &str| self.json.pointer(pointer).and_then(Json::as_str).unwrap_or_default();
        turns.extend(provisioning.iter().flat_map(Provisioning::turns));
        references.extend(fields.references().cloned());
        let mut references: Vec<_> = references.into_iter().collect();
        references.sort_by_key(|field| field.hops.len());
        Some(Recipe {
            name: text("/name").into(),
            description: text("/description").to_owned(),
            path: self.document.file.path.clone(),
            zones: zones?,
            source: self.source().clone(),
            no_status_rule: Reason::at("no status rule matches", &self.key_place("/status").origin()),
            target: self.target().clone(),
            layout,
            columns_used,
            user_layout,
            login,
            logins,
            identify,
            filter,
            status,
            fields,
            groups,
            provisioning: provisioning?,
            limits: limits?,
            report,
            schedule,
            real_time,
            notify,
            references,
            turns: turns.into_iter().collect(),
            scripts,
            tables: value_tables,
            script_fields,
            source_catalogue: source.clone(),
            short_names,
            target_catalogue: target,
            texts_hash: self.texts_hash,
            _only_compiled: OnlyCompiled,
        })
    }

    /// Tables that have a `from` column and are no stage's.
    fn value_tables(&mut self, problems: &mut Problems) -> ValueTables {
        let exact: Vec<&str> =
            self.json.get("exact").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
        for (index, name) in exact.iter().enumerate() {
            if !self.tables.contains_key(*name) && !self.unread.has_table(name) {
                let place = self.document.at(&format!("/exact/{index}"));
                let help = did_you_mean(name, self.tables.keys().map(String::as_str));
                let message = format!("there is no table `{name}` in the recipe's folder of tables");
                problems.push(Problem::new("unknown-table", &place, message).maybe_help(help));
            }
        }
        let stages = self.stage_tables();
        let names: Vec<String> = self
            .tables
            .iter()
            .filter(|(name, table)| !stages.contains(name) && table.has_column("from"))
            .map(|(name, _)| name.clone())
            .collect();
        let exact: Vec<String> = exact.into_iter().map(str::to_owned).collect();
        let mut value_tables = ValueTables::new();
        for name in names {
            let Some(table) = self.tables.remove(&name) else { continue };
            match ValueTable::compile(table, exact.contains(&name), problems) {
                Some(table) => _ = value_tables.insert(name.as_str().into(), table),
                None => _ = self.unread.tables.insert(name),
            }
        }
        value_tables
    }

    /// The tables that the recipe's stages name.
    pub(super) fn stage_tables(&self) -> Vec<String> {
        STAGES.iter().filter_map(|(pointer, _)| self.json.pointer(pointer)?.as_str().map(str::to_owned)).collect()
    }

    fn stage<T>(
        &self,
        pointer: &str,
        rows: &Schema,
        cx: &mut Compile<'_>,
        compile: impl FnOnce(&Table, &mut Compile<'_>) -> T,
    ) -> Option<T> {
        let name = self.json.pointer(pointer)?.as_str()?;
        let table = self.rule_table(name, pointer, rows, cx.problems)?;
        Some(compile(table, cx))
    }

    fn identify(&self, cx: &mut Compile<'_>) -> Vec<IdentifyRule> {
        let mut rules = Vec::new();
        for index in 0..self.list("/identify").len() {
            let pointer = format!("/identify/{index}");
            let Some(entry) = self.json.pointer(&pointer).and_then(raw::entry::<raw::Identify>) else { continue };
            let raw = RawIdentify {
                employee: (&entry.employee, self.document.at(&format!("{pointer}/employee"))),
                user: (&entry.user, self.document.at(&format!("{pointer}/user"))),
                ignore_case: entry.ignore_case,
            };
            rules.extend(IdentifyRule::compile(&raw, cx));
        }
        rules
    }

    fn fields(&self, cx: &mut Compile<'_>) -> Fields {
        let mut fields = Fields::default();
        let tables = self.section::<raw::FieldTables>("fields").unwrap_or_default();
        let kinds = [
            (Section::Standard, tables.standard, &*schema::STANDARD_FIELDS, "/fields/standard"),
            (Section::Custom, tables.custom, &*schema::CUSTOM_FIELDS, "/fields/custom"),
        ];
        for (section, name, rows, pointer) in kinds {
            let Some(name) = name else { continue };
            if let Some(table) = self.rule_table(&name, pointer, rows, cx.problems) {
                fields.compile(section, table, cx);
            }
        }
        fields
    }

    fn groups(&self, cx: &mut Compile<'_>) -> Option<Groups> {
        let raw = self.section::<raw::Groups>("groups")?;
        let table = self.rule_table(&raw.table, "/groups/table", &schema::GROUPS, cx.problems)?;
        let rules = Groups::compile_rules(table, cx);
        let ownership = match raw.ownership.as_str() {
            "added" => Ownership::Added,
            "none" => Ownership::None,
            _ => Ownership::Rules,
        };
        if raw.create && cx.target.complete && !cx.target.groups.can_create {
            let message = "the target does not let groups be made";
            cx.problems.push(
                Problem::new("cannot-create-groups", &self.key_place("/groups/create"), message)
                    .help("set create: false"),
            );
        }
        Some(Groups { rules, ownership, create: raw.create })
    }

    fn provisioning(&self, cx: &mut Compile<'_>) -> Option<Provisioning> {
        let raw = self.section::<raw::Provisioning>("provisioning")?;
        let reason = |key: &str, value: &str| {
            let origin = self.key_place(&format!("/provisioning/{key}")).origin();
            Reason::at(format!("provisioning `{key}: {value}`"), &origin)
        };
        let start = match (raw.start.as_str(), &raw.start_date) {
            ("on_start_date", Some(field)) => {
                let place = self.document.at("/provisioning/start_date");
                cx.day_field(field, &place).map(|field| Start::On(field, reason("start", "on_start_date")))
            }
            // The schema asks for it.
            ("on_start_date", None) => None,
            _ => Some(Start::WhenAdded),
        };
        let end = match &raw.end_date {
            Some(field) => {
                let place = self.document.at("/provisioning/end_date");
                Some(cx.day_field(field, &place)).map(|found| found.map(|found| (found, reason("end_date", field))))
            }
            None => None,
        };
        let departure = |key: &str, word: &str| {
            let departure = if word == "deactivate" { Departure::Deactivate } else { Departure::Leave };
            (departure, reason(key, word))
        };
        let create = match raw.create.as_str() {
            "active_with_email" => Access::ActiveWithEmail,
            "active" => Access::Active,
            _ => Access::Invite,
        };
        let end = match end {
            Some(found) => Some(found?),
            None => None,
        };
        Some(Provisioning {
            create,
            start: start?,
            end,
            reactivate: (raw.reactivate, reason("reactivate", &raw.reactivate.to_string())),
            out_of_scope: departure("out_of_scope", &raw.out_of_scope),
            missing: departure("missing", &raw.missing),
        })
    }

    fn limits(&self) -> Option<Limits> {
        let raw = self.section::<raw::Limits>("limits")?;
        let limit = |raw: raw::Limit| Limit { most: raw.most, percent: Some(raw.percent), few: raw.few };
        Some(Limits {
            deactivate: limit(raw.deactivate),
            change_login: limit(raw.change_login),
            clear_field: limit(raw.clear_field),
            source_shrink: limit(raw.source_shrink),
            target_shrink: limit(raw.target_shrink),
            never_touch: raw.never_touch.iter().map(|user| user.trim().to_lowercase()).collect(),
        })
    }

    fn schedule(&self, zones: &Zones, cx: &mut Compile<'_>) -> Option<Schedule> {
        let raw = self.section::<raw::Schedule>("schedule")?;
        let full_sync = raw.full_sync.and_then(|written| match Cadence::parse(&written, &zones.default) {
            Ok(cadence) => Some(cadence),
            Err(message) => {
                let place = self.document.at("/schedule/full_sync");
                let help = "write minute, hour, day of the month, month and day of the week, such as `0 2 * * *` for every night at 2";
                cx.problems.push(Problem::new("bad-cron", &place, message).help(help));
                None
            }
        });
        let manual_every = self.duration("/schedule/manual_every", &raw.manual_every, cx)?;
        Some(Schedule { full_sync, manual_every })
    }

    fn real_time(&self, cx: &mut Compile<'_>) -> Option<RealTime> {
        let raw = self.section::<raw::RealTime>("real_time")?;
        let settle = self.duration("/real_time/settle", &raw.settle, cx)?;
        let events = match raw.events.as_array() {
            Some(kinds) => Events::Of(kinds.iter().filter_map(Json::as_str).map(str::to_owned).collect()),
            None => Events::All,
        };
        Some(RealTime { path: raw.path, secret: raw.secret, settle, events })
    }

    fn notify(&self, cx: &mut Compile<'_>) -> Option<Notify> {
        let raw = self.section::<raw::Notify>("notify")?;
        for (index, address) in raw.to.iter().enumerate() {
            beyond_schema::check_address(address, &self.document.at(&format!("/notify/to/{index}")), cx.problems);
        }
        let on = Occasion::ALL.into_iter().filter(|occasion| raw.on.iter().any(|word| word == occasion.word()));
        Some(Notify { to: raw.to, webhook: raw.webhook, on: on.collect() })
    }

    fn duration(&self, pointer: &str, written: &str, cx: &mut Compile<'_>) -> Option<Duration> {
        let found = duration(written);
        if found.is_none() {
            let message = format!("`{written}` is longer than a year");
            cx.problems.push(
                Problem::new("bad-duration", &self.document.at(pointer), message).help("write it as 20s, 5m, 1h or 2d"),
            );
        }
        found
    }

    fn zones(&self, cx: &mut Compile<'_>) -> Option<Zones> {
        if let Some((name, place)) = self.text("/timezone") {
            return known_zone(name, &place, cx).map(Zones::one);
        }
        let raw = self.section::<raw::ZoneTable>("timezone")?;
        let at = |key: &str| self.document.at(&format!("/timezone/{key}"));
        let default = known_zone(&raw.default, &at("default"), cx);
        let field = cx.field(&raw.field, &at("field"));
        let rows = self.zones_by_row(&raw, &at("table"), &at("column"), cx);
        let (tables, table) = (Arc::clone(cx.tables), raw.table.as_str().into());
        let by_field = ZonesByField { field: field?, tables, table, rows: rows? };
        Some(Zones { default: default?, by_field: Some(by_field) })
    }

    fn zones_by_row(
        &self,
        raw: &raw::ZoneTable,
        table_at: &Place,
        column_at: &Place,
        cx: &mut Compile<'_>,
    ) -> Option<Vec<Option<jiff::tz::TimeZone>>> {
        let tables = Arc::clone(cx.tables);
        let Some(table) = tables.get(raw.table.as_str()) else {
            if self.unread.has_table(&raw.table) {
                return None;
            }
            let help = did_you_mean(&raw.table, tables.keys().map(|name| &**name));
            let message = format!("there is no value table `{}`", raw.table);
            cx.problems.push(Problem::new("unknown-table", table_at, message).maybe_help(help));
            return None;
        };
        cx.tables_read.push(Arc::clone(table.name()));
        let Some(column) = table.column(&raw.column) else {
            let help = did_you_mean(&raw.column, table.column_names());
            let message = format!("the table `{}` has no column `{}`", raw.table, raw.column);
            cx.problems.push(Problem::new("unknown-column", column_at, message).maybe_help(help));
            return None;
        };
        let mut zone_of = |row: crate::table::ValueRow<'_>| {
            let cell = row.cell(Some(column));
            if cell.text.is_empty() { None } else { known_zone(cell.text, &cell.place, cx) }
        };
        Some(table.rows().map(&mut zone_of).collect())
    }

    /// A user cannot be made without what the target requires. A row with a mistake of its own is a row, and a table that
    /// could not be read may have one.
    fn check_required(&self, cx: &mut Compile<'_>) {
        let named = ["/fields/standard", "/fields/custom"].into_iter().filter_map(|pointer| self.text(pointer));
        let Some(tables) = named.map(|(name, _)| self.tables.get(name)).collect::<Option<Vec<&Table>>>() else {
            return;
        };
        let has_row = |name: &FieldName| {
            let mut rows = tables.iter().flat_map(|table| table.rows());
            rows.any(|row| row.given("target_field").is_some_and(|cell| cell.text == name.as_str()))
        };
        let required = cx.target.fields.iter().filter(|field| field.required);
        let missing: Vec<String> =
            required.filter(|field| !has_row(&field.name)).map(|field| format!("`{}`", field.name)).collect();
        if !missing.is_empty() {
            let place = self.key_place("/fields");
            let message = format!("no row fills {}, which the target needs to make a user", missing.join(", "));
            cx.problems.push(
                Problem::new("required-field", &place, message)
                    .help("add a row for it to the table of standard fields"),
            );
        }
    }
}

pub(super) fn known_zone(name: &str, place: &Place, cx: &mut Compile<'_>) -> Option<jiff::tz::TimeZone> {
    let found = zone(name);
    if found.is_none() {
        let names = zone_names();
        let near = crate::problem::nearest(name, names.iter().map(|name| &**name));
        let help = near.map_or_else(|| "write it as Europe/Paris".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.problems.push_if_first(
            Problem::new("unknown-timezone", place, format!("there is no time zone `{name}`")).help(help),
        );
    }
    found
}

/// The columns that decide something, each with the permission it needs.
fn columns_used(cx: &Compile<'_>) -> Vec<ColumnUse> {
    cx.slots_used
        .iter()
        .map(|slot| {
            let path = cx.layout.column(*slot).path.clone();
            let category = cx.source.field(path.as_str()).and_then(|field| field.category.clone());
            ColumnUse { slot: *slot, path, category }
        })
        .collect()
}
