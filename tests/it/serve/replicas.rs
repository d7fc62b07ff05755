//! Two processes on one PostgreSQL: they share the work, and one takes over when the other is killed.

use std::collections::BTreeSet;

use super::office::{Office, until};
use crate::cluster::Cluster;

#[test]
fn of_two_replicas_one_is_killed_under_load_and_everybody_is_made_once() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let mut office = Office::empty().with_database(&database);
    let first = office.serve();
    let second = office.serve();
    office.open_bob(&first);
    let address = first.address.trim_start_matches("http://").to_owned();
    let mails: Vec<String> = (0..80).map(|number| format!("p{number}@acme.example")).collect();
    let (before, after) = mails.split_at(40);
    before.iter().for_each(|mail| office.hire(mail, "Engineering"));
    until("the work has begun", || !office.users().is_empty());
    first.kill();
    after.iter().for_each(|mail| office.hire(mail, "Legal"));
    let third = office.serve_at(&address);
    until("everybody has a user", || office.users().len() >= mails.len());
    until("nobody waits", || cluster.ask(&database, "SELECT COUNT(*) FROM due") == "0");
    let users: Vec<String> = office.users().into_iter().map(|(mail, _, _)| mail).collect();
    assert_eq!(users.iter().cloned().collect::<BTreeSet<_>>(), mails.iter().cloned().collect());
    assert_eq!(users.len(), mails.len());
    let twice = "SELECT employee FROM handled WHERE kind = 'created' GROUP BY employee HAVING COUNT(*) > 1";
    assert_eq!(cluster.ask(&database, twice), "");
    assert_eq!((second.end(), third.end()), (Some(0), Some(0)));
}

#[test]
fn a_database_that_goes_and_comes_back_is_waited_for() {
    let Some(cluster) = Cluster::start() else { return };
    let mut office = Office::empty().with_database(&cluster.database());
    let serving = office.serve();
    office.open_bob(&serving);
    office.hire("ada@acme.example", "Engineering");
    until("ada has a user", || office.status("ada@acme.example").is_some());
    cluster.stop();
    office.hire("bo@acme.example", "Engineering");
    until("the delivery is refused", || office.bob().deliveries().iter().any(|delivery| delivery.attempts.len() > 1));
    cluster.resume();
    until("bo has a user when it is back", || office.status("bo@acme.example").is_some());
    assert_eq!(serving.end(), Some(0));
}
