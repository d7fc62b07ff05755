//! HiBob → `rollbook serve` → LearnUpon: what happens in one is in the other a moment later, also after an outage.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use rollbook::sandbox::hibob::DeliveryState;
use rollbook::sandbox::learnupon::User;
use serde_json::json;
use tokio::runtime::Runtime;

use super::program::{Company, RECIPE};
use crate::serve::office::until;

const SECRET: &str = "bob-live-secret";

/// A company whose portal is kept in step by a process that serves.
struct Live {
    company: Company,
    serving: Child,
}

impl Live {
    fn start() -> Self {
        let company = Company::of(3).active();
        company.edit("start: on_start_date", "start: when_added");
        let recipe = company.program.read(RECIPE);
        let real_time = "real_time: { path: /hooks/live, secret: BOB, settle: 1s }";
        company.program.write(RECIPE, format!("{recipe}\n{real_time}\n"));
        let mut command = company.command(&["serve", RECIPE, "--listen", "127.0.0.1:0"]);
        let mut serving = command.env("BOB", SECRET).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(serving.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let live = Self { company, serving };
        live.connect(&format!("{}/hooks/live", said.trim().rsplit(' ').next().unwrap()));
        live
    }

    /// Tells HiBob where to call.
    fn connect(&self, url: &str) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let control = format!("{}/webhook", self.company.hibob.control_url());
        let set = reqwest::Client::new().post(control).json(&json!({ "url": url, "secret": SECRET })).send();
        let answer = Runtime::new().unwrap().block_on(set).unwrap();
        assert!(answer.status().is_success(), "the server answers the ping");
    }

    fn hire(&self, name: &str) {
        self.company.hibob(json!({ "event": "hire", "start_date": "2020-01-06", "fields": {
            "root.firstName": name, "root.surname": "Koch", "root.email": mail(name), "work.title": "Engineer",
            "work.department": "Engineering", "work.site": "Paris" } }));
    }

    fn user(&self, name: &str) -> Option<User> {
        let mut users =
            self.company.learnupon.users().into_iter().filter(|user| user.email.as_deref() == Some(&mail(name)));
        let user = users.next();
        assert!(users.next().is_none(), "{name} has one account");
        user
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.serving.kill();
        let _ = self.serving.wait();
    }
}

fn mail(name: &str) -> String {
    format!("{name}@acme.example")
}

#[test]
fn somebody_is_hired_marries_and_leaves_and_learnupon_follows() {
    let live = Live::start();
    live.hire("ada");
    until("ada has an account", || live.user("ada").is_some_and(|user| user.enabled));
    let person = mail("ada");
    live.company.hibob(json!({ "event": "change", "person": person, "fields": { "root.surname": "Lovelace" } }));
    until("she has her new name", || {
        live.user("ada").is_some_and(|user| user.last_name.as_deref() == Some("Lovelace"))
    });
    live.company.hibob(json!({ "event": "terminate", "person": person, "date": "2026-01-30" }));
    until("she has no access", || live.user("ada").is_some_and(|user| !user.enabled));
}

#[test]
fn while_learnupon_is_gone_nobody_is_lost_or_given_up_and_nobody_is_made_twice_when_it_is_back() {
    let live = Live::start();
    live.hire("ada");
    until("ada has an account", || live.user("ada").is_some());
    let gone = json!({ "failures": [{ "calls": null, "status": 503 }] });
    live.company.learnupon.switch(|switches| switches.faults = serde_json::from_value(gone).unwrap());
    live.hire("bo");
    live.hire("cy");
    let called = || live.company.learnupon.calls().values().sum::<u64>();
    let before = called();
    until("the deliveries are taken and LearnUpon was asked", || {
        let deliveries = live.company.hibob.deliveries();
        let taken = deliveries.iter().all(|delivery| delivery.state != DeliveryState::Waiting);
        taken && called() > before + 5
    });
    assert!(live.user("bo").is_none() && live.user("cy").is_none());
    let status = live.company.run(&["status", RECIPE, "--format", "json"]).expect_code(0).stdout;
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert!(!status.to_string().contains("\"parked\":[{"), "{status:#}");
    let unanswered = json!({ "failures": [{ "endpoint": "POST /api/v1/users", "calls": 1, "done": true }] });
    live.company.learnupon.switch(|switches| switches.faults = serde_json::from_value(unanswered).unwrap());
    until("both have an account", || live.user("bo").is_some() && live.user("cy").is_some());
    let sync = live.company.run(&["sync", RECIPE]).expect_code(0);
    assert!(live.user("bo").is_some() && live.user("cy").is_some(), "{}", sync.stdout);
}
