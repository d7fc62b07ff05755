//! Making users (apis/leapsome.md §2.2).

use std::sync::Arc;

use serde_json::json;

use super::LeapsomeTarget;
use super::api::{Row, Trouble};
use super::change::{Change, Outcome, is_so};
use super::fields::{self, EXTERNAL_ID, USER_NAME};
use super::refusal::{self, Asked};
use super::write::trouble_of;
use crate::connector::rows::text;
use crate::connector::{ConnectorError, GivenAccess, WriteError, Written};
use crate::model::{Cell, EmployeeId, FieldName, UserId, UserStatus, Value};

impl LeapsomeTarget {
    /// Makes somebody with the fields that a creation takes. What else is given is written right behind.
    pub(super) async fn create(
        &self,
        employee: &EmployeeId,
        given: &[(FieldName, Value)],
    ) -> Result<Written, WriteError> {
        for (name, value) in given {
            self.checked(name, Some(value)).await?;
        }
        let named = |wanted: &str| given.iter().find(|(name, _)| name.as_str() == wanted)?.1.as_text();
        let address = named(USER_NAME).ok_or_else(|| refusal::needed(USER_NAME))?;
        let external = named(EXTERNAL_ID);
        let mut body = Row::new();
        for (name, value) in given.iter().filter(|(name, _)| fields::on_creation(name.as_str())) {
            fields::put(&mut body, name.as_str(), json!(value.to_string()));
        }
        let made = match self.api.create(&body).await {
            Ok(Some(made)) => Found::New(made),
            Ok(None) => self.ours(address, external, employee, None).await?,
            Err(Trouble::Unsure(error)) => self.ours(address, external, employee, Some(&error)).await?,
            Err(trouble) => return Err(self.refused(trouble, Asked { address: true, end: false })),
        };
        self.completed(made, given).await
    }

    /// Whoever is there after a creation that made nobody or was not answered, if that is this employee's: of a run that was
    /// killed, or of the call whose answer was lost. Everybody else's user stays what it is.
    async fn ours(
        &self,
        address: &str,
        external: Option<&str>,
        employee: &EmployeeId,
        lost: Option<&ConnectorError>,
    ) -> Result<Found, WriteError> {
        let refused = |trouble| self.refused(trouble, Asked::default());
        let key = external.unwrap_or(employee.as_str());
        if let Some(found) = self.api.addressed(address).await.map_err(refused)? {
            let held = text(&found, "externalId");
            let was_listed = text(&found, "id").is_some_and(|id| self.seen().users.contains_key(id));
            // Where no External ID is written, whoever came into being with this very call is ours.
            let came_now = lost.is_some() && external.is_none() && held.is_none() && !was_listed;
            return if held == Some(key) || came_now { Ok(Found::There(found)) } else { Err(refusal::taken("")) };
        }
        let known = self.api.external(key).await.map_err(refused)?;
        known.map(Found::There).ok_or_else(|| lost.map_or_else(refusal::hidden, refusal::broke_off))
    }

    /// Brings somebody who was made, or was there, to what was asked for, as far as that is missing.
    async fn completed(&self, found: Found, given: &[(FieldName, Value)]) -> Result<Written, WriteError> {
        let (row, is_new) = match found {
            Found::New(row) => (row, true),
            Found::There(row) => (row, false),
        };
        let id = UserId::new(text(&row, "id").ok_or_else(refusal::hidden)?);
        self.seen().user(&row);
        let is_missing = |name: &str, value: &Value| match is_new {
            true => !fields::on_creation(name),
            false => !is_so(name, Some(value), &fields::read(&row, name)),
        };
        let missing = given.iter().filter(|(name, value)| is_missing(name.as_str(), value));
        let change = Change {
            fields: missing.map(|(name, value)| (Arc::clone(name.shared()), Some(value.clone()))).collect(),
            active: (!is_new && fields::status(&row) == UserStatus::Inactive).then_some(true),
        };
        let mut trouble = if is_new { not_taken(&row, given) } else { None };
        if !change.fields.is_empty() || change.active.is_some() {
            trouble = match self.change(&id, &change).await {
                Ok(outcome) => trouble_of(&outcome).or(trouble),
                Err(error) => Some(error),
            };
        }
        Ok(Written::User(GivenAccess { trouble, ..GivenAccess::whole(id) }))
    }
}

/// What the answer to a creation shows otherwise than it was sent. What it does not show may have been taken all the same.
fn not_taken(row: &Row, given: &[(FieldName, Value)]) -> Option<WriteError> {
    let otherwise = given.iter().filter(|(name, value)| {
        let held = fields::read(row, name.as_str());
        matches!(held, Cell::Value(_)) && !is_so(name.as_str(), Some(value), &held)
    });
    let fields = otherwise.map(|(name, _)| {
        let hint = refusal::about_left_out(name.as_str(), false);
        (Arc::clone(name.shared()), refusal::left_out(&[name.as_str()], hint))
    });
    trouble_of(&Outcome { fields: fields.collect(), active: None })
}

/// Whom a creation led to.
enum Found {
    New(Row),
    There(Row),
}
