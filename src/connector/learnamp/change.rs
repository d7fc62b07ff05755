//! Changing an account: everything in one call, whose answer is compared with what was sent. What is refused for one field
//! is sent again without it.

use std::sync::atomic::Ordering;

use serde_json::{Value as Json, json};

use super::api::{Row, Trouble};
use super::fields::{self, CUSTOM, EXTERNAL_ID, Kept, MANAGER, NEEDED, PRIMARY_TEAM};
use super::seen::{SeenUser, status};
use super::wire::Said;
use super::{LearnAmpTarget, refusal};
use crate::connector::WriteError;
use crate::connector::http::StatusCode;
use crate::model::{FieldName, UserStatus};

/// One field that is to be another.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// The place of the write that it is for.
    pub(super) place: usize,
    pub(super) name: FieldName,
    /// As it is sent; nothing clears.
    pub(super) value: Json,
}

impl Change {
    pub(super) fn is_custom(&self) -> bool {
        !fields::is_standard(self.name.as_str())
    }

    /// Its name in a body.
    fn key(&self) -> &'static str {
        fields::key(self.name.as_str()).unwrap_or(CUSTOM)
    }
}

/// Everything that is to change of one account.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) fields: Vec<Change>,
    /// Whether access is given again.
    pub(super) back: bool,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && !self.back
    }
}

/// What was not done.
#[derive(Debug, Clone)]
pub(super) struct Failed {
    what: What,
    pub(super) error: WriteError,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The write at this place.
    Place(usize),
    /// Anything.
    All,
}

impl Failed {
    pub(super) fn of(change: &Change, error: WriteError) -> Self {
        Self { what: What::Place(change.place), error }
    }

    fn all(error: WriteError) -> Vec<Self> {
        vec![Self { what: What::All, error }]
    }

    /// Whether it is why a write was not done.
    pub(super) fn concerns(&self, place: usize) -> bool {
        match self.what {
            What::All => true,
            What::Place(failed) => failed == place,
        }
    }
}

/// The names that go with every update (apis/learnamp.md §4.2).
struct Names {
    email: Json,
    first_name: Json,
    last_name: Json,
}

impl Names {
    fn of(user: &SeenUser) -> Self {
        let SeenUser { email, first_name, last_name, .. } = user;
        Self { email: json!(**email), first_name: json!(**first_name), last_name: json!(**last_name) }
    }

    fn body(&self) -> Row {
        let pairs = [("email", &self.email), ("firstName", &self.first_name), ("lastName", &self.last_name)];
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }
}

/// What an update led to.
enum Put {
    /// Done, and these are not what was sent.
    Done {
        not_kept: Vec<Change>,
    },
    Refused(Said),
    Broken(WriteError),
}

impl LearnAmpTarget {
    /// Changes an account, and says what was not done.
    pub(super) async fn change(&self, id: u64, changes: Changes) -> Vec<Failed> {
        let names = match self.names(id).await {
            Ok(names) => names,
            Err(error) => return Failed::all(error),
        };
        let Changes { fields, back } = changes;
        let (known, mut failed) = self.without_unknown(fields);
        let with_flag = back && !self.reactivates_apart.load(Ordering::Relaxed);
        if back
            && !with_flag
            && let Err(error) = self.reactivate(id).await
        {
            return Failed::all(error);
        }
        if known.is_empty() && !with_flag {
            return failed;
        }
        let mut left = known;
        let mut flag = with_flag;
        // Each turn has fewer fields than the one before, or goes without the flag.
        loop {
            match self.put(id, &names, &left, flag).await {
                Put::Done { not_kept } => {
                    failed.extend(self.once_more(id, &names, not_kept, flag).await);
                    return failed;
                }
                Put::Broken(error) => return Failed::all(error),
                Put::Refused(_) if flag => {
                    // Whether the flag goes with other fields is not documented (apis/learnamp.md §12).
                    if let Err(error) = self.reactivate(id).await {
                        return Failed::all(error);
                    }
                    flag = false;
                    if left.is_empty() {
                        return failed;
                    }
                }
                Put::Refused(said) => match self.blamed(id, &said, &mut left, &mut failed).await {
                    Blame::Some if left.is_empty() => return failed,
                    Blame::Some => {}
                    Blame::Singles(custom) => {
                        failed.extend(self.one_by_one(id, &names, custom).await);
                        if left.is_empty() {
                            return failed;
                        }
                    }
                    Blame::All(error) => {
                        failed.extend(left.iter().map(|change| Failed::of(change, error.clone())));
                        return failed;
                    }
                },
            }
        }
    }

