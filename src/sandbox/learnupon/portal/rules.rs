//! Dynamic rules: who is put into a group by the portal itself (apis/learnupon.md §3, "Dynamic rules").

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::groups::Membership;
use super::user::User;
use super::{Fault, Portal};
use crate::sandbox::learnupon::switches::Switches;

/// An active rule. Whoever fits every condition that is given is in the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The group, by title; it is made if there is none.
    pub group: String,
    /// The part of the address behind `@`.
    #[serde(default)]
    pub email_domain: Option<String>,
    /// The label of a custom field, with its value.
    #[serde(default)]
    pub custom_data: Option<(String, String)>,
}

impl Portal {
    /// Makes a rule, which counts for everybody from now on.
    pub(crate) fn add_rule(&mut self, rule: Rule, switches: &Switches) -> Result<(), Fault> {
        if !self.groups.values().any(|group| group.title == rule.group) {
            self.create_group(&rule.group, None, switches)?;
        }
        self.rules.push(rule);
        for id in self.users.keys().copied().collect::<Vec<_>>() {
            self.apply_rules(id);
        }
        Ok(())
    }

    /// Puts one user where the rules say, and out of where they do not any more. Manual memberships are left alone.
    pub(super) fn apply_rules(&mut self, id: u64) {
        let Some(user) = self.users.get(&id) else { return };
        let by_title = |title: &str| self.groups.values().find(|group| group.title == title).map(|group| group.id);
        let placed: Vec<(u64, bool)> =
            self.rules.iter().filter_map(|rule| Some((by_title(&rule.group)?, self.fits(rule, user)))).collect();
        for (group, _) in &placed {
            let wanted = placed.iter().any(|(other, fits)| other == group && *fits);
            let key = (id, *group);
            match self.memberships.get(&key) {
                None if wanted => {
                    let membership_id = self.new_id();
                    let membership = Membership {
                        id: membership_id,
                        group_id: *group,
                        user_id: id,
                        automatic: true,
                        enrolled: true,
                    };
                    self.memberships.insert(key, membership);
                }
                Some(known) if known.automatic && !wanted => drop(self.memberships.remove(&key)),
                _ => {}
            }
        }
    }

    fn fits(&self, rule: &Rule, user: &User) -> bool {
        let domain = || user.email.as_deref().and_then(|email| email.rsplit('@').next()).unwrap_or_default();
        let held = |label: &str| {
            let definition = self.definitions.values().find(|definition| definition.label == label)?;
            user.custom.get(&definition.id).and_then(Json::as_str)
        };
        rule.email_domain.as_deref().is_none_or(|wanted| domain().eq_ignore_ascii_case(wanted))
            && rule.custom_data.as_ref().is_none_or(|(label, value)| held(label) == Some(value))
    }
}
