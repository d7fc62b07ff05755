//! Making users (apis/leapsome.md §2.2).

use serde_json::{Map, Value as Json};

use super::Company;
use super::denial::Denial;
use super::id::Of;
use super::user::User;
use crate::sandbox::leapsome::switches::Switches;

/// What creating takes; anything else is left out without a word.
const TAKEN: [&str; 6] = ["userName", "externalId", "name", "displayName", "title", "photos"];

/// What became of creating somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Created {
    /// Made, with this id.
    Made(String),
    /// The address or the external id belongs to somebody.
    Exists,
}

impl Company {
    /// `POST /Users`.
    pub(crate) fn create(&mut self, sent: &Map<String, Json>, switches: &Switches) -> Result<Created, Denial> {
        let address = address_in(sent)?.ok_or_else(|| Denial::invalid("The userName field is required"))?;
        check_domain(&address, switches)?;
        let external = sent.get("externalId").and_then(Json::as_str);
        let known = self.addressed(&address).is_some()
            || external.is_some_and(|external| self.by_external_id.contains_key(external));
        if known {
            return Ok(Created::Exists);
        }
        let taken: Map<String, Json> = sent
            .iter()
            .filter(|(key, _)| TAKEN.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let free = Switches { patch_needs_user_name: false, ..switches.clone() };
        let id = self.make(&address, &taken, &free)?;
        if switches.auto_invite {
            self.invite(&id);
        }
        Ok(Created::Made(id))
    }

    /// Somebody made by hand, with everything.
    pub(super) fn add(&mut self, sent: &Map<String, Json>, switches: &Switches) -> Result<String, Denial> {
        let address = address_in(sent)?.ok_or_else(|| Denial::invalid("the userName is missing"))?;
        if self.addressed(&address).is_some() {
            return Err(Denial::Taken("Username is already in use".to_owned()));
        }
        self.make(&address, sent, switches)
    }

    fn make(&mut self, address: &str, sent: &Map<String, Json>, switches: &Switches) -> Result<String, Denial> {
        let id = self.ids.next(Of::User);
        let salary = 40_000 + 137 * u32::try_from(self.users.len() % 500).unwrap_or_default();
        let mut user = User::new(id.clone(), address.to_owned(), salary, self.now());
        self.write(&mut user, sent, switches)?;
        if user.display_name.is_none() {
            user.display_name = user.formatted();
        }
        self.check_external_id(&user)?;
        self.put(user);
        Ok(id)
    }
}

/// The address in a body, where there is one.
pub(super) fn address_in(sent: &Map<String, Json>) -> Result<Option<String>, Denial> {
    match sent.get("userName") {
        None => Ok(None),
        Some(Json::String(address)) if !address.trim().is_empty() => Ok(Some(address.trim().to_owned())),
        Some(_) => Err(Denial::invalid("The userName field must be non-empty")),
    }
}

/// Refuses addresses of other domains than the company's (§2.2).
pub(super) fn check_domain(address: &str, switches: &Switches) -> Result<(), Denial> {
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let known = domain.is_some_and(|domain| switches.domains.is_empty() || switches.domains.contains(&domain));
    if known { Ok(()) } else { Err(Denial::Domain) }
}
