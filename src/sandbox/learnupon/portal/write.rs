//! Making and changing accounts (apis/learnupon.md §2, §2.2).

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::choices::{LANGUAGES, TIMEZONES, USER_TYPES};
use super::user::User;
use super::{Fault, Key, MailKind, Portal, custom};
use crate::sandbox::learnupon::switches::{Login, Meaning, Switches};

impl Portal {
    /// `POST /users`.
    pub(crate) fn create(&mut self, sent: &Map<String, Json>, switches: &Switches) -> Result<u64, Fault> {
        if !sent.get("password").is_some_and(Json::is_string) {
            return Err(Fault::invalid("password can't be blank"));
        }
        let mut user = User::new(self.now());
        self.write(&mut user, sent, switches)?;
        custom::complete(&user, &self.definitions, switches)?;
        self.check_unique(&user, switches)?;
        user.id = self.new_id();
        let (id, address) = (user.id, user.email.clone());
        self.put_user(user);
        if let Some(address) = address
            && switches.mail_on_create
            && !switches.sso
        {
            self.mail(&address, MailKind::Welcome);
        }
        self.apply_rules(id);
        Ok(id)
    }

    /// `PUT /users/{id}`.
    pub(crate) fn update(&mut self, id: u64, sent: &Map<String, Json>, switches: &Switches) -> Result<u64, Fault> {
        let mut user = self.users.get(&id).cloned().ok_or(Fault::NotFound)?;
        self.write(&mut user, sent, switches)?;
        user.updated_at = self.now();
        self.check_unique(&user, switches)?;
        self.take_user(id);
        self.put_user(user);
        self.apply_rules(id);
        Ok(id)
    }

    /// `PUT /users/0`: found by `email` or `username`, renamed by `new_email` or `new_username`.
    pub(crate) fn update_found(&mut self, sent: &Map<String, Json>, switches: &Switches) -> Result<u64, Fault> {
        let mut sent = sent.clone();
        let mut take = |key: &str| sent.remove(key).and_then(|value| value.as_str().map(str::to_owned));
        let (email, username) = (take("email"), take("username"));
        let by_email = email.and_then(|email| self.find(Key::Email, &email, switches));
        let by_name = || username.and_then(|name| self.find(Key::Username, &name, switches));
        let id = by_email.or_else(by_name).ok_or(Fault::NotFound)?.id;
        for (new, key) in [("new_email", "email"), ("new_username", "username")] {
            if let Some(value) = sent.remove(new) {
                sent.insert(key.to_owned(), value);
            }
        }
        self.update(id, &sent, switches)
    }

    /// Removes an account and everything that belongs to it.
    pub(crate) fn delete(&mut self, id: u64) -> Result<(), Fault> {
        self.take_user(id).ok_or(Fault::NotFound)?;
        self.memberships.retain(|(user, _), _| *user != id);
        self.managers.retain(|_, manager| manager.user_id != id);
        Ok(())
    }

    pub(super) fn put_user(&mut self, mut user: User) {
        if user.id == 0 {
            user.id = self.new_id();
        }
        self.next_id = self.next_id.max(user.id + 1);
        self.logins.extend(user.logins().map(|login| (login, user.id)));
        self.users.insert(user.id, user);
    }

    fn take_user(&mut self, id: u64) -> Option<User> {
        let user = self.users.remove(&id)?;
        for login in user.logins() {
            self.logins.remove(&login);
        }
        Some(user)
    }

    /// Writes what is known and ignores the rest.
    pub(super) fn write(&self, user: &mut User, sent: &Map<String, Json>, switches: &Switches) -> Result<(), Fault> {
        for (key, value) in sent {
            match key.as_str() {
                "CustomData" => {
                    let sent = value.as_object().ok_or_else(|| Fault::invalid("CustomData is an object"))?;
                    custom::write(user, sent, &self.definitions, switches)?;
                }
                "enabled" => user.enabled = yes_no(key, value)?,
                "change_password_on_first_login" => user.change_password_on_first_login = yes_no(key, value)?,
                _ => match switches.cleared_by.means(value) {
                    Meaning::Nothing => {}
                    meaning => write_text(user, key, value, meaning)?,
                },
            }
        }
        if switches.past_expiry_disables && user.expired(self.day) {
            user.enabled = false;
        }
        Ok(())
    }

