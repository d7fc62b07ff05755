//! The examples beside a recipe (`demo.test.yaml`): text in, people and expectations out. They are run by the shell.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value as Json;

mod group;

pub use group::ExampleGroup;

use super::form::WellFormed;
use super::schema::escaped;
use super::yaml::Document;
use super::{Recipe, load, schema};
use crate::model::{
    Cell, Column, EmployeeId, FieldName, FieldPath, Form, Number, Record, SourceCatalogue, SourceField,
    TargetCatalogue, TargetType, UserStatus, Value, ValueType,
};
use crate::problem::{Place, Problem, Problems, did_you_mean};

/// One example: a person on a day, and what must come out.
#[derive(Debug)]
pub struct Example {
    /// The sentence that it shows.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The day.
    pub today: Date,
    /// The employee first, then the others.
    pub employees: Vec<Record>,
    /// What the target holds for the employee.
    pub user: Option<ExampleUser>,
    /// Whether employee and user are a remembered pair.
    pub linked: bool,
    /// Who else the target has.
    pub other_users: Vec<ExampleUser>,
    /// What must come out.
    pub expect: Expect,
}

/// A user in an example.
#[derive(Debug)]
pub struct ExampleUser {
    /// The target's id, made up when left out.
    pub id: String,
    /// Active, invited or inactive.
    pub status: UserStatus,
    /// One cell per field of the recipe's user layout.
    pub cells: Vec<Cell>,
    /// The groups they are in.
    pub groups: Vec<ExampleGroup>,
}

/// What must come out; what is `None` is not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The verdict's word, or `none` for everything that writes nothing.
    pub action: Option<String>,
    /// Values of target fields afterwards; null for empty.
    pub fields: Option<BTreeMap<String, Json>>,
    /// Exactly the groups afterwards.
    pub groups: Option<Vec<ExampleGroup>>,
    /// A part of the reason.
    pub because: Option<String>,
    /// Texts that must each be part of something reported.
    pub problems: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct RawExample {
    name: String,
    today: String,
    employee: BTreeMap<String, Json>,
    #[serde(default)]
    not_delivered: Vec<String>,
    user: Option<BTreeMap<String, Json>>,
    linked: Option<bool>,
    #[serde(default)]
    other_employees: Vec<BTreeMap<String, Json>>,
    #[serde(default)]
    other_users: Vec<BTreeMap<String, Json>>,
    expect: Expect,
}

/// What the names in examples are held against.
pub struct Names<'r> {
    /// What the source offers.
    pub source: &'r SourceCatalogue,
    /// What the target takes.
    pub target: &'r TargetCatalogue,
    /// Short names for long field ids.
    pub short_names: &'r BTreeMap<String, FieldPath>,
}

/// Reads the examples of a recipe. What is wrong with them becomes problems; an example with a mistake is left out.
pub fn load(path: &Path, recipe: &Recipe, problems: &mut Problems) -> Vec<Example> {
    let names =
        Names { source: &recipe.source_catalogue, target: &recipe.target_catalogue, short_names: &recipe.short_names };
    read(path, &names, Some(recipe), problems)
}

/// Says what is wrong with the examples of a recipe that cannot be run itself.
pub fn check(path: &Path, names: &Names<'_>, problems: &mut Problems) {
    read(path, names, None, problems);
}

fn read(path: &Path, names: &Names<'_>, recipe: Option<&Recipe>, problems: &mut Problems) -> Vec<Example> {
    let Some(mut document) = load::yaml(path, problems).and_then(|file| Document::parse(&file, problems)) else {
        return Vec::new();
    };
    let json = WellFormed::check(&mut document, &schema::EXAMPLES, problems).json;
    let entries = json.as_array().map_or(&[][..], Vec::as_slice);
    let reader = |index: usize| Reader { names, recipe, document: &document, pointer: format!("/{index}") };
    entries.iter().enumerate().filter_map(|(index, entry)| reader(index).read(entry, problems)).collect()
}

/// Reads one example.
struct Reader<'r> {
    names: &'r Names<'r>,
    /// What has a place in records and users; `None` when only names and values are checked.
    recipe: Option<&'r Recipe>,
    document: &'r Document,
    pointer: String,
}

