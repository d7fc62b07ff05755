//! Finding users by external id, id, address and user name (apis/360learning.md §2, §3.2, §5). A search gives a user without
//! what only calls of their own give: those follow for who is found.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::fields::{EXTERNAL_ID, MAIL, MANAGERS, USERNAME};
use super::id::is_id;
use super::read::{self, Listed};
use super::trouble::Trouble;
use super::wire::RawUser;
use super::{AT_ONCE, ThreeSixtyTarget};
use crate::connector::find::{self, Sought, spellings};
use crate::connector::{ConnectorError, Wanted};
use crate::model::{FieldName, User, UserId, UserLayout};

/// Users by their ids, and the external ids that are known of them.
#[derive(Debug, Default)]
struct Found {
    users: BTreeMap<Arc<str>, RawUser>,
    external_ids: HashMap<Arc<str>, Arc<str>>,
}

/// The users who have what is wanted, with everything, sorted by id.
pub(super) async fn users(
    target: &ThreeSixtyTarget,
    wanted: &[Wanted],
    layout: &UserLayout,
) -> Result<Vec<User>, ConnectorError> {
    let custom = target.custom().await?;
    let mut sought = Sought::of(wanted);
    // No listing has these.
    sought
        .fields
        .retain(|field, _| field.as_str() != MANAGERS && !custom.iter().any(|custom| *custom.name == *field.as_str()));
    if !sought.is_by(&[EXTERNAL_ID, MAIL, USERNAME]) {
        return find::among_everybody(target, wanted, layout).await;
    }
    let mut found = search(target, &sought).await?;
    let compared = sought.added_to(layout);
    if compared.find(&FieldName::from(EXTERNAL_ID)).is_some() {
        found.ask_for_external_ids(target).await?;
    }
    let listed = Listed::new(&found.users, &found.external_ids, &compared);
    let fits = listed.users().iter().filter(|user| sought.may_be(user, &compared));
    let ids: Vec<UserId> = fits.map(|user| user.id.clone()).collect();
    let listed = Listed::new(&found.users, &found.external_ids, layout);
    target.noticed(found.users.into_values());
    let mut users = read::details(target, &ids, layout, Some(&listed)).await?;
    users.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(users)
}

async fn search(target: &ThreeSixtyTarget, sought: &Sought<'_>) -> Result<Found, Trouble> {
    let mut found = Found::default();
    let mut ids: BTreeSet<Arc<str>> = sought.users.iter().map(|user| Arc::clone(user.shared())).collect();
    let external_ids = sought.texts_beyond(EXTERNAL_ID, []);
    let mapped =
        find::each(AT_ONCE, external_ids, |value: String| async move { target.api.mappings_of_value(&value).await });
    for mapping in mapped.await?.into_iter().flatten() {
        ids.insert(Arc::clone(&mapping.target_id));
        found.external_ids.insert(Arc::clone(&mapping.target_id), Arc::clone(&mapping.value));
        target.mappings.noticed(&mapping.target_id, Some(&mapping));
    }
    ids.retain(|id| is_id(id));
    let users = find::each(AT_ONCE, ids.into_iter().collect(), |id| with_id(target, id)).await?;
    found.take(users.into_iter().flatten());
    for (field, filter) in [(MAIL, "mail[eq]"), (USERNAME, "username[eq]")] {
        let logins = sought.texts_beyond(field, found.users.values().filter_map(|user| login(user, field)));
        let users = find::each(AT_ONCE, logins, |login| with_login(target, filter, login)).await?;
        found.take(users.into_iter().flatten());
    }
    Ok(found)
}

fn login<'u>(user: &'u RawUser, field: &str) -> Option<&'u str> {
    if field == MAIL { user.mail.as_deref() } else { user.username.as_deref() }
}

async fn with_id(target: &ThreeSixtyTarget, id: Arc<str>) -> Result<Option<RawUser>, Trouble> {
    match target.api.user(&id).await {
        Err(trouble) if trouble.is_not_found() => Ok(None),
        other => other.map(Some),
    }
}

/// It is not known whether the filter minds case, nor whether the deactivated are among who is listed (apis/360learning.md,
/// "Uncertain" 2 and 7): what finds nobody is asked again.
async fn with_login(target: &ThreeSixtyTarget, filter: &str, login: String) -> Result<Vec<RawUser>, Trouble> {
    for spelling in spellings(&login) {
        for query in [&[(filter, spelling.as_str())][..], &[(filter, spelling.as_str()), ("status[eq]", "deleted")]] {
            let users = target.api.users(query).await?;
            if !users.is_empty() {
                return Ok(users);
            }
        }
    }
    Ok(Vec::new())
}

impl Found {
    fn take(&mut self, users: impl IntoIterator<Item = RawUser>) {
        self.users.extend(users.into_iter().map(|user| (Arc::clone(&user.id), user)));
    }

    async fn ask_for_external_ids(&mut self, target: &ThreeSixtyTarget) -> Result<(), Trouble> {
        let unknown = self.users.keys().filter(|id| !self.external_ids.contains_key(*id)).cloned().collect();
        let asked = find::each(AT_ONCE, unknown, |id: Arc<str>| async move {
            Ok::<_, Trouble>((target.api.mappings(Some(&id)).await?.into_iter().next(), id))
        });
        for (mapping, id) in asked.await? {
            target.mappings.noticed(&id, mapping.as_ref());
            self.external_ids.extend(mapping.map(|mapping| (id, mapping.value)));
        }
        Ok(())
    }
}
