//! A small world for the engine: a recipe from a few rows, people and users in one line each.
//!
//! ```text
//! World::new().status(",stage,equals,Left,inactive").person("1", "stage: Left").user("u1", "mail: 1@acme.example")
//! ```
//!
//! A field of a person or user that is not mentioned is empty; `site: ?` was not delivered, `languages: de|fr` is a list.
//! Everybody has the address `ID@acme.example` unless the line says otherwise.

mod planned;
mod written;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use rollbook::engine::{Inputs, Memory, Ours, plan};
use rollbook::model::{
    Cell, EmployeeId, Form, Group, GroupId, GroupKind, Membership, Record, Roster, UnreadableRecord, User, UserId,
    UserStatus, Value, ValueType,
};
use rollbook::problem::{Problems, Style, render};
use rollbook::recipe::Recipe;
use rollbook::run::load::load;
use rollbook::stage::today::Now;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

pub(crate) use self::planned::Planned;
use self::written::{cell, padded, pairs, source_value, target_value, text};
use crate::sentences::plan_is_known;

/// The source's fields: short name, id, HiBob's type, named list, permission category.
const FIELDS: [(&str, &str, &str, &str, &str); 14] = [
    ("id", "root.id", "text", "", "Basic info"),
    ("mail", "root.email", "text", "", "Basic info"),
    ("name", "root.displayName", "text", "", "Basic info"),
    ("stage", "internal.lifecycleStatus", "text", "", "Lifecycle"),
    ("dept", "work.department", "list", "department", "Work"),
    ("site", "work.site", "text", "", "Work"),
    ("title", "work.title", "text", "", "Work"),
    ("start", "work.startDate", "date", "", "Work"),
    ("end", "internal.terminationDate", "date", "", "Lifecycle"),
    ("manager", "work.manager", "employee-reference", "", "Work"),
    ("second", "work.secondLevelManager", "employee-reference", "", "Work"),
    ("level", "work.custom.level", "number", "", "Custom"),
    ("languages", "about.languages", "multi-list", "language", "About"),
    ("lead", "work.isManager", "boolean", "", "Work"),
];

/// The items of the named lists.
const LISTS: [(&str, &[&str]); 2] =
    [("department", &["Sales", "Finance", "Support"]), ("language", &["de", "fr", "en"])];

/// The header of each rule table.
const HEADERS: [(&str, &str); 5] = [
    ("filters", "rule,effect,field,operator,value"),
    ("status", "rule,field,operator,value,status"),
    ("standard_fields", "target_field,source_field,transform,default,when_empty,write"),
    ("custom_fields", "target_field,source_field,transform,default,when_empty,write"),
    ("groups", "rule,field,operator,value,group,role"),
];

/// Fields that every recipe here maps.
const ALWAYS_MAPPED: &str = "external_id,root.id\nmail,root.email";

/// A recipe, a source, a target and a memory.
#[derive(Debug)]
pub(crate) struct World {
    /// Where the recipe and its files are.
    pub(crate) folder: TempDir,
    tables: BTreeMap<String, String>,
    sections: BTreeMap<&'static str, String>,
    script: Option<String>,
    /// Employees in the source's order, by id.
    pub(crate) people: Vec<(String, BTreeMap<&'static str, Cell>)>,
    /// Entries of the source that are no employees.
    pub(crate) unreadable: usize,
    /// Users.
    pub(crate) users: Vec<MadeUser>,
    /// Groups and teams.
    pub(crate) groups: Vec<Group>,
    /// What earlier runs left behind.
    pub(crate) memory: Memory,
    now: Now,
}

impl World {
    /// A recipe that gives everybody a user with an address, and nobody in it.
    pub(crate) fn new() -> Self {
        let identify = "\n  - { employee: root.id, user: external_id }\n  - { employee: root.email, user: mail, ignore_case: true }";
        Self {
            folder: tempfile::tempdir().unwrap(),
            tables: BTreeMap::from([("standard_fields".to_owned(), ALWAYS_MAPPED.to_owned())]),
            sections: BTreeMap::from([("identify", identify.to_owned()), ("timezone", "UTC".to_owned())]),
            script: None,
            people: Vec::new(),
            unreadable: 0,
            users: Vec::new(),
            groups: Vec::new(),
            memory: Memory::default(),
            now: Now::Day("2026-03-02".parse().unwrap()),
        }
    }

    fn rows(mut self, table: &str, rows: &str) -> Self {
        let text = self.tables.entry(table.to_owned()).or_default();
        rows.trim().lines().for_each(|row| write!(text, "\n{}", row.trim()).unwrap());
        self
    }

    /// Rows `rule,effect,field,operator,value`.
    pub(crate) fn filters(self, rows: &str) -> Self {
        self.section("filter", "filters").rows("filters", rows)
    }