impl Reader<'_> {
    /// Every part is read before any is missed, so that an author sees all mistakes of an example at once.
    fn read(&self, entry: &Json, problems: &mut Problems) -> Option<Example> {
        let raw = RawExample::deserialize(entry).ok()?;
        let place = self.document.at(&format!("{}/name", self.pointer));
        let today = self.today(&raw.today, problems);
        let mut employees = vec![self.employee(&raw.employee, "employee", problems)];
        for (index, other) in raw.other_employees.iter().enumerate() {
            employees.push(self.employee(other, &format!("other_employees/{index}"), problems));
        }
        let not_delivered = self.not_delivered(&raw.not_delivered, problems);
        let user = raw.user.as_ref().map(|user| self.user(user, "user", problems));
        let mut other_users = Vec::new();
        for (index, other) in raw.other_users.iter().enumerate() {
            other_users.push(self.user(other, &format!("other_users/{index}"), problems));
        }
        self.check_expected(&raw.expect, problems)?;
        let mut employees = employees.into_iter().collect::<Option<Vec<(EmployeeId, Vec<Cell>)>>>()?;
        for slot in not_delivered? {
            employees[0].1[slot] = Cell::NotDelivered;
        }
        let record = |(id, cells): (EmployeeId, Vec<Cell>)| Record { id, cells: cells.into_iter().collect() };
        let employees = employees.into_iter().map(record).collect();
        let user = match user {
            Some(user) => Some(user?),
            None => None,
        };
        let other_users = other_users.into_iter().collect::<Option<_>>()?;
        let linked = raw.linked.unwrap_or(true);
        Some(Example { name: raw.name, place, today: today?, employees, user, linked, other_users, expect: raw.expect })
    }

    fn today(&self, written: &str, problems: &mut Problems) -> Option<Date> {
        let today = written.parse().ok();
        if today.is_none() {
            let at = self.document.at(&format!("{}/today", self.pointer));
            let problem = Problem::new("bad-date", &at, format!("`{written}` is not a day"));
            problems.push_if_first(problem.help("write it as 2026-03-02"));
        }
        today
    }

    fn not_delivered(&self, names: &[String], problems: &mut Problems) -> Option<Vec<usize>> {
        let mut found = Some(Vec::new());
        for (index, name) in names.iter().enumerate() {
            let at = self.document.at(&format!("{}/not_delivered/{index}", self.pointer));
            match (self.slots(name, &at, problems), &mut found) {
                (Some(slots), Some(found)) => found.extend(slots),
                _ => found = None,
            }
        }
        found
    }

    fn employee(
        &self,
        values: &BTreeMap<String, Json>,
        section: &str,
        problems: &mut Problems,
    ) -> Option<(EmployeeId, Vec<Cell>)> {
        let columns = self.columns();
        let mut cells = vec![Cell::Empty; columns.len()];
        let mut whole = true;
        for (name, value) in values {
            let pointer = format!("{}/{section}/{}", self.pointer, escaped(name));
            let slots = self.slots(name, &self.document.key_at(&pointer), problems);
            let field = self.names.source.field(self.path(name));
            let cell = self.cell(name, value, field, &pointer, problems);
            let (Some(slots), Some(cell)) = (slots, cell) else {
                whole = false;
                continue;
            };
            for slot in slots {
                cells[slot] = match (columns[slot].form, name.ends_with("@id")) {
                    (Form::Id, false) => as_id(cell.clone(), field),
                    _ => cell.clone(),
                };
            }
        }
        let id = values.get("root.id").map(plain_text).unwrap_or_default();
        whole.then(|| (EmployeeId::new(id), cells))
    }

    fn cell(
        &self,
        name: &str,
        value: &Json,
        field: Option<&SourceField>,
        pointer: &str,
        problems: &mut Problems,
    ) -> Option<Cell> {
        let value_type = field.and_then(|field| field.value_type);
        let cell = source_cell(value, value_type);
        if cell.is_none() {
            let holds = value_type.map_or_else(|| "something else".to_owned(), |value_type| value_type.to_string());
            let message = format!("`{name}` ({holds}) can't be {}", schema::shown(value));
            let help = match value_type {
                Some(ValueType::Date) => Some("write it as 2026-03-02"),
                Some(ValueType::DateTime) => Some("write it as 2026-03-02T09:30:00"),
                Some(ValueType::YesNo) => Some("write true or false"),
                Some(ValueType::Number) => Some("write it as 12 or 3.5"),
                _ => None,
            };
            let problem = Problem::new("bad-value", &self.document.at(pointer), message);
            problems.push(problem.maybe_help(help.map(str::to_owned)));
        }
        cell
    }

    fn columns(&self) -> &[Column] {
        self.recipe.map_or(&[], |recipe| recipe.layout.columns())
    }

    /// The field meant by a name or a short name, without what it says of the form.
    fn path<'n>(&'n self, name: &'n str) -> &'n str {
        let bare = name.strip_suffix("@id").unwrap_or(name);
        self.names.short_names.get(bare).map_or(bare, FieldPath::as_str)
    }

    /// The places of a field in a record: its label, and its machine id where the recipe reads that. None for a field
    /// that exists but that the recipe does not use.
    fn slots(&self, name: &str, place: &Place, problems: &mut Problems) -> Option<Vec<usize>> {
        let path = self.path(name);
        let columns = self.columns().iter().enumerate();
        let fits = |form: Form| !name.ends_with("@id") || form == Form::Id;
        let slots: Vec<usize> = columns
            .filter(|(_, column)| column.path.as_str() == path && fits(column.form))
            .map(|(slot, _)| slot)
            .collect();
        let source = self.names.source;
        if slots.is_empty() && source.complete && source.field(path).is_none() {
            let known =
                source.fields.keys().map(FieldPath::as_str).chain(self.names.short_names.keys().map(String::as_str));
            let help = did_you_mean(name, known)
                .unwrap_or_else(|| "`rollbook fields RECIPE` lists the fields of the source".to_owned());
            let message = format!("the source has no field `{name}`");
            problems.push(Problem::new("unknown-field", place, message).help(help));
            return None;
        }
        Some(slots)
    }

    fn user(&self, values: &BTreeMap<String, Json>, section: &str, problems: &mut Problems) -> Option<ExampleUser> {
        let fields = self.recipe.map_or(&[][..], |recipe| &recipe.user_layout.fields);
        let mut user = ExampleUser {
            id: format!("({})", section.replace('/', " ")),
            status: UserStatus::Active,
            cells: vec![Cell::Empty; fields.len()],
            groups: Vec::new(),
        };
        let mut whole = true;
        for (name, value) in values {
            match (name.as_str(), value) {
                ("id", id) => user.id = plain_text(id),
                ("status", Json::String(status)) => user.status = status_of(status),
                ("groups", groups) => {
                    user.groups = Vec::deserialize(groups).unwrap_or_default();
                    whole &= self.check_roles(&user.groups, &format!("{section}/groups"), problems);
                }
                _ => {
                    let at = self.document.key_at(&format!("{}/{section}/{}", self.pointer, escaped(name)));
                    let Some(target_type) = self.target_type(name, &at, problems) else {
                        whole = false;
                        continue;
                    };
                    if let Some(place) = fields.iter().position(|field| field.as_str() == name) {
                        user.cells[place] = target_cell(value, target_type);
                    }
                }
            }
        }
        whole.then_some(user)
    }

    fn check_roles(&self, groups: &[ExampleGroup], section: &str, problems: &mut Problems) -> bool {
        let roles = &self.names.target.groups.roles;
        let mut whole = true;
        for (index, group) in groups.iter().enumerate() {
            let Some(role) = group.role.as_deref().filter(|role| !roles.iter().any(|known| **known == **role)) else {
                continue;
            };
            if self.names.target.complete {
                let place = self.document.at(&format!("{}/{section}/{index}/role", self.pointer));
                let help = did_you_mean(role, roles.iter().map(|known| &**known));
                let problem = Problem::new("unknown-role", &place, format!("the target has no role `{role}`"));
                problems.push(problem.maybe_help(help));
                whole = false;
            }
        }
        whole
    }

    fn check_expected(&self, expect: &Expect, problems: &mut Problems) -> Option<()> {
        let groups = expect.groups.as_deref().unwrap_or_default();
        let mut whole = self.check_roles(groups, "expect/groups", problems);
        for name in expect.fields.iter().flat_map(BTreeMap::keys) {
            let at = self.document.key_at(&format!("{}/expect/fields/{}", self.pointer, escaped(name)));
            if self.target_type(name, &at, problems).is_none() {
                whole = false;
                continue;
            }
            let Some(recipe) = self.recipe else { continue };
            if recipe.user_layout.find(&FieldName::from(name.as_str())).is_none() {
                let message = format!("the recipe does not fill `{name}`, so nothing can be expected of it");
                problems
                    .push(Problem::new("unmapped-field", &at, message).help("add a row for it to the table of fields"));
                whole = false;
            }
        }
        whole.then_some(())
    }

    fn target_type(&self, name: &str, place: &Place, problems: &mut Problems) -> Option<TargetType> {
        let target = self.names.target;
        match target.field(name) {
            Some(field) => Some(field.target_type),
            None if !target.complete || target.custom_names.allow(name) => Some(TargetType::Text),
            None => {
                let help = did_you_mean(name, target.fields.iter().map(|field| field.name.as_str()))
                    .unwrap_or_else(|| "`rollbook fields RECIPE` lists the fields of the target".to_owned());
                let message = format!("the target has no field `{name}`");
                problems.push(Problem::new("unknown-target-field", place, message).help(help));
                None
            }
        }
    }
}

