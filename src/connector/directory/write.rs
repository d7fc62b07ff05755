//! Writing: a batch is one transaction, and each write in it is done whole or refused.
//!
//! Whatever can be refused is found out before a write's first change, or by its only one; so no write
//! leaves half of itself behind, and those that are refused do not disturb the others.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params_from_iter};

use super::fields::ROLES;
use super::write_user::text;
use super::{database, id, refusal};
use crate::connector::{GivenAccess, Write, WriteError, Written};
use crate::model::{Access, FieldName, GroupKind, Membership, TargetCatalogue, TargetType, UserId};

/// Carries out the writes and answers each, in order.
pub(super) fn batch(
    connection: &mut Connection,
    catalogue: &TargetCatalogue,
    writes: &[Write],
) -> rusqlite::Result<Vec<Result<Written, WriteError>>> {
    database::prepare_to_write(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let batch = Batch {
        transaction: &transaction,
        catalogue,
        now: format!("{:.3}", Timestamp::now()),
        users: RefCell::default(),
        groups: RefCell::default(),
        joining: RefCell::default(),
    };
    let mut answers = Vec::with_capacity(writes.len());
    for write in writes {
        answers.push(match batch.write(write) {
            Ok(written) => Ok(written),
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Broken(error)) => return Err(error),
        });
    }
    batch.join()?;
    transaction.commit()?;
    Ok(answers)
}

/// Why a write was not done.
pub(super) enum Stop {
    /// This one is wrong.
    Refused(WriteError),
    /// The database is; nothing of the batch is kept.
    Broken(rusqlite::Error),
}

impl From<WriteError> for Stop {
    fn from(refusal: WriteError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error)
    }
}

/// A batch under way.
pub(super) struct Batch<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) catalogue: &'a TargetCatalogue,
    pub(super) now: String,
    /// The users that were looked up, and are there: nobody is ever deleted.
    users: RefCell<HashSet<i64>>,
    /// The groups that were looked up.
    groups: RefCell<HashSet<i64>>,
    /// Memberships that are found to be right, and are yet to be put into the table.
    joining: RefCell<Vec<(i64, i64, &'a str)>>,
}

/// Memberships made by one statement.
const JOINED_AT_ONCE: usize = 250;

static JOIN: LazyLock<String> = LazyLock::new(|| join_statement(JOINED_AT_ONCE));

fn join_statement(rows: usize) -> String {
    let rows = vec!["(?, ?, ?)"; rows].join(", ");
    format!("INSERT OR IGNORE INTO memberships (user_id, group_id, role) VALUES {rows}")
}

impl<'a> Batch<'a> {
    fn write(&self, write: &'a Write) -> Result<Written, Stop> {
        if !matches!(write, Write::AddMembership { .. }) {
            self.join()?;
        }
        match write {
            Write::CreateGroup { kind, name, key: _ } => self.create_group(*kind, name),
            Write::UpdateGroup { .. } => Err(WriteError::no_group_keys().into()),
            // Whose account it is stands in `external_id` where the recipe maps it; the directory adds nothing itself.
            Write::CreateUser { access, fields, .. } => self.create_user(*access, fields),
            Write::UpdateUser { user, fields } => self.update_user(user, fields),
            Write::Reactivate { user, access, .. } => self.reactivate(user, *access),
            Write::SetReferences { user, field, to, .. } => self.set_references(user, field, to),
            Write::AddMembership { user, membership } => self.add_membership(user, membership),
            Write::RemoveMembership { user, membership } => self.remove_membership(user, membership),
            Write::Deactivate { user } => self.deactivate(user),
        }
    }

    fn create_group(&self, kind: GroupKind, name: &str) -> Result<Written, Stop> {
        if name.trim().is_empty() {
            return Err(refusal::nameless_group().into());
        }
        let (insert, select) = match kind {
            GroupKind::Group => {
                ("INSERT OR IGNORE INTO groups (name) VALUES (?)", "SELECT id FROM groups WHERE name = ?")
            }
            GroupKind::Team => ("INSERT OR IGNORE INTO teams (name) VALUES (?)", "SELECT id FROM teams WHERE name = ?"),
        };
        self.execute(insert, [name])?;
        let number = self.transaction.prepare_cached(select)?.query_row([name], |row| row.get(0))?;
        Ok(Written::Group(id::group(kind, number)))
    }

    fn reactivate(&self, user: &UserId, access: Access) -> Result<Written, Stop> {
        let number = self.known(user)?;
        let sql = "UPDATE users SET status = ? WHERE id = ? AND status = 'inactive'";
        if self.execute(sql, (status_after(access), number))? > 0 {
            self.send_mail(number, access)?;
        }
        Ok(Written::User(GivenAccess::whole(user.clone())))
    }

    fn deactivate(&self, user: &UserId) -> Result<Written, Stop> {
        let user = self.known(user)?;
        self.execute("UPDATE users SET status = 'inactive' WHERE id = ?", [user])?;
        Ok(Written::Done)
    }

