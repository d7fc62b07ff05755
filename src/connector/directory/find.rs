//! Finding users: by their numbers and by the fields that have a key. Any other field is read of everybody.

use std::collections::BTreeSet;

use rusqlite::{Connection, Result};

use super::fields::KEYED;
use super::id;
use super::read::{self, Reader, Whom};
use crate::connector::Wanted;
use crate::connector::find::Sought;
use crate::model::{FieldName, TargetCatalogue, User, UserLayout};

/// The users that may be these people's, with everything, sorted by id.
pub(super) fn users(
    connection: &mut Connection,
    catalogue: &TargetCatalogue,
    wanted: &[Wanted],
    layout: &UserLayout,
) -> Result<Vec<User>> {
    let mut sought = Sought::of(wanted);
    // One transaction, so that the tables agree with each other while somebody writes.
    let snapshot = connection.transaction()?;
    let mut numbers: BTreeSet<i64> = sought.users.iter().filter_map(|user| id::user_number(user)).collect();
    for keyed in &KEYED {
        if let Some(values) = sought.fields.remove(&FieldName::from(keyed.field)) {
            numbers.extend(with_key(&snapshot, keyed.key, values.into_keys())?);
        }
    }
    if !sought.fields.is_empty() {
        numbers.extend(among_everybody(&snapshot, catalogue, &sought)?);
    }
    read::whole(&snapshot, catalogue, layout, Whom::These(&numbers))
}

/// The numbers of users with one of these values in a field that has a key.
fn with_key(connection: &Connection, key: &str, values: impl Iterator<Item = String>) -> Result<Vec<i64>> {
    let select = format!("SELECT id FROM users WHERE {key} IN (SELECT value FROM json_each(?1))");
    let values = serde_json::Value::from_iter(values).to_string();
    connection.prepare_cached(&select)?.query_map([values], |row| row.get(0))?.collect()
}

fn among_everybody(connection: &Connection, catalogue: &TargetCatalogue, sought: &Sought<'_>) -> Result<Vec<i64>> {
    let compared = sought.added_to(&UserLayout::default());
    let users = Reader::new(connection, catalogue, &compared, Whom::Everybody)?.read(connection)?.into_iter();
    Ok(users.filter(|(_, user)| sought.may_be(user, &compared)).map(|(number, _)| number).collect())
}
