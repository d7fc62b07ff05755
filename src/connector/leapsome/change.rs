//! A change of one user: everything together in one `PATCH`, and the answer held against what was wanted
//! (apis/leapsome.md §2.3, §4, §8).

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::LeapsomeTarget;
use super::api::{Row, Trouble, fold};
use super::fields::{self, ADDITIONAL_MANAGERS, EXTERNAL_ID, FIRST_NAME, LAST_NAME, USER_NAME};
use super::refusal::{self, Asked};
use super::seen::SeenUser;
use super::settings::{ManyForm, PatchForm};
use crate::connector::WriteError;
use crate::connector::rows::text;
use crate::model::{Cell, TargetType, UserId, Value};

/// What is to be so of one user.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    /// Fields with what they are to hold; nothing clears.
    pub(super) fields: Vec<(Arc<str>, Option<Value>)>,
    /// Whether they are to have access, where that changes.
    pub(super) active: Option<bool>,
}

/// What did not become so.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    /// Why a field was not taken, by its name.
    pub(super) fields: Vec<(Arc<str>, WriteError)>,
    /// Why access is not as it should be.
    pub(super) active: Option<WriteError>,
}

impl Change {
    fn value(&self, name: &str) -> Option<&Option<Value>> {
        self.fields.iter().rev().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    /// The text that a field is to hold, where it is to hold another.
    fn other_text(&self, name: &str, held: Option<&str>) -> Option<Option<&str>> {
        let wanted = self.value(name)?.as_ref().and_then(Value::as_text);
        (wanted != held).then_some(wanted)
    }

    fn team_names(&self) -> impl Iterator<Item = &str> {
        let is_team = |name: &str| fields::type_of(name) == Some(TargetType::Team);
        self.fields.iter().filter(move |(name, _)| is_team(name)).filter_map(|(_, value)| value.as_ref()?.as_text())
    }

    fn asked(&self, known: &SeenUser) -> Asked {
        let address = self.other_text(USER_NAME, Some(&known.user_name)).is_some();
        Asked { address, end: self.active == Some(false) }
    }
}

impl LeapsomeTarget {
    /// Changes somebody who is there.
    ///
    /// # Errors
    /// When nothing of it was done.
    pub(super) async fn change(&self, id: &UserId, change: &Change) -> Result<Outcome, WriteError> {
        let known = self.known(id).await?;
        // The first who is in a new team brings it into being: several at the same time might each make one.
        let is_coming = |target: &Self| change.team_names().any(|name| target.seen().coming.contains(name));
        let mut first = None;
        if is_coming(self) {
            first = Some(self.first_in_team.lock().await).filter(|_| is_coming(self));
        }
        let outcome = self.change_known(id, &known, change).await;
        if first.is_some() && outcome.is_ok() {
            let mut seen = self.seen();
            for name in change.team_names() {
                if let Some(name) = seen.coming.take(name) {
                    seen.came.insert(name);
                }
            }
        }
        outcome
    }

    /// Where address and External ID change in one step, Leapsome recognises nobody and makes a second user (§4): first
    /// everything but the address, and when that is confirmed the address.
    async fn change_known(&self, id: &UserId, known: &SeenUser, change: &Change) -> Result<Outcome, WriteError> {
        let other_address = change.other_text(USER_NAME, Some(&known.user_name)).is_some();
        if !other_address || change.other_text(EXTERNAL_ID, known.external_id.as_deref()).is_none() {
            return self.patch(id, known, change).await;
        }
        let but = |change: &Change, name: &str, keeps: bool| Change {
            fields: change.fields.iter().filter(|(field, _)| (**field == *name) == keeps).cloned().collect(),
            active: change.active.filter(|_| !keeps),
        };
        let mut outcome = self.patch(id, known, &but(change, USER_NAME, false)).await?;
        if outcome.fields.iter().any(|(field, _)| **field == *EXTERNAL_ID) {
            let error = refusal::left_out(
                &[USER_NAME],
                "nothing is to be done about the address before the External ID is taken",
            );
            outcome.fields.push((address_field(), error));
            return Ok(outcome);
        }
        let known = self.known(id).await?;
        match self.patch(id, &known, &but(change, USER_NAME, true)).await {
            Ok(second) => outcome.fields.extend(second.fields),
            Err(error) => outcome.fields.push((address_field(), error)),
        }
        Ok(outcome)
    }

    /// One call, and what it did not do.
    async fn patch(&self, id: &UserId, known: &SeenUser, change: &Change) -> Result<Outcome, WriteError> {
        let body = self.body(known, change)?;
        let body = match self.settings.patch {
            PatchForm::Flat => Json::Object(body),
            PatchForm::PatchOp => operations(body),
        };
        match self.api.change(id.as_str(), &body).await {
            Ok(row) => self.held_against(id, change, row).await,
            Err(trouble) => Err(self.refused(trouble, change.asked(known))),
        }
    }

