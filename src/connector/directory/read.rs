//! Reading: everybody or some of them, the groups, and the accounts with their dates. Each table is read once, in order,
//! and merged.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, Error, ParamsFromIter, Result, Row, params_from_iter};

use super::custom::{self, Wanted};
use super::id;
use crate::connector::Account;
use crate::model::{Cell, Cells, CellsBuilder, Group, GroupKind, Membership, Section, TargetCatalogue, TargetType};
use crate::model::{User, UserLayout, UserStatus, Value};

/// Hands out one copy of texts that many users have in common, and stops collecting where most are different.
#[derive(Default)]
pub(super) struct Shared {
    known: HashSet<Arc<str>>,
    asked: usize,
    found: usize,
}

impl Shared {
    const MOST: usize = 4096;
    /// How many are looked for before it is judged whether that pays.
    const TRIAL: usize = 1024;

    pub(super) fn text(&mut self, text: &str) -> Arc<str> {
        if self.asked >= Self::TRIAL && self.found * 4 < self.asked {
            return text.into();
        }
        self.asked += 1;
        if let Some(known) = self.known.get(text) {
            self.found += 1;
            return Arc::clone(known);
        }
        let fresh = Arc::<str>::from(text);
        if self.known.len() < Self::MOST {
            self.known.insert(Arc::clone(&fresh));
        }
        fresh
    }
}

/// Whom to read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whom<'a> {
    /// Everybody.
    Everybody,
    /// The users with these numbers.
    These(&'a BTreeSet<i64>),
}

impl Whom<'_> {
    /// The statement for their rows, in the order of their numbers.
    fn statement(self, select: &str, number: &str, then: &str) -> String {
        match self {
            Self::Everybody => format!("{select} ORDER BY {number}{then}"),
            Self::These(_) => {
                format!("{select} WHERE {number} IN (SELECT value FROM json_each(?1)) ORDER BY {number}{then}")
            }
        }
    }

    /// What the statement is given.
    fn parameter(self) -> ParamsFromIter<Option<String>> {
        params_from_iter(match self {
            Self::Everybody => None,
            Self::These(numbers) => Some(serde_json::json!(numbers).to_string()),
        })
    }
}

/// Every user with the cells of the layout, sorted by id.
pub(super) fn users(
    connection: &mut Connection,
    catalogue: &TargetCatalogue,
    layout: &UserLayout,
) -> Result<Vec<User>> {
    // One transaction, so that the tables agree with each other while somebody writes.
    let snapshot = connection.transaction()?;
    whole(&snapshot, catalogue, layout, Whom::Everybody)
}

/// Users with everything, sorted by id.
pub(super) fn whole(
    snapshot: &Connection,
    catalogue: &TargetCatalogue,
    layout: &UserLayout,
    whom: Whom<'_>,
) -> Result<Vec<User>> {
    let mut users = Reader::new(snapshot, catalogue, layout, whom)?.read(snapshot)?;
    read_memberships(snapshot, &mut users, whom)?;
    let mut users: Vec<User> = users.into_iter().map(|(_, user)| user).collect();
    // All come in the order of their numbers, which is the order of ids as long as those have one length.
    users.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(users)
}