    /// What was sent and is not what the answer shows: sent once more, in the other way of clearing, or where the same
    /// call gave access and may have kept nothing else.
    async fn once_more(&self, id: u64, names: &Names, not_kept: Vec<Change>, gave_access: bool) -> Vec<Failed> {
        let (cleared, set): (Vec<Change>, Vec<Change>) =
            not_kept.into_iter().partition(|change| change.value.is_null());
        let mut again: Vec<Change> = Vec::new();
        let mut failed: Vec<Failed> = Vec::new();
        let other_way = !self.clears_with_text.load(Ordering::Relaxed);
        let mut keep = |change: Change, retry: bool| {
            if retry {
                again.push(change);
            } else {
                let error = refusal::not_kept(change.name.as_str(), change.value.is_null());
                failed.push(Failed::of(&change, error));
            }
        };
        let clears = !cleared.is_empty() && other_way;
        cleared.into_iter().for_each(|change| keep(change, other_way));
        set.into_iter().for_each(|change| keep(change, gave_access));
        if again.is_empty() {
            return failed;
        }
        if clears {
            self.clears_with_text.store(true, Ordering::Relaxed);
        }
        match self.put(id, names, &again, false).await {
            Put::Done { not_kept } => {
                if clears && not_kept.iter().any(|change| change.value.is_null()) {
                    // Neither way clears it: nothing is known of the other fields.
                    self.clears_with_text.store(false, Ordering::Relaxed);
                }
                let error = |change: &Change| refusal::not_kept(change.name.as_str(), change.value.is_null());
                failed.extend(not_kept.iter().map(|change| Failed::of(change, error(change))));
            }
            Put::Refused(said) => {
                failed
                    .extend(again.iter().map(|change| Failed::of(change, refusal::field(change.name.as_str(), &said))));
            }
            Put::Broken(error) => failed.extend(again.iter().map(|change| Failed::of(change, error.clone()))),
        }
        failed
    }

    /// One update.
    async fn put(&self, id: u64, names: &Names, changes: &[Change], back: bool) -> Put {
        let mut body = names.body();
        body.extend(self.body(changes));
        if back {
            body.insert("reactivate".to_owned(), json!(true));
        }
        let row = match self.api.update_user(id, &body).await {
            Ok(row) => row,
            Err(Trouble::Said(said)) => return Put::Refused(said),
            Err(Trouble::Unsure(error)) => return Put::Broken(refusal::broke_off(&error)),
            Err(Trouble::Failed(error)) => return Put::Broken(self.failed(error)),
        };
        self.note(id, &body);
        if back && row.contains_key("status") && status(&row) == UserStatus::Inactive {
            // The flag alone does not do it here.
            self.reactivates_apart.store(true, Ordering::Relaxed);
            if let Err(error) = self.reactivate(id).await {
                return Put::Broken(error);
            }
            // What a deactivated user cannot have was not kept, whatever the answer shows.
            let not_kept = changes.iter().filter(|change| is_relation(change) || is_lost(change, &row));
            return Put::Done { not_kept: not_kept.cloned().collect() };
        }
        let not_kept = changes.iter().filter(|change| is_lost(change, &row));
        Put::Done { not_kept: not_kept.cloned().collect() }
    }

    /// Custom fields of which one is unknown, each by itself.
    async fn one_by_one(&self, id: u64, names: &Names, custom: Vec<Change>) -> Vec<Failed> {
        let mut failed = Vec::new();
        for change in custom {
            let alone = std::slice::from_ref(&change);
            match self.put(id, names, alone, false).await {
                Put::Done { not_kept } if not_kept.is_empty() => {}
                Put::Done { .. } => failed.push(Failed::of(&change, refusal::not_kept(change.name.as_str(), false))),
                Put::Refused(said) if said.status == StatusCode::NOT_FOUND => failed.push(self.unknown_custom(&change)),
                Put::Refused(said) => failed.push(Failed::of(&change, refusal::field(change.name.as_str(), &said))),
                Put::Broken(error) => failed.push(Failed::of(&change, error)),
            }
        }
        failed
    }

    /// Takes out of what is left what a refusal is about.
    async fn blamed(&self, id: u64, said: &Said, left: &mut Vec<Change>, failed: &mut Vec<Failed>) -> Blame {
        if said.status == StatusCode::NOT_FOUND {
            return self.not_found(id, left, failed).await;
        }
        let is_blamed = blame(said, left);
        let (blamed, others): (Vec<Change>, Vec<Change>) = left.drain(..).partition(|change| is_blamed(change));
        *left = others;
        if blamed.is_empty() {
            return Blame::All(refusal::said(said));
        }
        failed.extend(blamed.iter().map(|change| Failed::of(change, refusal::field(change.name.as_str(), said))));
        Blame::Some
    }

