//! Everything that a kill could have spoilt, read back in words that do not depend on the order of events.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use rollbook::connector::Target as _;
use rollbook::connector::directory::DirectoryTarget;
use rollbook::model::{GroupId, UserId, UserLayout, Value};
use rollbook::problem::Problems;
use rollbook::run::load::load;
use rollbook::store::OwnedWhat;
use rusqlite::{Connection, OpenFlags};

use crate::program::Program;

/// The directory and what is remembered of it; people are named by their address, groups by their name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct World {
    /// Status, fields, groups and how many invitations, by address.
    pub(crate) users: BTreeMap<String, BTreeSet<String>>,
    /// Employee and address.
    pub(crate) links: BTreeSet<(String, String)>,
    /// What is ours: address, and group or reference.
    pub(crate) owned: BTreeSet<(String, String)>,
    /// Creations that nobody knows the end of.
    pub(crate) intents: usize,
}

impl World {
    /// Reads it; nothing may be running.
    pub(crate) async fn of(program: &Program) -> Self {
        let path = program.path("recipes/demo.yaml");
        let recipe = load(&path, &mut Problems::new()).unwrap();
        let target = DirectoryTarget::open(&recipe.target).unwrap();
        let fields = target.catalogue().await.unwrap().fields;
        let layout = UserLayout::with_groups(fields.iter().map(|field| field.name.clone()).collect());
        let users = target.users(&layout).await.unwrap();
        let accounts = target.accounts().await.unwrap();
        let login: HashMap<UserId, String> =
            accounts.into_iter().map(|account| (account.id, account.login.to_string())).collect();
        assert_eq!(login.len(), users.len());
        let groups: HashMap<GroupId, String> =
            target.groups().await.unwrap().into_iter().map(|group| (group.id, group.name.to_string())).collect();
        let invitations = invitations(program);

        let mut world = BTreeMap::new();
        for user in users {
            let mut facts = BTreeSet::from([format!("is {}", user.status)]);
            for (field, cell) in fields.iter().zip(user.cells.iter()) {
                let Some(value) = cell.value() else { continue };
                let value = match (field.target_type.refers_to_users(), value) {
                    (true, Value::List(people)) => people.iter().map(|one| &*login[&UserId::from(&**one)]).collect(),
                    (true, one) => login[&UserId::from(one.as_text().unwrap())].clone(),
                    (false, other) => other.to_string(),
                };
                facts.insert(format!("{} = {value}", field.name));
            }
            facts.extend(user.memberships.iter().map(|one| format!("{} in {}", one.role, groups[&one.group])));
            facts.insert(format!("invited {}", invitations.get(user.id.as_str()).copied().unwrap_or_default()));
            world.insert(login[&user.id].clone(), facts);
        }

        let store = program.store().await;
        let links = store.links("demo").await.unwrap();
        let linked: BTreeSet<&UserId> = links.iter().map(|link| &link.user).collect();
        assert_eq!(linked.len(), links.len(), "one user belongs to one employee");
        let owned = store.owned("demo").await.unwrap().into_iter().map(|owned| {
            let what = match owned.what {
                OwnedWhat::Membership(group, role) => format!("{role} in {}", groups[&group]),
                OwnedWhat::Reference(field, to) => format!("{field} = {}", login[&to]),
            };
            (login[&owned.user].clone(), what)
        });
        let world = Self {
            users: world,
            links: links.iter().map(|link| (link.employee.to_string(), login[&link.user].clone())).collect(),
            owned: owned.collect(),
            intents: store.intents("demo").await.unwrap().len(),
        };
        store.close().await;
        world
    }

    /// Expects this world to be like another, and shows the first differences if it is not.
    #[track_caller]
    pub(crate) fn expect_like(&self, expected: &Self, after: &str) {
        for (address, facts) in &expected.users {
            let found = self.users.get(address).unwrap_or_else(|| panic!("{after}: {address} has no user"));
            let missing: Vec<&String> = facts.difference(found).collect();
            let extra: Vec<&String> = found.difference(facts).collect();
            assert!(missing.is_empty() && extra.is_empty(), "{after}: {address}: missing {missing:?}, extra {extra:?}");
        }
        let extra: Vec<&String> = self.users.keys().filter(|user| !expected.users.contains_key(*user)).collect();
        assert_eq!(extra, Vec::<&String>::new(), "{after}: users nobody asked for");
        let differences: Vec<_> = self.owned.symmetric_difference(&expected.owned).take(5).collect();
        assert!(differences.is_empty(), "{after}: ownership: {differences:?}");
        assert_eq!(self.links, expected.links, "{after}: links");
        assert_eq!(self.intents, expected.intents, "{after}: creations nobody knows the end of");
    }
}

/// A connection that reads and never writes.
pub(crate) fn reader(path: &Path) -> Option<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()
}

/// How many invitations went to each user. The connector shows only the latest.
fn invitations(program: &Program) -> HashMap<String, usize> {
    let directory = reader(&program.path(".rollbook/directory.db")).unwrap();
    let mut sent = HashMap::new();
    let mut statement =
        directory.prepare("SELECT printf('u_%06d', user_id) FROM mails WHERE kind = 'invitation'").unwrap();
    for user in statement.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        *sent.entry(user.unwrap()).or_default() += 1;
    }
    sent
}