    /// Rows `rule,field,operator,value,status`.
    pub(crate) fn status(self, rows: &str) -> Self {
        self.section("status", "status").rows("status", rows)
    }

    /// Rows `target_field,source_field,transform,default,when_empty,write` for standard fields; cells at the end may be
    /// left out.
    pub(crate) fn fields(self, rows: &str) -> Self {
        self.rows("standard_fields", rows)
    }

    /// The same for the custom fields `shirt` (S, M or L), `level` (a number) and `tongues` (a list).
    pub(crate) fn custom(self, rows: &str) -> Self {
        self.rows("custom_fields", rows)
    }

    /// The standard fields and nothing else: the two that are always mapped are left out too.
    pub(crate) fn only_fields(mut self, rows: &str) -> Self {
        self.tables.insert("standard_fields".to_owned(), String::new());
        self.fields(rows)
    }

    /// Rows `rule,field,operator,value,group,role`, and the section's other keys (`ownership: added`).
    pub(crate) fn group_rules(self, keys: &str, rows: &str) -> Self {
        let comma = if keys.is_empty() { "" } else { ", " };
        self.section("groups", &format!("{{ table: groups{comma}{keys} }}")).rows("groups", rows)
    }

    /// A value table with its own header.
    pub(crate) fn values(mut self, name: &str, text: &str) -> Self {
        let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
        self.tables.insert(name.to_owned(), lines.join("\n"));
        self
    }

    /// A top-level section of the recipe, as YAML.
    pub(crate) fn section(mut self, key: &'static str, yaml: &str) -> Self {
        self.sections.insert(key, yaml.to_owned());
        self
    }

    /// Keys of `provisioning`.
    pub(crate) fn provisioning(self, keys: &str) -> Self {
        self.section("provisioning", &format!("{{ {keys} }}"))
    }

    /// Keys of `limits`.
    pub(crate) fn limits(self, keys: &str) -> Self {
        self.section("limits", &format!("{{ {keys} }}"))
    }

    /// Functions for transforms and conditions.
    pub(crate) fn script(mut self, text: &str) -> Self {
        self.script = Some(text.to_owned());
        self.section("scripts", "[ functions.rhai ]")
    }

    /// An employee.
    pub(crate) fn person(mut self, id: &str, line: &str) -> Self {
        let mut cells = BTreeMap::from([
            ("root.id", text(id)),
            ("root.email", text(&format!("{id}@acme.example"))),
            ("root.displayName", text(&format!("Person {id}"))),
        ]);
        for (key, written) in pairs(line) {
            let (_, path, kind, ..) = FIELDS.iter().find(|(short, ..)| *short == key).expect(key);
            cells.insert(path, cell(written, |written| source_value(kind, written)));
        }
        self.people.push((id.to_owned(), cells));
        self
    }

    /// A user: `inactive` and `invited` stand alone, `groups: g1|g2/manager` are ids of groups with a role.
    pub(crate) fn user(mut self, id: &str, line: &str) -> Self {
        let (mut status, mut fields, mut memberships) = (UserStatus::Active, BTreeMap::new(), Vec::new());
        for (key, value) in pairs(line) {
            match key {
                "active" => status = UserStatus::Active,
                "inactive" => status = UserStatus::Inactive,
                "invited" => status = UserStatus::Invited,
                "groups" => memberships.extend(value.split('|').map(|group| {
                    let (group, role) = group.split_once('/').unwrap_or((group, "member"));
                    (group.to_owned(), role.to_owned())
                })),
                field => _ = fields.insert(field.to_owned(), value.to_owned()),
            }
        }
        self.users.push(MadeUser { id: id.to_owned(), status, fields, memberships });
        self
    }

    /// A remembered pair: that of an employee and a user.
    pub(crate) fn link(mut self, employee: &str, user: &str) -> Self {
        self.memory.links.insert(EmployeeId::from(employee), UserId::from(user));
        self
    }

    /// An employee `N` and their user `uN`, linked, with the same id and address on both sides.
    pub(crate) fn pair(self, id: &str, person: &str, user: &str) -> Self {
        let user = format!("external_id: {id}, mail: {id}@acme.example, {user}");
        self.person(id, person).user(&format!("u{id}"), &user).link(id, &format!("u{id}"))
    }

    /// A linked user `uN` whose employee `N` is gone from the source.
    pub(crate) fn gone(self, id: &str) -> Self {
        let mut world = self.pair(id, "", "");
        world.people.pop();
        world
    }

    /// Many pairs, numbered from `from`; `{n}` in the lines is the number.
    pub(crate) fn pairs(mut self, from: usize, count: usize, person: &str, user: &str) -> Self {
        for number in from..from + count {
            let n = number.to_string();
            self = self.pair(&n, &person.replace("{n}", &n), &user.replace("{n}", &n));
        }
        self
    }

