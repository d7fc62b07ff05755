//! Users: made, changed, given access again, and their access ended (apis/360learning.md §3).

use std::sync::{Arc, PoisonError};

use serde_json::{Map, Value as Json, json};

use super::api::{Api, Made};
use super::custom::{self, CustomField};
use super::fields::{self, Checked, LEARNER, MAIL, USERNAME};
use super::trouble::{Stop, Trouble};
use super::wire::{RawStatus, RawUser};
use super::{Held, Logins, ThreeSixtyTarget, id, read, refusal};
use crate::connector::{GivenAccess, WriteError};
use crate::model::{Access, FieldName, Membership, UserId, UserStatus, Value};

/// Makes a user. Once there is one, whatever fails is that user's trouble, and the rest is done all the same.
pub(super) async fn create(
    target: &ThreeSixtyTarget,
    access: Access,
    fields: &[(FieldName, Value)],
    memberships: &[Membership],
) -> Result<GivenAccess, Stop> {
    let api = &target.api;
    let custom = target.custom().await?;
    let checked = fields::check(&custom, fields.iter().map(|(name, value)| (name, Some(value))))?;
    let mut body: Map<String, Json> = checked.body.clone().into_iter().filter(|(_, value)| !value.is_null()).collect();
    if !body.contains_key(MAIL) && !body.contains_key(USERNAME) {
        return Err(refusal::of_code("mailAndUsernameUndefined").into());
    }
    let joined = give_group(target, &mut body, memberships)?;
    let made = match api.create_user(&Json::Object(body.clone()), sends_mail(access)).await {
        Err(trouble) if trouble.is_unsure() => match found(target, &body).await? {
            Some(user) => Made { user, is_new: false },
            None => return Err(trouble.into()),
        },
        other => other?,
    };
    let mut steps = Steps::default();
    if !made.is_new {
        steps.note(overwrite(api, &made.user, &body).await);
    }
    let user = made.user.id;
    let held = if made.is_new { Held::Nothing } else { Held::Unknown };
    if let Some(external_id) = &checked.external_id {
        steps.note(target.mappings.write(api, &user, external_id.as_ref(), held).await);
    }
    steps.note(custom::change(api, &user, &checked.custom, held).await);
    if activates(access) {
        steps.note(api.activate_user(&user).await);
    }
    Ok(GivenAccess { user: UserId::new(user), joined, trouble: steps.trouble })
}

/// What fails first of several steps that are all gone.
#[derive(Default)]
struct Steps {
    trouble: Option<WriteError>,
}

impl Steps {
    fn note(&mut self, done: Result<(), Trouble>) {
        if let Err(trouble) = done {
            self.trouble.get_or_insert_with(|| Stop::from(trouble).words());
        }
    }
}

fn sends_mail(access: Access) -> bool {
    matches!(access, Access::Invite | Access::ActiveWithEmail)
}

fn activates(access: Access) -> bool {
    matches!(access, Access::Active | Access::ActiveWithEmail)
}

/// The one group that a creation takes: the first that the user is to join, or else the default group. Gives those of the
/// former.
fn give_group(
    target: &ThreeSixtyTarget,
    body: &mut Map<String, Json>,
    memberships: &[Membership],
) -> Result<Vec<Membership>, WriteError> {
    let joined = memberships.iter().find(|membership| &*membership.role == LEARNER);
    let group = match joined {
        Some(membership) => id::group(&membership.group)?,
        None => &target.default_group,
    };
    body.insert("membership".to_owned(), json!({ "groupId": group, "role": LEARNER }));
    Ok(joined.cloned().into_iter().collect())
}

/// Who has the login of a creation of which it is not known what became: somebody invited, and not one who had access
/// before, whoever that may be.
async fn found(target: &ThreeSixtyTarget, body: &Map<String, Json>) -> Result<Option<RawUser>, Trouble> {
    let listed = target.listed();
    let is_new = |user: &RawUser| {
        let had_access = listed.as_ref().and_then(|listed| listed.find(&user.id)).is_some_and(read::has_access);
        user.status == RawStatus::Invited && !had_access
    };
    for (field, filter) in [(MAIL, "mail[eq]"), (USERNAME, "username[eq]")] {
        let Some(login) = body.get(field).and_then(Json::as_str) else { continue };
        let is_it = |user: &RawUser| {
            let held = if field == MAIL { &user.mail } else { &user.username };
            is_new(user) && held.as_ref().is_some_and(|held| held.eq_ignore_ascii_case(login))
        };
        return Ok(target.api.users(&[(filter, login)]).await?.into_iter().find(is_it));
    }
    Ok(None)
}

