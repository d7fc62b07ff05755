//! Some people, by their ids: many in one search, and one by one where HiBob refuses that (apis/hibob.md §2.1, §2.2).

use std::collections::BTreeSet;

use super::api::{Api, Trouble};
use super::parts::PART;
use super::wire::draft::Draft;
use super::wire::people;
use super::wire::shape::Shape;
use crate::model::{EmployeeId, Roster};

/// The longest text that is taken for an id, in bytes; HiBob's have 19 digits.
const LONGEST: usize = 128;

/// Those of these employees whom HiBob shows, inactive ones included. What is answered beyond them is left out.
pub(super) async fn read(api: &Api, ids: &[EmployeeId], shape: &Shape) -> Result<Roster, Trouble> {
    let ids: BTreeSet<&str> = ids.iter().map(EmployeeId::as_str).filter(|id| may_be_an_id(id)).collect();
    let fields = shape.wanted();
    let mut draft = Draft::new(shape);
    for part in ids.iter().copied().collect::<Vec<_>>().chunks(PART) {
        match api.search_whole(&fields, Some(part)).await {
            Err(trouble) if trouble.is_the_request() => {
                tracing::warn!(people = part.len(), "people search refuses these ids, asking for one after the other");
                one_by_one(api, part, &fields, &mut draft).await?;
            }
            text => {
                people::read_into(&text?[..], &mut draft).map_err(|fault| Trouble::Answer(Api::SEARCH, fault))?;
            }
        }
    }
    let mut roster = draft.finish();
    roster.records.retain(|record| ids.contains(record.id.as_str()));
    Ok(roster)
}

async fn one_by_one(api: &Api, ids: &[&str], fields: &[&str], draft: &mut Draft<'_>) -> Result<(), Trouble> {
    for id in ids.iter().filter(|id| leads_to_a_person(id)) {
        if let Some(text) = api.person(id, fields).await? {
            people::read_one(&text, draft).map_err(|fault| Trouble::Answer(Api::PERSON, fault))?;
        }
    }
    Ok(())
}

/// Ids come with webhooks, and may be anything.
fn may_be_an_id(id: &str) -> bool {
    id.len() <= LONGEST && !id.trim().is_empty() && !id.contains(char::is_control)
}

/// Some would lead to another path than a person's, and an address to somebody of another id.
fn leads_to_a_person(id: &str) -> bool {
    !matches!(id, "." | ".." | "search") && !id.contains('@')
}