/// What to do with each row of the users table.
pub(super) struct Reader<'a> {
    whom: Whom<'a>,
    /// The columns that are read: place in the layout, name, type.
    columns: Vec<(usize, &'a str, TargetType)>,
    /// The custom fields that are read.
    custom: HashMap<&'a str, Wanted>,
    /// The cells of a user of whom nothing is known.
    blank: Vec<Cell>,
    teams: HashMap<i64, Arc<str>>,
    /// One for each field, so that those with many different texts do not crowd out the others.
    shared: Vec<Shared>,
    /// The ids of managers.
    managers: HashMap<i64, Arc<str>>,
    /// Where the additional managers go, if they are read, and who they are.
    additional: Option<(usize, HashMap<i64, Value>)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        connection: &Connection,
        catalogue: &TargetCatalogue,
        layout: &'a UserLayout,
        whom: Whom<'a>,
    ) -> Result<Self> {
        let mut columns = Vec::new();
        let mut custom = HashMap::new();
        let mut additional = None;
        let mut blank = vec![Cell::Empty; layout.fields.len()];
        for (place, name) in layout.fields.iter().enumerate() {
            match catalogue.field(name.as_str()).map(|field| (field.section, field.target_type)) {
                None => blank[place] = Cell::NotDelivered,
                Some((Section::Custom, target_type)) => {
                    custom.insert(name.as_str(), Wanted { place, target_type });
                }
                Some((Section::Standard, TargetType::People)) => {
                    additional = Some((place, additional_managers(connection, whom)?));
                }
                Some((Section::Standard, target_type)) => columns.push((place, name.as_str(), target_type)),
            }
        }
        let in_teams = columns.iter().any(|(_, _, target_type)| *target_type == TargetType::Team);
        let teams = if in_teams { named(connection, GroupKind::Team)?.into_iter().collect() } else { HashMap::new() };
        let shared = std::iter::repeat_with(Shared::default).take(layout.fields.len()).collect();
        Ok(Self { whom, columns, custom, blank, teams, shared, managers: HashMap::new(), additional })
    }

    /// The users with their numbers, in that order.
    pub(super) fn read(mut self, connection: &Connection) -> Result<Vec<(i64, User)>> {
        let columns: Vec<&str> = self.columns.iter().flat_map(|(_, name, _)| [", ", *name]).collect();
        let select = format!("SELECT id, status, custom{} FROM users", columns.concat());
        let mut statement = connection.prepare_cached(&self.whom.statement(&select, "id", ""))?;
        let mut rows = statement.query(self.whom.parameter())?;
        let mut users = Vec::new();
        let mut cells = self.blank.clone();
        let mut read = CellsBuilder::new(cells.len());
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            users.push((number, status(row, 1)?));
            cells.clone_from_slice(&self.blank);
            self.fill(number, row, &mut cells)?;
            read.push(&mut cells);
        }
        let nowhere: Arc<[Membership]> = Arc::new([]);
        let user = |((number, status), cells): ((i64, UserStatus), Cells)| {
            (number, User { id: id::user(number), status, cells, memberships: Arc::clone(&nowhere) })
        };
        Ok(users.into_iter().zip(read.finish()).map(user).collect())
    }

    /// What the row says, into the cells of a user of whom nothing is known.
    fn fill(&mut self, number: i64, row: &Row<'_>, cells: &mut [Cell]) -> Result<()> {
        for (index, (place, _, target_type)) in self.columns.iter().enumerate() {
            let column = 3 + index;
            let value = match (target_type, row.get_ref(column)?) {
                (_, ValueRef::Null) => continue,
                (TargetType::Team, ValueRef::Integer(number)) => self.teams.get(&number).cloned().map(Value::Text),
                (TargetType::Person, ValueRef::Integer(number)) => {
                    let manager = self.managers.entry(number).or_insert_with(|| id::user(number).shared().clone());
                    Some(Value::Person(Arc::clone(manager)))
                }
                (TargetType::Date, kept) => Some(Value::Date(parsed(column, kept.as_str()?)?)),
                (_, kept) => Some(Value::Text(self.shared[*place].text(kept.as_str()?))),
            };
            cells[*place] = Cell::from(value);
        }
        if let Some((place, additional)) = &mut self.additional
            && let Some(managers) = additional.remove(&number)
        {
            cells[*place] = Cell::Value(managers);
        }
        let kept = row.get_ref(2)?.as_str()?;
        if !self.custom.is_empty() && kept != "{}" {
            let read = custom::read_into(kept, &self.custom, cells, &mut self.shared);
            read.map_err(|error| unexpected(2, error))?;
        }
        Ok(())
    }
}