/// An account that was there keeps fields of its own: those that differ are written.
async fn overwrite(api: &Api, user: &RawUser, body: &Map<String, Json>) -> Result<(), Trouble> {
    let fields = body.iter().filter(|(name, _)| *name != "membership");
    let differing: Map<String, Json> = fields
        .filter(|(name, value)| !fields::is_already(user, name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    api.patch_user(&user.id, &Json::Object(differing)).await
}

/// Changes fields: first the user, then the external id, then the custom fields. What is done before one fails stays done,
/// and the next run sees what is left.
pub(super) async fn update(
    target: &ThreeSixtyTarget,
    user: &UserId,
    fields: &[(FieldName, Option<Value>)],
) -> Result<(), Stop> {
    let user = id::user(user)?;
    let custom: Arc<[CustomField]> = target.custom().await?;
    let Checked { body, custom, external_id } =
        fields::check(&custom, fields.iter().map(|(name, value)| (name, value.as_ref())))?;
    if !body.is_empty() {
        target.api.patch_user(user, &Json::Object(body)).await?;
    }
    if let Some(external_id) = external_id {
        target.mappings.write(&target.api, user, external_id.as_ref(), Held::Unknown).await?;
    }
    custom::change(&target.api, user, &custom, Held::Unknown).await?;
    Ok(())
}

/// Gives access: for the first time to somebody who was invited, or again.
pub(super) async fn reactivate(
    target: &ThreeSixtyTarget,
    user: &UserId,
    from: UserStatus,
    access: Access,
    memberships: &[Membership],
) -> Result<GivenAccess, Stop> {
    let user = id::user(user)?;
    match from {
        UserStatus::Active => Ok(GivenAccess::whole(user.into())),
        UserStatus::Invited => {
            if activates(access) {
                target.api.activate_user(user).await?;
            }
            Ok(GivenAccess::whole(user.into()))
        }
        UserStatus::Inactive => restore(target, user, access, memberships).await,
    }
}

/// A deactivated account comes back when one with its address is made.
async fn restore(
    target: &ThreeSixtyTarget,
    user: &str,
    access: Access,
    memberships: &[Membership],
) -> Result<GivenAccess, Stop> {
    let api = &target.api;
    let known = target.deactivated.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned();
    let logins = match known {
        Some(logins) => logins,
        None => match api.user(user).await? {
            RawUser { status: RawStatus::Deleted, mail, username, .. } => Logins { mail, username },
            there => return Ok(has_access(target, &there, access).await?),
        },
    };
    let mut body = Map::new();
    for (name, login) in [(MAIL, &logins.mail), (USERNAME, &logins.username)] {
        body.extend(login.as_ref().map(|login| (name.to_owned(), Json::from(&**login))));
    }
    if body.is_empty() {
        return Err(refusal::no_login().into());
    }
    let joined = give_group(target, &mut body, memberships)?;
    let restored = match api.create_user(&Json::Object(body), sends_mail(access)).await {
        Ok(made) => made.user.id,
        // Somebody was faster, or the answer was lost.
        Err(trouble) if trouble.is_unsure() || is_taken(&trouble) => match api.user(user).await? {
            RawUser { status: RawStatus::Deleted, .. } => return Err(trouble.into()),
            there => return Ok(has_access(target, &there, access).await?),
        },
        Err(trouble) => return Err(trouble.into()),
    };
    target.deactivated.lock().unwrap_or_else(PoisonError::into_inner).remove(user);
    let mut steps = Steps::default();
    if activates(access) {
        steps.note(api.activate_user(&restored).await);
    }
    Ok(GivenAccess { user: UserId::new(restored), joined, trouble: steps.trouble })
}

fn is_taken(trouble: &Trouble) -> bool {
    matches!(trouble.code(), Some("mailAlreadyUsed" | "usernameAlreadyUsed"))
}

/// Those who have access are not invited again; those who were only invited are activated where that is wanted.
async fn has_access(target: &ThreeSixtyTarget, user: &RawUser, access: Access) -> Result<GivenAccess, Trouble> {
    if user.status == RawStatus::Invited && activates(access) {
        target.api.activate_user(&user.id).await?;
    }
    Ok(GivenAccess::whole(UserId::new(Arc::clone(&user.id))))
}

/// Ends access. It is not said what the call answers for an account that is deactivated already (apis/360learning.md §3.5).
pub(super) async fn deactivate(target: &ThreeSixtyTarget, user: &UserId) -> Result<(), Stop> {
    let user = id::user(user)?;
    match target.api.delete_user(user).await {
        Err(trouble) if trouble.code() == Some("userDeleted") => Ok(()),
        Err(trouble) if trouble.is_not_found() => match target.api.user(user).await {
            Ok(RawUser { status: RawStatus::Deleted, .. }) => Ok(()),
            _ => Err(trouble.into()),
        },
        other => Ok(other?),
    }
}
