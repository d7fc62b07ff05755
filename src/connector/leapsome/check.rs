//! Fields of a write, seen to be right before anything is called.

use std::sync::Arc;

use super::LeapsomeTarget;
use super::fields::{self, FIRST_NAME, LAST_NAME, MANAGER, USER_NAME};
use super::refusal;
use crate::connector::WriteError;
use crate::model::{FieldName, TargetType, UserId, Value};

impl LeapsomeTarget {
    /// Sees that a field takes a value.
    pub(super) async fn checked(&self, name: &FieldName, value: Option<&Value>) -> Result<(), WriteError> {
        let name = name.as_str();
        let target_type = fields::type_of(name).ok_or_else(|| refusal::unknown_field(name))?;
        let Some(value) = value else {
            return match name {
                USER_NAME | "title" => Err(refusal::needed(name)),
                FIRST_NAME | LAST_NAME => Err(refusal::half_a_name()),
                name if target_type.refers_to_users() => Err(refusal::wrong_type(name, target_type)),
                _ => Ok(()),
            };
        };
        match (target_type, value) {
            (TargetType::Date, Value::Date(_)) => Ok(()),
            (TargetType::Text, Value::Text(text)) if fields::refuses(name, text) => Err(refusal::no_choice(name)),
            (TargetType::Text, Value::Text(text)) if name == USER_NAME && !self.settings.takes(text) => {
                Err(refusal::other_domain(&self.settings.domains))
            }
            (TargetType::Text, Value::Text(_)) => Ok(()),
            (TargetType::Team, Value::Text(text)) => {
                self.teams_seen().await.map_err(|error| self.failed(error))?;
                if self.seen().has_team(text) { Ok(()) } else { Err(refusal::unknown_team(text)) }
            }
            _ => Err(refusal::wrong_type(name, target_type)),
        }
    }

    /// Sees that a field can be pointed at these users; what it is then to hold.
    pub(super) fn referred(user: &UserId, field: &FieldName, to: &[UserId]) -> Result<Option<Value>, WriteError> {
        let name = field.as_str();
        let target_type = fields::type_of(name).ok_or_else(|| refusal::unknown_field(name))?;
        if !target_type.refers_to_users() {
            return Err(refusal::no_reference(name));
        }
        if to.contains(user) {
            return Err(refusal::own_manager());
        }
        let mut people: Vec<Arc<str>> = Vec::with_capacity(to.len());
        for one in to {
            if !people.contains(one.shared()) {
                people.push(Arc::clone(one.shared()));
            }
        }
        match (name, &people[..]) {
            (_, []) => Ok(None),
            (MANAGER, [one]) => Ok(Some(Value::Person(Arc::clone(one)))),
            (MANAGER, _) => Err(refusal::one_manager()),
            _ => Ok(Some(Value::List(people.into()))),
        }
    }
}