/// Users and table are both in the order of the users' numbers.
fn read_memberships(connection: &Connection, users: &mut [(i64, User)], whom: Whom<'_>) -> Result<()> {
    let mut groups = HashMap::new();
    let mut roles = Shared::default();
    let select = whom.statement("SELECT user_id, group_id, role FROM memberships", "user_id", "");
    let mut statement = connection.prepare_cached(&select)?;
    let mut rows = statement.query(whom.parameter())?;
    let mut users = users.iter_mut();
    let mut user = users.next();
    let mut lists = HashSet::default();
    let mut held: Vec<Membership> = Vec::new();
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        while user.as_ref().is_some_and(|(other, _)| *other < number) {
            keep_memberships(user, &mut held, &mut lists);
            user = users.next();
        }
        let group = row.get(1)?;
        let group = groups.entry(group).or_insert_with(|| id::group(GroupKind::Group, group)).clone();
        let role = roles.text(row.get_ref(2)?.as_str()?);
        held.push(Membership { group, role });
    }
    keep_memberships(user, &mut held, &mut lists);
    Ok(())
}

/// Sorted, and each list once: many users are in the same groups.
fn keep_memberships(
    user: Option<&mut (i64, User)>,
    held: &mut Vec<Membership>,
    lists: &mut HashSet<Arc<[Membership]>>,
) {
    held.sort();
    if let Some((_, user)) = user {
        user.memberships = match lists.get(&held[..]) {
            Some(known) => Arc::clone(known),
            None => {
                let list: Arc<[Membership]> = held.as_slice().into();
                lists.insert(Arc::clone(&list));
                list
            }
        };
    }
    held.clear();
}

fn additional_managers(connection: &Connection, whom: Whom<'_>) -> Result<HashMap<i64, Value>> {
    let select = whom.statement("SELECT user_id, manager_id FROM additional_managers", "user_id", ", position");
    let mut statement = connection.prepare_cached(&select)?;
    let mut rows = statement.query(whom.parameter())?;
    let mut managers: HashMap<i64, Vec<Arc<str>>> = HashMap::new();
    while let Some(row) = rows.next()? {
        managers.entry(row.get(0)?).or_default().push(id::user(row.get(1)?).shared().clone());
    }
    Ok(managers.into_iter().map(|(user, managers)| (user, Value::List(managers.into()))).collect())
}

/// The groups and the teams.
pub(super) fn groups(connection: &mut Connection) -> Result<Vec<Group>> {
    let snapshot = connection.transaction()?;
    let mut groups = Vec::new();
    for kind in [GroupKind::Group, GroupKind::Team] {
        let named = named(&snapshot, kind)?.into_iter();
        groups.extend(named.map(|(number, name)| Group { id: id::group(kind, number), name, key: None, kind }));
    }
    Ok(groups)
}

fn named(connection: &Connection, kind: GroupKind) -> Result<Vec<(i64, Arc<str>)>> {
    let mut statement = connection.prepare_cached(match kind {
        GroupKind::Group => "SELECT id, name FROM groups ORDER BY id",
        GroupKind::Team => "SELECT id, name FROM teams ORDER BY id",
    })?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Every account, with the day it was made and that of its latest invitation.
pub(super) fn accounts(connection: &mut Connection) -> Result<Vec<Account>> {
    let mut statement = connection.prepare(
        "SELECT id, status, mail, created_at,
                (SELECT max(sent_at) FROM mails WHERE user_id = users.id AND kind = 'invitation')
         FROM users ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let mut accounts = Vec::new();
    while let Some(row) = rows.next()? {
        let invited: Option<String> = row.get(4)?;
        accounts.push(Account {
            id: id::user(row.get(0)?),
            status: status(row, 1)?,
            login: row.get(2)?,
            created: Some(parsed(3, row.get_ref(3)?.as_str()?)?),
            invited: invited.map(|sent| parsed(4, &sent)).transpose()?,
            invitation_ends: None,
        });
    }
    accounts.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(accounts)
}

fn status(row: &Row<'_>, column: usize) -> Result<UserStatus> {
    match row.get_ref(column)?.as_str()? {
        "active" => Ok(UserStatus::Active),
        "invited" => Ok(UserStatus::Invited),
        "inactive" => Ok(UserStatus::Inactive),
        _ => Err(Error::InvalidColumnType(column, "status".to_owned(), Type::Text)),
    }
}

fn parsed<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    column: usize,
    kept: &str,
) -> Result<T> {
    kept.parse().map_err(|error| unexpected(column, error))
}

/// A value that the directory never writes.
fn unexpected(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
