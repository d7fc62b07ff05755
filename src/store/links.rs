//! What a recipe knows about its target: who belongs to whom, what is ours, and which creations may be half done.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::AssertSqlSafe;

use super::database::Row;
use super::error::Unreadable;
use super::{Store, StoreError, shared};
use crate::model::{EmployeeId, FieldName, Group, GroupId, GroupKind, UserId};

/// Links read at a time.
const PAGE: i64 = 5_000;

/// The remembered pair of employee and user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The employee.
    pub employee: EmployeeId,
    /// The user.
    pub user: UserId,
}

/// The creation of a user, announced before it is asked of the target. Until it is settled the user may exist
/// without a link: the run was killed, or the target's answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Whose account it is.
    pub employee: EmployeeId,
    /// What the user would log in with, to find it by.
    pub login: Option<String>,
}

/// Something of a user's that we put there, and may therefore take away again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owned {
    /// The user.
    pub user: UserId,
    /// What is ours.
    pub what: OwnedWhat,
}

/// The kinds of thing that are ours one by one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OwnedWhat {
    /// A place in a group: the group and the role.
    Membership(GroupId, Arc<str>),
    /// A reference to another user: the field and that user.
    Reference(FieldName, UserId),
}

impl OwnedWhat {
    /// The column `what`, and the name and the value that are listed in `items`.
    pub(super) fn columns(&self) -> (&'static str, &Arc<str>, &Arc<str>) {
        match self {
            Self::Membership(group, role) => ("membership", group.shared(), role),
            Self::Reference(field, user) => ("reference", field.shared(), user.shared()),
        }
    }

    fn read(what: &str, name: Arc<str>, value: Arc<str>) -> Result<Self, Unreadable> {
        match what {
            "membership" => Ok(Self::Membership(GroupId::new(name), value)),
            "reference" => Ok(Self::Reference(FieldName::new(name), UserId::new(value))),
            _ => Err(Unreadable("ours.what")),
        }
    }
}

/// The word for a kind of group in the database.
pub(super) fn kind_word(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Group => "group",
        GroupKind::Team => "team",
    }
}

impl Store {
    /// Every link of a recipe, by employee.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn links(&self, recipe: &str) -> Result<Vec<Link>, StoreError> {
        let sql: Arc<str> = format!(
            "SELECT {} FROM (SELECT employee, user_id FROM links WHERE recipe = $1 AND employee > $2 \
             ORDER BY employee LIMIT $3) AS page",
            self.database.rows_as_json("employee, user_id")
        )
        .into();
        let mut links: Vec<Link> = Vec::new();
        loop {
            let after = links.last().map_or("", |link| link.employee.as_str());
            let query = self.database.query(AssertSqlSafe(Arc::clone(&sql))).bind(recipe).bind(after).bind(PAGE);
            let page = query.fetch_one().await;
            let pairs: Vec<(EmployeeId, UserId)> = self.rows_of(page)?;
            if pairs.is_empty() {
                return Ok(links);
            }
            links.extend(pairs.into_iter().map(|(employee, user)| Link { employee, user }));
        }
    }

    /// The creations that were announced and are not known to be done.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn intents(&self, recipe: &str) -> Result<Vec<Intent>, StoreError> {
        self.rows("SELECT employee, login FROM intents WHERE recipe = $1 ORDER BY employee", recipe, |row| {
            Ok(Intent { employee: row.get::<&str>(0)?.into(), login: row.get(1)? })
        })
        .await
    }

    /// Every membership and reference that is ours, in no particular order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owned(&self, recipe: &str) -> Result<Vec<Owned>, StoreError> {
        let rows = self.database.rows_as_json("user_id, what, items");
        let query = self.database.query(AssertSqlSafe(format!("SELECT {rows} FROM ours WHERE recipe = $1")));
        let text = query.bind(recipe).fetch_one().await;
        let rows: Vec<(UserId, String, String)> = self.rows_of(text)?;
        let mut owned = Vec::with_capacity(rows.len());
        for (user, what, items) in rows {
            let items: Result<Vec<(Arc<str>, Arc<str>)>, _> = serde_json::from_str(&items);
            for (name, value) in items.map_err(|_| self.failed(Unreadable("ours").into()))? {
                let what = OwnedWhat::read(&what, name, value).map_err(|error| self.failed(error.into()))?;
                owned.push(Owned { user: user.clone(), what });
            }
        }
        Ok(owned)
    }

    /// The groups and teams that this recipe made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owned_groups(&self, recipe: &str) -> Result<Vec<Group>, StoreError> {
        let sql = "SELECT group_id, kind, name FROM owned_groups WHERE recipe = $1 ORDER BY kind, name, group_id";
        self.rows(sql, recipe, |row| {
            let kind = match row.get(1)? {
                "group" => GroupKind::Group,
                "team" => GroupKind::Team,
                _ => return Err(Unreadable("owned_groups.kind").into()),
            };
            Ok(Group { id: row.get::<&str>(0)?.into(), name: shared(row.get(2)?), key: None, kind })
        })
        .await
    }

    /// The rows of a statement whose only parameter is the recipe.
    async fn rows<T>(
        &self,
        sql: &'static str,
        recipe: &str,
        read: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.database.query(sql).bind(recipe).fetch_all().await;
        rows.and_then(|rows| rows.iter().map(read).collect()).map_err(|error| self.failed(error))
    }

    /// The rows that a statement joined, as JSON arrays, into one text. The driver hands rows over one by one, which
    /// takes three times as long for the hundreds of thousands that every run reads.
    fn rows_of<T: DeserializeOwned>(&self, joined: Result<Row, sqlx::Error>) -> Result<Vec<T>, StoreError> {
        let rows = joined.and_then(|row| {
            let text = format!("[{}]", row.get::<Option<&str>>(0)?.unwrap_or_default());
            serde_json::from_str(&text).map_err(|_| Unreadable("links or ours").into())
        });
        rows.map_err(|error| self.failed(error))
    }
}
