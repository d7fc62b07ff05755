//! `rollbook sandbox` as a program, and its page in the documents.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use reqwest::Method;
use rollbook::sandbox::hibob::Switches;
use rollbook::sandbox::{leapsome, learnamp, learnupon, three_sixty};
use serde_json::Value as Json;

use super::client::{Tenant, http_client};
use super::leapsome::client::Company as Leapsome;
use super::learnamp::client::Account;
use super::learnupon::client::Portal;
use super::three_sixty::client::Company;
use crate::documents::part_of;
use crate::program::Program;

#[test]
fn the_program_prints_what_to_paste_answers_with_it_and_stops_when_told_to() {
    let program = Program::empty();
    let args = ["sandbox", "--port", "0", "--people", "20", "--everybody", "--today", "2026-11-02"];
    let mut child = program.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut after = |start: &str| {
        let line = lines.find(|line| line.trim_start().starts_with(start)).unwrap();
        line.trim().strip_prefix(start).unwrap().trim_matches('\'').to_owned()
    };
    let (base, id, token) = (after("base_url: "), after("export HIBOB_SERVICE_ID="), after("export HIBOB_TOKEN="));
    let ask = async {
        let call = http_client().post(format!("{base}/people/search")).basic_auth(id, Some(token));
        call.json(&serde_json::json!({ "showInactive": true })).send().await.unwrap().json::<Json>().await.unwrap()
    };
    let answer = tokio::runtime::Runtime::new().unwrap().block_on(ask);
    assert_eq!(answer["employees"].as_array().unwrap().len(), 20);
    let stop = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn mistakes_on_the_command_line_say_what_to_do() {
    let program = Program::empty();
    program
        .run(&["sandbox", "--port", "0", "--withhold", "lifecicle"])
        .expect_code(3)
        .says("there are: about, lifecycle");
    program.run(&["sandbox", "--port", "0", "--people", "0"]).expect_code(3).says("give a number from 1");
    program.run(&["sandbox", "--port", "0", "--file", "none.json"]).expect_code(3).says("none.json: can't be read");
    program.run(&["sandbox", "--port", "0", "--token-env", "NO_SUCH_NAME"]).expect_code(3).says("no `NO_SUCH_NAME`");
    program.run(&["sandbox", "--port", "0", "--webhook", "http://127.0.0.1:1"]).expect_code(3).says("--secret-env");
    program.write("switches.json", "{\"audiense\": \"all\"}");
    program.run(&["sandbox", "--port", "0", "--switches", "switches.json"]).expect_code(3).says("audiense");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    program.run(&["sandbox", "--port", &port]).expect_code(3).says("take another with `--port`");
}

#[test]
fn the_program_simulates_360learning_and_prints_what_to_paste() {
    let program = Program::empty();
    let args = ["sandbox", "360learning", "--port", "0", "--users", "20", "--today", "2026-11-02"];
    let mut child = program.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut after = |start: &str| {
        let line = lines.find(|line| line.trim_start().starts_with(start)).unwrap();
        line.trim().strip_prefix(start).unwrap().trim_matches('\'').to_owned()
    };
    let (base, group) = (after("base_url: "), after("default_group: "));
    let (id, secret) = (after("export L360_CLIENT_ID="), after("export L360_CLIENT_SECRET="));
    let ask = async {
        let body = serde_json::json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
        let token = http_client().post(format!("{base}/api/v2/oauth2/token")).json(&body).send().await.unwrap();
        let token: Json = token.json().await.unwrap();
        let roles = http_client().get(format!("{base}/api/v2/groups/{group}/roles")).header("360-api-version", "v2.0");
        let roles = roles.bearer_auth(token["access_token"].as_str().unwrap()).send().await.unwrap();
        roles.json::<Json>().await.unwrap()
    };
    let answer = tokio::runtime::Runtime::new().unwrap().block_on(ask);
    assert_eq!(answer.as_array().unwrap().len(), 20);
    let stop = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    program.run(&["sandbox", "360learning", "--withhold", "user:read"]).expect_code(3).says("there are: users:read");
    program.run(&["sandbox", "360learning", "--users", "0"]).expect_code(3).says("give a number from 1");
}

#[test]
fn the_program_simulates_learnupon_and_prints_what_to_paste() {
    let program = Program::empty();
    let args = ["sandbox", "learnupon", "--port", "0", "--people", "20", "--today", "2026-11-02"];
    let mut child = program.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut after = |start: &str| {
        let line = lines.find(|line| line.trim_start().starts_with(start)).unwrap();
        line.trim().strip_prefix(start).unwrap().trim_matches('\'').to_owned()
    };
    let (base, username) = (after("base_url: "), after("export LEARNUPON_USERNAME="));
    let password = after("export LEARNUPON_PASSWORD=");
    let ask = async {
        let call = http_client().get(format!("{base}/api/v1/users")).basic_auth(username, Some(password));
        call.send().await.unwrap().json::<Json>().await.unwrap()
    };
    let answer = tokio::runtime::Runtime::new().unwrap().block_on(ask);
    assert_eq!(answer["user"].as_array().unwrap().len(), 21);
    let stop = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    program.run(&["sandbox", "learnupon", "--people", "0"]).expect_code(3).says("give a number from 1");
    program.run(&["sandbox", "learnupon", "--file", "none.json"]).expect_code(3).says("none.json: can't be read");
}

#[test]
fn the_program_simulates_learn_amp_and_prints_what_to_paste() {
    let program = Program::empty();
    let args = ["sandbox", "learnamp", "--port", "0", "--people", "20"];
    let mut child = program.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut after = |start: &str| {
        let line = lines.find(|line| line.trim_start().starts_with(start)).unwrap();
        line.trim().strip_prefix(start).unwrap().trim_matches('\'').to_owned()
    };
    let base = after("base_url: ");
    let (id, secret) = (after("export LEARNAMP_CLIENT_ID="), after("export LEARNAMP_CLIENT_SECRET="));
    let ask = async {
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=users:read");
        let token = http_client().post(format!("{base}/oauth/token")).body(form);
        let token = token.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        let token: Json = token.json().await.unwrap();
        let users = http_client().get(format!("{base}/v1/users")).bearer_auth(token["access_token"].as_str().unwrap());
        users.send().await.unwrap().headers()["total"].to_str().unwrap().to_owned()
    };
    assert_eq!(tokio::runtime::Runtime::new().unwrap().block_on(ask), "21");
    let stop = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    program.run(&["sandbox", "learnamp", "--withhold", "user:read"]).expect_code(3).says("there are: users:read");
    program.run(&["sandbox", "learnamp", "--people", "0"]).expect_code(3).says("give a number from 1");
    program.run(&["sandbox", "learnamp", "--account", "none.json"]).expect_code(3).says("none.json: can't be read");
}

#[test]
fn the_program_simulates_leapsome_and_prints_what_to_paste() {
    let program = Program::empty();
    let args = ["sandbox", "leapsome", "--port", "0", "--users", "20", "--today", "2026-11-02"];
    let mut child = program.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut after = |start: &str| {
        let line = lines.find(|line| line.trim_start().starts_with(start)).unwrap();
        line.trim().strip_prefix(start).unwrap().trim_matches('\'').to_owned()
    };
    let (base, token) = (after("base_url: "), after("export LEAPSOME_SCIM_TOKEN="));
    let secret = after("export LEAPSOME_API_SECRET=");
    let ask = async {
        let users = http_client().get(format!("{base}/scim/v1/Users")).bearer_auth(token).send().await.unwrap();
        let token = http_client().get(format!("{base}/v1/token?secret={secret}")).send().await.unwrap();
        (users.json::<Json>().await.unwrap(), token.status())
    };
    let (users, token) = tokio::runtime::Runtime::new().unwrap().block_on(ask);
    assert_eq!((&users["totalResults"], token.as_u16()), (&Json::from(21), 200));
    let stop = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    program.run(&["sandbox", "leapsome", "--users", "0"]).expect_code(3).says("give a number from 1");
    program.run(&["sandbox", "leapsome", "--company", "none.json"]).expect_code(3).says("none.json: can't be read");
}

#[test]
fn the_page_of_the_sandbox_names_every_switch_and_every_fault() {
    let usual = |part: &str, switches: Json| {
        let page = part_of("docs/sandbox.md", part);
        let faults = switches["faults"].as_object().unwrap().keys();
        for name in switches.as_object().unwrap().keys().chain(faults) {
            assert!(page.contains(&format!("| `{name}` |")) || name == "faults", "`{name}` is not below {part}");
        }
    };
    usual("HiBob", serde_json::to_value(Switches::default()).unwrap());
    usual("360Learning", serde_json::to_value(three_sixty::Switches::default()).unwrap());
    usual("Learn Amp", serde_json::to_value(learnamp::Switches::default()).unwrap());
    usual("LearnUpon", serde_json::to_value(learnupon::Switches::default()).unwrap());
    usual("Leapsome", serde_json::to_value(leapsome::Switches::default()).unwrap());
}

#[tokio::test]
async fn the_examples_on_the_page_of_the_sandbox_work_one_after_the_other() {
    let tenant = Tenant::open().await;
    let bob: &Control = &|method, path| tenant.control(method, path);
    assert!(examples_work("HiBob", bob).await > 5, "the page has examples");
    let company = Company::open().await;
    let learning: &Control = &|method, path| company.control(method, path);
    assert!(examples_work("360Learning", learning).await > 5, "the page has examples");
    let account = Account::open().await;
    let amp: &Control = &|method, path| account.control(method, path);
    assert!(examples_work("Learn Amp", amp).await > 5, "the page has examples");
    let portal = Portal::open().await;
    let upon: &Control = &|method, path| portal.control(method, path);
    assert!(examples_work("LearnUpon", upon).await > 5, "the page has examples");
    let leapsome = Leapsome::open().await;
    let leap: &Control = &|method, path| leapsome.control(method, path);
    assert!(examples_work("Leapsome", leap).await > 5, "the page has examples");
}

/// A call of a sandbox's own API.
type Control<'a> = dyn Fn(Method, &str) -> reqwest::RequestBuilder + 'a;

/// Tries the examples of a part of the page, and sees that it names every path; how many examples there were.
async fn examples_work(part: &str, control: &Control<'_>) -> usize {
    let paths: Json = control(Method::GET, "").send().await.unwrap().json().await.unwrap();
    let page = part_of("docs/sandbox.md", part);
    for path in paths.as_object().unwrap().keys() {
        assert!(page.contains(path), "`{path}` is not below {part}");
    }
    let mut tried = 0;
    for block in page.split("\n```json ").skip(1) {
        let (kind, rest) = block.split_once('\n').unwrap();
        let body: Json = serde_json::from_str(rest.split("\n```").next().unwrap()).unwrap();
        let response = control(Method::POST, &format!("/{kind}")).json(&body).send().await.unwrap();
        assert!(response.status().is_success(), "{body}: {}", response.text().await.unwrap());
        tried += 1;
    }
    tried
}