    fn check_unique(&self, user: &User, switches: &Switches) -> Result<(), Fault> {
        let needed = match switches.login {
            Login::Email => user.email.is_some(),
            Login::Username => user.username.is_some(),
        };
        if !needed {
            return Err(Fault::invalid("email or username can't be blank"));
        }
        for login in user.logins() {
            if self.logins.get(&login).is_some_and(|other| *other != user.id) {
                return Err(Fault::Duplicate("email or username already in use".to_owned()));
            }
        }
        let known = user.email.as_ref().map(|email| email.to_lowercase());
        let elsewhere = user.id == 0 && known.is_some_and(|email| switches.realm.contains(&email));
        if elsewhere && !switches.allow_realm_users {
            return Err(Fault::Duplicate("user already exists in another portal of this realm".to_owned()));
        }
        Ok(())
    }

    /// Somebody who accepted an invitation.
    pub(super) fn accepted(&mut self, mut user: User, now: Timestamp) -> u64 {
        user.created_at = now;
        user.updated_at = now;
        user.id = self.new_id();
        let id = user.id;
        self.put_user(user);
        self.apply_rules(id);
        id
    }

    /// Whether an address belongs to an account.
    pub(super) fn has_login(&self, login: &str) -> bool {
        self.logins.contains_key(&login.to_lowercase())
    }
}

fn yes_no(key: &str, value: &Json) -> Result<bool, Fault> {
    match value {
        Json::Bool(value) => Ok(*value),
        Json::String(text) if text == "true" || text == "false" => Ok(text == "true"),
        _ => Err(Fault::Invalid(format!("{key} is true or false"))),
    }
}

fn write_text(user: &mut User, key: &str, value: &Json, meaning: Meaning) -> Result<(), Fault> {
    let set = meaning == Meaning::Set;
    let text = || value.as_str().map(str::to_owned).ok_or_else(|| Fault::Invalid(format!("{key} is a text")));
    let optional = || if set { text().map(Some) } else { Ok(None) };
    let choice = |choices: &[&str]| match text()? {
        choice if choices.contains(&choice.as_str()) => Ok(choice),
        _ => Err(Fault::Invalid(format!("{key} is not included in the list"))),
    };
    match key {
        "email" => user.email = optional()?.map(address).transpose()?,
        "username" => user.username = optional()?.map(user_name).transpose()?,
        "first_name" => user.first_name = optional()?,
        "last_name" => user.last_name = optional()?,
        "password" => user.password = Some(text().and_then(password)?),
        "language" => user.locale = if set { choice(&LANGUAGES)? } else { "en".to_owned() },
        "user_type" => user.user_type = choice(&USER_TYPES)?,
        "timezone_id" => user.timezone_id = if set { Some(choice(&TIMEZONES)?) } else { None },
        "account_expires" => {
            let day = |text: String| text.parse().map_err(|_| Fault::invalid("account_expires is yyyy-mm-dd"));
            user.account_expires = optional()?.map(day).transpose()?;
        }
        // Anything that is not known is ignored in silence, as unknown filters are (§1).
        _ if OTHERS.contains(&key) => {
            user.others.insert(key.to_owned(), value.clone());
        }
        _ => {}
    }
    Ok(())
}

/// Permission flags, and the ids of other systems (§2).
const OTHERS: [&str; 12] = [
    "membership_type",
    "sf_contact_id",
    "sf_user_id",
    "can_enroll",
    "can_unenroll_users",
    "can_mark_complete",
    "can_move_groups",
    "can_act_as_instructor",
    "can_manage_trainings",
    "can_manage_sessions",
    "tutor_can_create_courses",
    "tutor_can_edit_their_courses",
];

pub(super) fn address(text: String) -> Result<String, Fault> {
    match text.split_once('@') {
        Some((name, host)) if !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace) => Ok(text),
        _ => Err(Fault::invalid("email is invalid")),
    }
}

/// 6 to 30 characters: letters and digits of any script, and `+ - . , $ # @ _` (§2).
fn user_name(text: String) -> Result<String, Fault> {
    let fits = |sign: char| sign.is_alphanumeric() || "+-.,$#@_".contains(sign);
    if (6..=30).contains(&text.chars().count()) && text.chars().all(fits) {
        return Ok(text);
    }
    Err(Fault::invalid("username is invalid"))
}

fn password(text: String) -> Result<String, Fault> {
    if text.chars().count() < 6 {
        return Err(Fault::invalid("password is too short (minimum is 6 characters)"));
    }
    Ok(text)
}
