//! `rollbook users RECIPE`

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

use super::{Exit, Settings, Stop, terminal};
use crate::connector::Account;
use crate::connector::open::open_target;
use crate::delimited::DelimitedWriter;
use crate::model::{EmployeeId, UserId};
use crate::store::Store;

#[derive(Debug, Args)]
#[command(after_help = "\
Users of the target that belong to no employee are left out.

Example:
  rollbook users recipes/demo.yaml --format csv > users.csv

Exit codes: 0 listed · 2 problems · 3 could not run")]
pub(super) struct UsersArgs {
    /// The recipe, such as recipes/demo.yaml
    recipe: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value_t = UsersFormat::Text)]
    format: UsersFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UsersFormat {
    /// For people
    Text,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
}

pub(super) async fn run(args: &UsersArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipe = terminal::load_recipe(&args.recipe)?;
    let store = Store::open(&settings.database).await?;
    let links = store.links(&recipe.name).await?;
    store.close().await;
    let employees: BTreeMap<UserId, EmployeeId> = links.into_iter().map(|link| (link.user, link.employee)).collect();
    let mut accounts = open_target(&recipe.target, &settings.secrets())?.accounts().await?;
    accounts.retain(|account| employees.contains_key(&account.id));
    let rows: Vec<[String; 6]> = accounts.iter().map(|account| row(account, &employees)).collect();
    match args.format {
        UsersFormat::Json => terminal::print_json(&rows.iter().map(as_json).collect::<Vec<_>>()),
        UsersFormat::Csv => terminal::print_as_is(&csv(&rows)),
        UsersFormat::Text => terminal::print(&text(&rows)),
    }
    Ok(Exit::Done)
}

const COLUMNS: [&str; 6] = ["employee_id", "user_id", "login", "status", "created", "invited"];

fn row(account: &Account, employees: &BTreeMap<UserId, EmployeeId>) -> [String; 6] {
    let moment = |moment: &Option<Timestamp>| {
        moment.map(|moment| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
    };
    [
        employees.get(&account.id).map(ToString::to_string).unwrap_or_default(),
        account.id.to_string(),
        account.login.to_string(),
        account.status.to_string(),
        moment(&account.created),
        moment(&account.invited),
    ]
}

fn csv(rows: &[[String; 6]]) -> String {
    let mut out = Vec::new();
    let mut writer = DelimitedWriter::new(&mut out);
    let all = std::iter::once(COLUMNS).chain(rows.iter().map(|row| row.each_ref().map(String::as_str)));
    for row in all {
        let harmless = row.map(crate::report::harmless);
        // Writing to memory cannot fail.
        let _ = writer.row(&harmless.each_ref().map(|cell| &**cell));
    }
    let _ = writer.flush();
    drop(writer);
    String::from_utf8_lossy(&out).into_owned()
}

fn text(rows: &[[String; 6]]) -> String {
    let line = |row: &[&str; 6]| {
        format!("{:<22} {:<10} {:<10} {:<20} {:<20} {}\n", row[0], row[1], row[3], row[4], row[5], row[2])
    };
    let mut text = line(&COLUMNS);
    rows.iter().for_each(|row| text.push_str(&line(&row.each_ref().map(String::as_str))));
    text
}

fn as_json(row: &[String; 6]) -> serde_json::Value {
    let cells = COLUMNS.iter().zip(row).map(|(column, cell)| ((*column).to_owned(), json!(cell)));
    serde_json::Value::Object(cells.collect())
}