    /// A group.
    pub(crate) fn group(mut self, id: &str, name: &str) -> Self {
        self.groups.push(Group { id: GroupId::from(id), name: name.into(), key: None, kind: GroupKind::Group });
        self
    }

    /// A team.
    pub(crate) fn team(mut self, id: &str, name: &str) -> Self {
        self.groups.push(Group { id: GroupId::from(id), name: name.into(), key: None, kind: GroupKind::Team });
        self
    }

    /// A membership that an earlier run added.
    pub(crate) fn added(mut self, user: &str, group: &str) -> Self {
        remember(&mut self.memory.memberships, user, group, "member");
        self
    }

    /// A reference that an earlier run set.
    pub(crate) fn set_reference(mut self, user: &str, field: &str, to: &str) -> Self {
        remember(&mut self.memory.references, user, field, to);
        self
    }

    /// How many employees the last full sync read.
    pub(crate) fn previous(mut self, employees: usize) -> Self {
        self.memory.previous_employees = Some(employees);
        self
    }

    /// Entries of the source that are no employees.
    pub(crate) fn unreadable(mut self, count: usize) -> Self {
        self.unreadable = count;
        self
    }

    /// The day it is for everybody.
    pub(crate) fn today(mut self, day: &str) -> Self {
        self.now = Now::Day(day.parse().unwrap());
        self
    }

    /// The moment it is.
    pub(crate) fn at(mut self, moment: &str) -> Self {
        self.now = Now::At(moment.parse().unwrap());
        self
    }

    /// When it is.
    pub(crate) fn now(&self) -> Now {
        self.now
    }

    /// Writes every file of the recipe, the people included.
    pub(crate) fn write(&self) {
        let folder = self.folder.path();
        let save = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
        fs::create_dir_all(folder.join("tables")).unwrap();
        let mut yaml = "version: 1\nname: test\ntables: tables\n".to_owned();
        let short: Vec<String> = FIELDS.iter().map(|(short, path, ..)| format!("{short}: {path}")).collect();
        let short = short.join(", ");
        writeln!(yaml, "source: {{ file: {{ people: people.json, fields: fields.json, lists: lists.json, short_names: {{ {short} }} }} }}").unwrap();
        yaml += "target: { directory: { database: directory.db, custom_fields: { level: number, tongues: list, shirt: { type: text, choices: [S, M, L] } } } }\n";
        let custom = if self.tables.contains_key("custom_fields") { ", custom: custom_fields" } else { "" };
        writeln!(yaml, "fields: {{ standard: standard_fields{custom} }}").unwrap();
        self.sections.iter().for_each(|(key, text)| writeln!(yaml, "{key}: {text}").unwrap());
        save("recipe.yaml", yaml);
        for (name, rows) in &self.tables {
            let header = HEADERS.iter().find(|(table, _)| table == name).map(|(_, header)| *header);
            let text = header.map_or_else(|| rows.clone(), |header| padded(header, rows));
            save(&format!("tables/{name}.csv"), text);
        }
        if let Some(script) = &self.script {
            save("functions.rhai", script.clone());
        }
        let fields = FIELDS.iter().map(|(_, path, kind, list, category)| {
            let list = (!list.is_empty()).then(|| json!({ "listId": list })).unwrap_or(json!({}));
            json!({ "id": path, "type": kind, "typeData": list, "categoryDisplayName": category })
        });
        save("fields.json", Json::from_iter(fields).to_string());
        let lists = LISTS.iter().map(|(name, items)| {
            let items: Vec<Json> =
                items.iter().map(|item| json!({ "id": format!("id-{item}"), "value": item, "name": item })).collect();
            json!({ "name": name, "values": items })
        });
        save("lists.json", Json::from_iter(lists).to_string());
        save("people.json", json!({ "employees": self.people.iter().map(as_json).collect::<Vec<_>>() }).to_string());
    }

    /// The recipe, which must be right.
    pub(crate) fn recipe(&self) -> Recipe {
        self.write();
        let mut problems = Problems::new();
        let recipe = load(&self.folder.path().join("recipe.yaml"), &mut problems);
        recipe.unwrap_or_else(|| {
            let shown = problems.into_sorted().iter().map(|problem| render(problem, Style::Plain)).collect::<String>();
            panic!("the recipe is wrong:\n{shown}")
        })
    }

    /// The people, users and groups as the engine takes them.
    pub(crate) fn seen_by(&self, recipe: &Recipe) -> Seen {
        let records = self.people.iter().map(|(id, cells)| Record {
            id: EmployeeId::from(id.as_str()),
            cells: recipe.layout.columns().iter().map(|column| in_form(column, cells)).collect(),
        });
        let unreadable = (1..=self.unreadable)
            .map(|position| UnreadableRecord { position, reason: "has no employee id".to_owned() })
            .collect();
        let roster = Roster { records: records.collect(), unreadable, ..Roster::default() };
        Seen {
            roster,
            users: self.users.iter().map(|user| as_user(recipe, user)).collect(),
            groups: self.groups.clone(),
            memory: self.memory.clone(),
            now: self.now,
        }
    }