    fn set_references(&self, user: &UserId, name: &FieldName, to: &[UserId]) -> Result<Written, Stop> {
        let field = self.catalogue.field(name.as_str()).ok_or_else(|| refusal::unknown_field(name.as_str()))?;
        let user = self.known(user)?;
        let mut others = Vec::with_capacity(to.len());
        for other in to {
            let other = self.known(other)?;
            if other == user {
                return Err(refusal::own_manager(name.as_str()).into());
            }
            if !others.contains(&other) {
                others.push(other);
            }
        }
        // There is one field of each type, and custom fields have neither.
        match field.target_type {
            TargetType::Person if others.len() > 1 => return Err(refusal::one_user_only(name.as_str()).into()),
            TargetType::Person => {
                self.execute("UPDATE users SET manager = ? WHERE id = ?", (others.first(), user))?;
            }
            TargetType::People => {
                self.execute("DELETE FROM additional_managers WHERE user_id = ?", [user])?;
                let sql = "INSERT INTO additional_managers (user_id, position, manager_id) VALUES (?, ?, ?)";
                for (position, other) in (0_i64..).zip(others) {
                    self.execute(sql, (user, position, other))?;
                }
            }
            _ => return Err(refusal::not_a_reference(name.as_str()).into()),
        }
        Ok(Written::Done)
    }

    fn add_membership(&self, user: &UserId, membership: &'a Membership) -> Result<Written, Stop> {
        let (user, group) = self.place(user, membership)?;
        self.joining.borrow_mut().push((user, group, &membership.role));
        if self.joining.borrow().len() == JOINED_AT_ONCE {
            self.join()?;
        }
        Ok(Written::Done)
    }

    /// Puts the memberships that were collected into the table.
    fn join(&self) -> rusqlite::Result<()> {
        let joining = self.joining.take();
        if joining.is_empty() {
            return Ok(());
        }
        let values = joining.iter().flat_map(|(user, group, role)| [(*user).into(), (*group).into(), text(role)]);
        let values = params_from_iter(values);
        match joining.len() {
            JOINED_AT_ONCE => self.execute(&JOIN, values)?,
            fewer => self.transaction.prepare(&join_statement(fewer))?.execute(values)?,
        };
        Ok(())
    }

    fn remove_membership(&self, user: &UserId, membership: &Membership) -> Result<Written, Stop> {
        let (user, group) = self.place(user, membership)?;
        let sql = "DELETE FROM memberships WHERE user_id = ? AND group_id = ? AND role = ?";
        self.execute(sql, (user, group, &*membership.role))?;
        Ok(Written::Done)
    }

    fn place(&self, user: &UserId, membership: &Membership) -> Result<(i64, i64), Stop> {
        if !ROLES.contains(&&*membership.role) {
            return Err(refusal::unknown_role(&ROLES).into());
        }
        let user = self.known(user)?;
        let group = id::group_number(&membership.group).ok_or_else(refusal::unknown_group)?;
        if !self.groups.borrow().contains(&group) {
            if !self.exists("SELECT 1 FROM groups WHERE id = ?", group)? {
                return Err(refusal::unknown_group().into());
            }
            self.groups.borrow_mut().insert(group);
        }
        Ok((user, group))
    }

    /// The number of a user that exists.
    pub(super) fn known(&self, user: &UserId) -> Result<i64, Stop> {
        let number = id::user_number(user).ok_or_else(refusal::unknown_user)?;
        if !self.users.borrow().contains(&number) {
            if !self.exists("SELECT 1 FROM users WHERE id = ?", number)? {
                return Err(refusal::unknown_user().into());
            }
            self.users.borrow_mut().insert(number);
        }
        Ok(number)
    }

    fn exists(&self, sql: &str, number: i64) -> rusqlite::Result<bool> {
        self.transaction.prepare_cached(sql)?.exists([number])
    }

    /// Notes the mail that goes with an access; a silent one has none.
    pub(super) fn send_mail(&self, user: i64, access: Access) -> rusqlite::Result<()> {
        let kind = match access {
            Access::Invite => "invitation",
            Access::ActiveWithEmail => "welcome",
            Access::Active => return Ok(()),
        };
        self.execute("INSERT INTO mails (user_id, kind, sent_at) VALUES (?, ?, ?)", (user, kind, &self.now))?;
        Ok(())
    }

    /// Runs a statement that is kept ready, and says how many rows it changed.
    pub(super) fn execute(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<usize> {
        self.transaction.prepare_cached(sql)?.execute(values)
    }

    /// The number of the team with exactly this name.
    pub(super) fn team(&self, name: &str) -> rusqlite::Result<Option<i64>> {
        let mut statement = self.transaction.prepare_cached("SELECT id FROM teams WHERE name = ?")?;
        statement.query_row([name], |row| row.get(0)).optional()
    }
}

/// The status in which somebody with a new access begins.
pub(super) fn status_after(access: Access) -> &'static str {
    match access {
        Access::Invite => "invited",
        Access::ActiveWithEmail | Access::Active => "active",
    }
}
