//! Making a user and changing their fields: one statement each, whatever the fields are.

use std::sync::LazyLock;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, ffi, params_from_iter};

use super::check::{Checked, Stored, check};
use super::fields::{COLUMNS, KEYED, LOGIN};
use super::write::{Batch, Stop, status_after};
use super::{custom, id, refusal};
use crate::connector::{GivenAccess, WriteError, Written};
use crate::model::{Access, FieldName, UserId, Value};

/// Every column, so that all users are made by one prepared statement.
static INSERT: LazyLock<String> = LazyLock::new(|| {
    let columns = COLUMNS.join(", ");
    let values = "?, ".repeat(COLUMNS.len());
    format!("INSERT INTO users ({columns}, status, created_at, custom) VALUES ({values}?, ?, ?)")
});

impl Batch<'_> {
    /// Makes a user, unless somebody has their login or user name.
    pub(super) fn create_user(&self, access: Access, fields: &[(FieldName, Value)]) -> Result<Written, Stop> {
        if !fields.iter().any(|(name, _)| name.as_str() == LOGIN) {
            return Err(refusal::required(LOGIN).into());
        }
        let checked = check(self.catalogue, fields.iter().map(|(name, value)| (name, Some(value))))?;
        let custom = custom::edited("{}", &checked.custom).map_err(damaged)?;
        let mut values = vec![ToSqlOutput::Borrowed(ValueRef::Null); COLUMNS.len()];
        for (column, stored) in &checked.columns {
            values[*column] = self.bound(*column, stored)?;
        }
        values.extend([text(status_after(access)), text(&self.now), text(&custom)]);
        match self.execute(&INSERT, params_from_iter(&values)) {
            Err(error) if is_taken(&error) => return Err(self.taken(&checked, None)?.into()),
            other => other?,
        };
        let number = self.transaction.last_insert_rowid();
        self.send_mail(number, access)?;
        Ok(Written::User(GivenAccess::whole(id::user(number))))
    }

    /// Changes the fields that are given; the others stay.
    pub(super) fn update_user(&self, user: &UserId, fields: &[(FieldName, Option<Value>)]) -> Result<Written, Stop> {
        let user = self.known(user)?;
        let checked = check(self.catalogue, fields.iter().map(|(name, value)| (name, value.as_ref())))?;
        let mut sets: Vec<String> = Vec::new();
        let mut values = Vec::new();
        for (column, stored) in &checked.columns {
            sets.push(format!("{} = ?", COLUMNS[*column]));
            values.push(self.bound(*column, stored)?);
        }
        let custom = self.edited_custom(user, &checked)?;
        if let Some(custom) = &custom {
            sets.push("custom = ?".to_owned());
            values.push(text(custom));
        }
        if sets.is_empty() {
            return Ok(Written::Done);
        }
        values.push(ToSqlOutput::Owned(user.into()));
        let sql = format!("UPDATE users SET {} WHERE id = ?", sets.join(", "));
        match self.execute(&sql, params_from_iter(&values)) {
            Err(error) if is_taken(&error) => Err(self.taken(&checked, Some(user))?.into()),
            other => Ok(other.map(|_| Written::Done)?),
        }
    }

    fn edited_custom(&self, user: i64, checked: &Checked<'_>) -> rusqlite::Result<Option<String>> {
        if checked.custom.is_empty() {
            return Ok(None);
        }
        let mut statement = self.transaction.prepare_cached("SELECT custom FROM users WHERE id = ?")?;
        let mut rows = statement.query([user])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        custom::edited(row.get_ref(0)?.as_str()?, &checked.custom).map(Some).map_err(damaged)
    }

    fn bound<'v>(&self, column: usize, stored: &'v Stored<'_>) -> Result<ToSqlOutput<'v>, Stop> {
        Ok(match stored {
            Stored::Nothing => ToSqlOutput::Borrowed(ValueRef::Null),
            Stored::Text(value) => text(value),
            Stored::Team(name) => {
                let team = self.team(name)?.ok_or_else(|| refusal::no_such_team(COLUMNS[column]))?;
                ToSqlOutput::Owned(team.into())
            }
        })
    }

    /// Which field it is that another user has; found after the database refused, so that most writes need no look-up.
    fn taken(&self, checked: &Checked<'_>, except: Option<i64>) -> rusqlite::Result<WriteError> {
        for unique in KEYED.iter().filter(|keyed| keyed.unique) {
            let sql = format!("SELECT 1 FROM users WHERE {} = ? AND id IS NOT ?", unique.key);
            let key = checked.columns.iter().rev().find(|(column, _)| COLUMNS[*column] == unique.key);
            if let Some((_, Stored::Text(key))) = key {
                let mut statement = self.transaction.prepare_cached(&sql)?;
                if statement.query_row((&**key, except), |_| Ok(())).optional()?.is_some() {
                    return Ok(refusal::taken(unique.field));
                }
            }
        }
        Ok(refusal::taken(LOGIN))
    }
}

pub(super) fn text(value: &str) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes()))
}

fn is_taken(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE)
}

fn damaged(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}