    /// Holds the answer against what was wanted. An answer that does not say whom it is about is looked up.
    async fn held_against(&self, id: &UserId, change: &Change, row: Row) -> Result<Outcome, WriteError> {
        let row = match text(&row, "id") {
            Some(answered) if answered == id.as_str() => row,
            Some(_) => return Err(refusal::somebody_else()),
            None => match self.api.user(id.as_str()).await {
                Ok(found) => found.ok_or_else(refusal::unknown_user)?,
                Err(trouble) => return Err(self.refused(trouble, Asked::default())),
            },
        };
        self.seen().user(&row);
        let mut outcome = Outcome::default();
        for (name, wanted) in &change.fields {
            if !is_so(name, wanted.as_ref(), &fields::read(&row, name)) {
                let hint = refusal::about_left_out(name, wanted.is_none());
                outcome.fields.push((Arc::clone(name), refusal::left_out(&[name], hint)));
            }
        }
        let shown = row.get("active").and_then(Json::as_bool);
        if let (Some(wanted), Some(shown)) = (change.active, shown)
            && wanted != shown
        {
            outcome.active = Some(refusal::access_is_otherwise(wanted));
        }
        Ok(outcome)
    }

    /// What is known of a user, looked up where they were not listed.
    pub(super) async fn known(&self, id: &UserId) -> Result<SeenUser, WriteError> {
        if let Some(known) = self.seen().users.get(id.as_str()) {
            return Ok(known.clone());
        }
        let found = self.api.user(id.as_str()).await.map_err(|trouble| self.refused(trouble, Asked::default()))?;
        self.seen().user(&found.ok_or_else(refusal::unknown_user)?);
        self.seen().users.get(id.as_str()).cloned().ok_or_else(refusal::unknown_user)
    }

    /// The flat object: the address always (§2.3), and first and last name together.
    pub(super) fn body(&self, known: &SeenUser, change: &Change) -> Result<Row, WriteError> {
        let mut body = Row::new();
        if !known.user_name.is_empty() {
            fields::put(&mut body, USER_NAME, json!(*known.user_name));
        }
        if change.value(FIRST_NAME).is_some() || change.value(LAST_NAME).is_some() {
            for (name, held) in [(FIRST_NAME, &known.first_name), (LAST_NAME, &known.last_name)] {
                let wanted = match change.value(name) {
                    Some(wanted) => wanted.as_ref().and_then(Value::as_text),
                    None => held.as_deref(),
                };
                fields::put(&mut body, name, json!(wanted.ok_or_else(refusal::half_a_name)?));
            }
        }
        for (name, value) in &change.fields {
            if ![FIRST_NAME, LAST_NAME].contains(&&**name) {
                fields::put(&mut body, name, self.encode(name, value.as_ref()));
            }
        }
        if let Some(active) = change.active {
            body.insert("active".to_owned(), json!(active));
        }
        Ok(body)
    }

    /// A value as Leapsome takes it. `null` clears: how that is done is not documented (§2.3), and the answer tells.
    pub(super) fn encode(&self, name: &str, value: Option<&Value>) -> Json {
        let as_text = self.settings.additional_managers == ManyForm::Text;
        match value {
            None if name == ADDITIONAL_MANAGERS => {
                if as_text {
                    json!("")
                } else {
                    json!([])
                }
            }
            None => Json::Null,
            Some(Value::List(items)) if as_text => json!(items.join(",")),
            Some(Value::List(items)) => items.iter().map(|item| json!(**item)).collect(),
            Some(value) => json!(value.to_string()),
        }
    }

    /// What a refused call means; what concerns everybody is kept.
    pub(super) fn refused(&self, trouble: Trouble, asked: Asked) -> WriteError {
        match trouble {
            Trouble::Said(said) => refusal::said(&said, asked),
            Trouble::Unsure(error) => refusal::broke_off(&error),
            Trouble::Failed(error) => self.failed(error),
        }
    }
}

fn address_field() -> Arc<str> {
    USER_NAME.into()
}

/// Whether a field holds what was wanted. Addresses are one in whatever case.
pub(super) fn is_so(name: &str, wanted: Option<&Value>, held: &Cell) -> bool {
    match (wanted, held) {
        (None, Cell::Empty | Cell::NotDelivered) => true,
        (None, held) => fields::is_usual_title(name, held),
        (Some(wanted), Cell::Value(held)) if name == USER_NAME => {
            wanted.as_text().map(fold) == held.as_text().map(fold)
        }
        (Some(Value::List(wanted)), Cell::Value(Value::List(held))) => {
            wanted.len() == held.len() && wanted.iter().all(|one| held.contains(one))
        }
        (Some(wanted), Cell::Value(held)) => wanted == held || wanted.to_string() == held.to_string(),
        (Some(_), Cell::Empty | Cell::NotDelivered) => false,
    }
}

/// The same as SCIM's own list of operations.
fn operations(body: Row) -> Json {
    let one = |path: String, value: Json| match value {
        Json::Null => json!({ "op": "remove", "path": path }),
        value => json!({ "op": "replace", "path": path, "value": value }),
    };
    let mut operations = Vec::new();
    for (key, value) in body {
        let separator = if key == fields::WORK { ":" } else { "." };
        match value {
            Json::Object(inner) => {
                operations
                    .extend(inner.into_iter().map(|(inner, value)| one(format!("{key}{separator}{inner}"), value)));
            }
            value => operations.push(one(key, value)),
        }
    }
    let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
    Json::Object(Map::from_iter([("schemas".to_owned(), schemas), ("Operations".to_owned(), Json::Array(operations))]))
}
