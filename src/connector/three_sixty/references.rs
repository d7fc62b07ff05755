//! Managers: pairs that are made and parted one by one (apis/360learning.md §3.6).

use super::api::Api;
use super::fields::MANAGERS;
use super::trouble::{Stop, Trouble};
use super::{id, refusal};
use crate::model::{FieldName, UserId};

/// Makes and parts the pairs in which the managers differ; managers of whom nothing is known stay. First those that are
/// made: where one is refused, nothing is lost.
pub(super) async fn set(
    api: &Api,
    user: &UserId,
    field: &FieldName,
    from: &[UserId],
    to: &[UserId],
) -> Result<(), Stop> {
    match field.as_str() {
        MANAGERS => {}
        other if super::fields::is_standard(other) => return Err(refusal::no_reference(other).into()),
        other => return Err(refusal::unknown_field(other).into()),
    }
    let subject = id::user(user)?;
    if to.contains(user) {
        return Err(refusal::own_manager().into());
    }
    let mut added = Vec::new();
    for manager in to {
        let manager = id::user(manager).map_err(|_| refusal::of_code("managerNotFound"))?;
        if !from.iter().any(|known| known.as_str() == manager) && !added.contains(&manager) {
            added.push(manager);
        }
    }
    for manager in added {
        api.add_manager(subject, manager).await?;
    }
    for manager in from.iter().filter(|known| !to.contains(known) && id::is_id(known.as_str())) {
        part(api, subject, manager.as_str()).await?;
    }
    Ok(())
}

/// A pair that is not there is parted.
async fn part(api: &Api, user: &str, manager: &str) -> Result<(), Trouble> {
    match api.remove_manager(user, manager).await {
        Err(trouble)
            if matches!(trouble.code(), Some("managerNotAssignedToUser" | "managerNotFound" | "managerDeleted")) =>
        {
            Ok(())
        }
        other => other,
    }
}