    /// A 404 is for a user who is gone, or for the name of a custom field (apis/learnamp.md §4.2).
    async fn not_found(&self, id: u64, left: &mut Vec<Change>, failed: &mut Vec<Failed>) -> Blame {
        let (mut custom, others): (Vec<Change>, Vec<Change>) = left.drain(..).partition(Change::is_custom);
        *left = others;
        if custom.is_empty() {
            return Blame::All(refusal::unknown_user());
        }
        match self.api.user(id).await {
            Err(error) => {
                left.append(&mut custom);
                Blame::All(self.failed(error))
            }
            Ok(None) => {
                left.append(&mut custom);
                Blame::All(refusal::unknown_user())
            }
            Ok(Some(_)) if custom.len() == 1 => {
                failed.extend(custom.iter().map(|change| self.unknown_custom(change)));
                Blame::Some
            }
            Ok(Some(_)) => Blame::Singles(custom),
        }
    }

    fn unknown_custom(&self, change: &Change) -> Failed {
        self.seen().unknown_custom.insert(change.name.as_str().into());
        Failed::of(change, refusal::unknown_custom(change.name.as_str()))
    }

    /// The changes but for custom fields that are known not to be there.
    pub(super) fn without_unknown(&self, changes: Vec<Change>) -> (Vec<Change>, Vec<Failed>) {
        let seen = self.seen();
        let (unknown, known): (Vec<Change>, Vec<Change>) =
            changes.into_iter().partition(|change| seen.unknown_custom.contains(change.name.as_str()));
        let failed = unknown.iter().map(|change| Failed::of(change, refusal::unknown_custom(change.name.as_str())));
        (known, failed.collect())
    }

    /// Changes as a body has them.
    pub(super) fn body(&self, changes: &[Change]) -> Row {
        let empty = if self.clears_with_text.load(Ordering::Relaxed) { json!("") } else { Json::Null };
        let value = |change: &Change| if change.value.is_null() { empty.clone() } else { change.value.clone() };
        let (custom, others): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.is_custom());
        let mut body: Row = others.into_iter().map(|change| (change.key().to_owned(), value(change))).collect();
        if !custom.is_empty() {
            let named = |change: &&Change| json!({ "name": change.name.as_str(), "value": value(change) });
            body.insert(CUSTOM.to_owned(), custom.iter().map(named).collect());
        }
        body
    }

    async fn names(&self, id: u64) -> Result<Names, WriteError> {
        if let Some(user) = self.seen().users.get(&id) {
            return Ok(Names::of(user));
        }
        let row = self.api.user(id).await.map_err(|error| self.failed(error))?.ok_or_else(refusal::unknown_user)?;
        Ok(Names::of(&SeenUser::of(&row)))
    }

    /// Keeps what every later update has to send.
    fn note(&self, id: u64, body: &Row) {
        let text = |key: &str| body.get(key).and_then(Json::as_str).unwrap_or_default().into();
        if let Some(user) = self.seen().users.get_mut(&id) {
            (user.email, user.first_name, user.last_name) = (text("email"), text("firstName"), text("lastName"));
        }
    }
}

/// What a refusal leaves to do.
enum Blame {
    /// Some fields were taken out; the rest can go on.
    Some,
    /// One of these custom fields is unknown.
    Singles(Vec<Change>),
    /// Nothing can go on.
    All(WriteError),
}

/// Which of the changes a refusal is about: those that it names. `occupationRole` is not about `role`.
pub(super) fn blame(said: &Said, changes: &[Change]) -> impl Fn(&Change) -> bool + use<> {
    let named: Vec<&'static str> = changes.iter().map(Change::key).filter(|key| said.names(key)).collect();
    let within = |key: &str, other: &str| key != other && other.to_lowercase().contains(&key.to_lowercase());
    let own: Vec<&'static str> =
        named.iter().copied().filter(|key| !named.iter().any(|other| within(key, other))).collect();
    move |change| own.contains(&change.key())
}

fn is_lost(change: &Change, answer: &Row) -> bool {
    fields::kept(change.name.as_str(), &change.value, answer) == Kept::No
}

fn is_relation(change: &Change) -> bool {
    matches!(change.name.as_str(), MANAGER | PRIMARY_TEAM)
}

/// Whether somebody can be made without a field.
pub(super) fn is_spared(change: &Change) -> bool {
    !NEEDED.contains(&change.name.as_str()) && change.name.as_str() != EXTERNAL_ID
}

/// What was not done of a creation, as the trouble of one who is there.
pub(super) fn first_of(failed: Vec<Failed>) -> Option<WriteError> {
    failed.into_iter().next().map(|failed| failed.error)
}