/// What an author wrote as a cell of the target's type; for comparing, nothing is refused.
#[must_use]
pub fn target_cell(value: &Json, target_type: TargetType) -> Cell {
    let text = || Value::text(&plain_text(value));
    let cell = match (target_type, value) {
        (_, Json::Null) => None,
        (TargetType::YesNo, Json::Bool(yes)) => Some(Value::YesNo(*yes)),
        (TargetType::YesNo, _) => crate::stage::condition::parse_yes_no(&plain_text(value)).map(Value::YesNo),
        (TargetType::Number, _) => Number::parse(&plain_text(value)).map(Value::Number).or_else(text),
        (TargetType::Date, _) => plain_text(value).parse().map(Value::Date).ok().or_else(text),
        (TargetType::Person, _) => Some(Value::Person(plain_text(value).into())),
        (TargetType::List | TargetType::People, Json::Array(items)) => list(items),
        (TargetType::List | TargetType::People, other) => list(std::slice::from_ref(other)),
        (TargetType::Text | TargetType::Team | TargetType::TeamKey, _) => text(),
    };
    cell.into()
}

fn source_cell(value: &Json, value_type: Option<ValueType>) -> Option<Cell> {
    let text = plain_text(value);
    let value = match (value_type, value) {
        (_, Json::Null) => return Some(Cell::Empty),
        (Some(ValueType::List) | None, Json::Array(items)) => return Some(list(items).into()),
        (_, Json::Array(_)) => return None,
        (Some(ValueType::List), other) => return Some(list(std::slice::from_ref(other)).into()),
        (Some(ValueType::YesNo) | None, Json::Bool(yes)) => Value::YesNo(*yes),
        (Some(ValueType::YesNo), _) => Value::YesNo(crate::stage::condition::parse_yes_no(&text)?),
        (Some(ValueType::Number), _) | (None, Json::Number(_)) => Value::Number(Number::parse(&text)?),
        (Some(ValueType::Date), _) => Value::Date(text.parse().ok()?),
        (Some(ValueType::DateTime), _) => Value::DateTime(text.parse().ok()?),
        (Some(ValueType::Person), _) => Value::Person(text.into()),
        (Some(ValueType::Text) | None, _) => return Some(Value::text(&text).into()),
    };
    Some(Cell::Value(value))
}

/// Where an author wrote a label and the recipe reads the machine id.
fn as_id(cell: Cell, field: Option<&SourceField>) -> Cell {
    let choices = field.and_then(|field| field.choices.as_deref()).unwrap_or_default();
    let id = |label: &str| choices.iter().find(|choice| *choice.label == *label).map(|choice| Arc::clone(&choice.id));
    match &cell {
        Cell::Value(Value::Text(label)) => id(label).map_or(cell.clone(), |id| Cell::Value(Value::Text(id))),
        _ => cell,
    }
}

fn list(items: &[Json]) -> Option<Value> {
    let items: Vec<Arc<str>> = items.iter().map(plain_text).filter(|text| !text.is_empty()).map(Arc::from).collect();
    (!items.is_empty()).then(|| Value::List(items.into()))
}

fn status_of(word: &str) -> UserStatus {
    match word {
        "invited" => UserStatus::Invited,
        "inactive" => UserStatus::Inactive,
        _ => UserStatus::Active,
    }
}

fn plain_text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}