    /// Plans.
    pub(crate) fn plan(&self) -> Planned {
        let recipe = self.recipe();
        let seen = self.seen_by(&recipe);
        let plan = plan(&recipe, &seen.inputs());
        plan_is_known(&plan);
        Planned { plan, recipe, seen }
    }
}

/// A user as a test writes one down.
#[derive(Debug)]
pub(crate) struct MadeUser {
    id: String,
    status: UserStatus,
    fields: BTreeMap<String, String>,
    /// Group and role.
    memberships: Vec<(String, String)>,
}

/// What the engine is given, owned.
pub(crate) struct Seen {
    pub(crate) roster: Roster,
    pub(crate) users: Vec<User>,
    pub(crate) groups: Vec<Group>,
    pub(crate) memory: Memory,
    now: Now,
}

impl Seen {
    /// What the engine takes.
    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs { roster: &self.roster, users: &self.users, groups: &self.groups, memory: &self.memory, now: self.now }
    }
}

/// A cell in the form a column asks for: machine ids of lists begin with `id-`.
fn in_form(column: &rollbook::model::Column, cells: &BTreeMap<&'static str, Cell>) -> Cell {
    let cell = cells.get(column.path.as_str()).cloned().unwrap_or(Cell::Empty);
    match (column.form, &cell) {
        (Form::Id, Cell::Value(Value::Text(label))) if column.path.as_str() == "work.department" => {
            text(&format!("id-{label}"))
        }
        _ => cell,
    }
}

/// A person as HiBob sends one; what was not delivered is left out.
fn as_json((id, cells): &(String, BTreeMap<&'static str, Cell>)) -> Json {
    let mut employee = serde_json::Map::from_iter([("id".to_owned(), json!(id))]);
    for (_, path, ..) in FIELDS {
        let value = match cells.get(path) {
            Some(Cell::NotDelivered) => continue,
            None | Some(Cell::Empty) => Json::Null,
            Some(Cell::Value(Value::List(items))) => items.iter().map(|item| json!(format!("id-{item}"))).collect(),
            Some(Cell::Value(value)) if path == "work.department" => json!(format!("id-{value}")),
            Some(Cell::Value(Value::YesNo(yes))) => json!(yes),
            Some(Cell::Value(Value::Number(number))) => json!(number),
            Some(Cell::Value(value)) => json!(value.to_string()),
        };
        employee.insert(format!("/{}", path.replace('.', "/")), json!({ "value": value }));
    }
    Json::Object(employee)
}

fn as_user(recipe: &Recipe, made: &MadeUser) -> User {
    let cells = recipe.user_layout.fields.iter().map(|name| {
        let target_type = recipe.target_catalogue.field(name.as_str()).unwrap().target_type;
        cell(made.fields.get(name.as_str()).map_or("", String::as_str), |written| target_value(target_type, written))
    });
    let mut memberships: Vec<Membership> = made
        .memberships
        .iter()
        .map(|(group, role)| Membership { group: GroupId::from(group.as_str()), role: role.as_str().into() })
        .collect();
    memberships.sort();
    User {
        id: UserId::from(made.id.as_str()),
        status: made.status,
        cells: cells.collect(),
        memberships: memberships.into(),
    }
}

/// The types above and those the metadata gives are the same.
#[test]
fn the_files_of_a_small_world_give_the_people_it_was_made_of() {
    let line =
        "stage: Hired, dept: Sales, site: ?, start: 2026-03-02, manager: 2, level: 1.5, languages: de|fr, lead: yes";
    let fields = "job_title,dept\nlocation,site\nhire_date,start\nmanager,manager\nlang,stage\nphone,lead\ndepartment,languages\ntime_zone,level\norganization,dept@id";
    let world = World::new().fields(fields).person("1", line).person("2", "");
    let recipe = world.recipe();
    let source =
        rollbook::connector::open::open_source(&recipe.source, &rollbook::connector::secrets::Secrets::default())
            .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let read = runtime.block_on(source.roster(&recipe.layout)).unwrap();
    assert_eq!(read.records, world.seen_by(&recipe).roster.records);
    let level = recipe.source_catalogue.field("work.custom.level").unwrap();
    assert_eq!(level.value_type, Some(ValueType::Number));
}

/// Adds a pair to what is remembered of a user.
fn remember(of: &mut Ours, user: &str, first: &str, second: &str) {
    let known = of.entry(UserId::from(user)).or_insert_with(|| Arc::from([]));
    let mut pairs = known.to_vec();
    pairs.push((first.into(), second.into()));
    pairs.sort();
    *known = pairs.into();
}
