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
use crate::stage::today::Now;
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
    let now = settings.now();
    let rows: Vec<Row> = accounts.iter().map(|account| row(account, &employees, now)).collect();
    match args.format {
        UsersFormat::Json => terminal::print_json(&rows.iter().map(as_json).collect::<Vec<_>>()),
        UsersFormat::Csv => terminal::print_as_is(&csv(&rows)),
        UsersFormat::Text => terminal::print(&text(&rows)),
    }
    Ok(Exit::Done)
}

/// One account, in the order of [`COLUMNS`].
type Row = [String; 8];

const COLUMNS: [&str; 8] =
    ["employee_id", "user_id", "login", "status", "created", "invited", "invitation_ends", "invitation_ended"];

fn row(account: &Account, employees: &BTreeMap<UserId, EmployeeId>, now: Now) -> Row {
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
        moment(&account.invitation_ends),
        if has_ended(account, now) { "yes".to_owned() } else { String::new() },
    ]
}

/// Whether nobody can accept the invitation any more.
fn has_ended(account: &Account, now: Now) -> bool {
    let Some(end) = account.invitation_ends else { return false };
    match now {
        Now::At(moment) => end < moment,
        Now::Day(day) => end.to_zoned(jiff::tz::TimeZone::UTC).date() < day,
    }
}

fn csv(rows: &[Row]) -> String {
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

fn text(rows: &[Row]) -> String {
    let line = |row: &[&str; 8]| {
        let ends = if row[7].is_empty() { row[6].to_owned() } else { format!("{} (over)", row[6]) };
        let [employee, user, login, status, created, invited, ..] = row;
        format!("{employee:<22} {user:<10} {status:<10} {created:<20} {invited:<20} {ends:<27} {login}\n")
    };
    let mut text = line(&COLUMNS);
    rows.iter().for_each(|row| text.push_str(&line(&row.each_ref().map(String::as_str))));
    text
}

fn as_json(row: &Row) -> serde_json::Value {
    let cells = COLUMNS.iter().zip(row).map(|(column, cell)| ((*column).to_owned(), json!(cell)));
    serde_json::Value::Object(cells.collect())
}
