//! A portal out of a file, in the form that the API answers in.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::custom::Definition;
use super::user::User;
use super::{Fault, Portal};
use crate::sandbox::SandboxError;
use crate::sandbox::learnupon::switches::Switches;

#[derive(Deserialize)]
struct File {
    user: Vec<Map<String, Json>>,
    #[serde(default)]
    groups: Vec<FileGroup>,
    #[serde(default, rename = "customDataFieldDefinitions")]
    definitions: Option<Vec<Definition>>,
}

#[derive(Deserialize)]
struct FileGroup {
    title: String,
}

/// Reads users, groups and definitions. Users keep their ids where they have one, and need no password.
pub(super) fn load(portal: &mut Portal, path: &Path, switches: &Switches) -> Result<(), SandboxError> {
    let name = path.display().to_string();
    let wrong = |message: String| SandboxError::Input {
        name: name.clone(),
        message,
        help: "the file holds an object with the lists `user`, `groups` and `customDataFieldDefinitions`".to_owned(),
    };
    let text = std::fs::read(path).map_err(|error| SandboxError::unreadable(&name, &error))?;
    let file: File = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    if let Some(definitions) = file.definitions {
        portal.definitions.clear();
        for definition in definitions {
            portal.define(definition).map_err(|fault| wrong(words(fault)))?;
        }
    }
    for group in file.groups {
        portal.create_group(&group.title, None, switches).map_err(|fault| wrong(words(fault)))?;
    }
    for (at, sent) in file.user.into_iter().enumerate() {
        let user = read(portal, sent, switches);
        let user = user.map_err(|fault| wrong(format!("user {}: {}", at + 1, words(fault))))?;
        if user.logins().any(|login| portal.has_login(&login)) || portal.users.contains_key(&user.id) {
            return Err(wrong(format!("user {}: id, email or username is there twice", at + 1)));
        }
        portal.put_user(user);
    }
    Ok(())
}

fn read(portal: &Portal, mut sent: Map<String, Json>, switches: &Switches) -> Result<User, Fault> {
    if let Some(locale) = sent.remove("locale") {
        sent.insert("language".to_owned(), locale);
    }
    let mut user = User::new(portal.now());
    user.id = sent.get("id").and_then(Json::as_u64).unwrap_or_default();
    portal.write(&mut user, &sent, switches)?;
    if user.logins().next().is_none() {
        return Err(Fault::invalid("email or username can't be blank"));
    }
    Ok(user)
}

fn words(fault: Fault) -> String {
    match fault {
        Fault::Invalid(message) | Fault::Duplicate(message) => message,
        Fault::NotFound => "there is no such thing".to_owned(),
    }
}

impl Portal {
    /// Makes a definition, or changes the one with its label.
    pub(crate) fn define(&mut self, mut definition: Definition) -> Result<u64, Fault> {
        definition.check()?;
        let known = self.definitions.values().find(|known| known.label == definition.label).map(|known| known.id);
        definition.id = match known {
            Some(id) => id,
            None if definition.id == 0 => self.definitions.keys().next_back().map_or(231, |last| last + 1),
            None => definition.id,
        };
        let id = definition.id;
        self.definitions.insert(id, definition);
        Ok(id)
    }

    /// Takes a definition away, with everything that is filled in.
    pub(crate) fn undefine(&mut self, label: &str) -> Result<(), Fault> {
        let found = self.definitions.values().find(|known| known.label == label).map(|known| known.id);
        let id = found.ok_or(Fault::NotFound)?;
        self.definitions.remove(&id);
        for user in self.users.values_mut() {
            user.custom.remove(&id);
        }
        Ok(())
    }
}
