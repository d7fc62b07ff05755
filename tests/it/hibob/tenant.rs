//! A company in the sandbox, and a folder with the live demo that reads from it.

use std::process::Command;

use rollbook::connector::open::open_source;
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{ConnectorError, ConnectorSettings, Source};
use rollbook::model::{Cell, Column, EmployeeId, Form, Record, RecordLayout, Roster};
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{People, Sandbox, Settings, Switches};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::program::{Program, Ran, TODAY};

/// A token that stands out wherever it is printed.
pub(crate) const TOKEN: &str = "tok-5d41402abc4b2a76";
pub(crate) const ID: &str = "SERVICE-1001";
const RECIPE: &str = include_str!("../../../recipes/demo-live.yaml");

pub(crate) const SEARCH: &str = "POST /v1/people/search";

/// A running sandbox, and the folder of somebody who uses it.
pub(crate) struct Tenant {
    pub(crate) sandbox: Sandbox,
    pub(crate) program: Program,
    runtime: Runtime,
}

impl Tenant {
    /// The bundled 300 people, everybody of them in the audience.
    pub(crate) fn open() -> Self {
        Self::of(People::Bundled, |switches| switches.audience = Audience::All)
    }

    /// The same, with something switched.
    pub(crate) fn with(change: impl FnOnce(&mut Switches)) -> Self {
        let tenant = Self::open();
        tenant.sandbox.switch(change);
        tenant
    }

    pub(crate) fn of(people: People, change: impl FnOnce(&mut Switches)) -> Self {
        let mut settings = Settings { people, ..Settings::default() };
        change(&mut settings.switches);
        Self::start(settings)
    }

    pub(crate) fn start(mut settings: Settings) -> Self {
        let runtime = Runtime::new().unwrap();
        settings.today = Some(TODAY.parse().unwrap());
        settings.service_user.token = TOKEN.to_owned();
        let sandbox = runtime.block_on(Sandbox::start(settings)).unwrap();
        let program = Program::empty();
        program.run(&["init", "directory"]).expect_code(0);
        program.write("recipes/demo-live.yaml", RECIPE.replace("http://127.0.0.1:8472", &sandbox.base_url()));
        Self { sandbox, program, runtime }
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.sandbox.switch(change);
    }

    /// A command of the program on the live demo, on the tests' day, with the right credentials.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program.command(args);
        command.env("HIBOB_SERVICE_ID", ID).env("HIBOB_TOKEN", TOKEN);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    pub(crate) fn sync(&self, more: &[&str]) -> Ran {
        self.run(&[&["sync", "recipes/demo-live.yaml", "--today", TODAY], more].concat())
    }

    /// `check --live` of the live demo.
    pub(crate) fn check_live(&self) -> Ran {
        self.run(&["check", "recipes/demo-live.yaml", "--live"])
    }

    /// How often an endpoint was called.
    pub(crate) fn calls(&self, endpoint: &str) -> u64 {
        self.sandbox.calls().get(endpoint).copied().unwrap_or_default()
    }

    /// Every call of any endpoint.
    pub(crate) fn all_calls(&self) -> u64 {
        self.sandbox.calls().values().sum()
    }

    /// The connector, with these settings beside credentials and address.
    pub(crate) fn source(&self, more: Json) -> Box<dyn Source> {
        self.open_at(&self.sandbox.base_url(), TOKEN, more).unwrap()
    }

    pub(crate) fn open_at(&self, base_url: &str, token: &str, more: Json) -> Result<Box<dyn Source>, ConnectorError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("TEST_ID"), ID).unwrap();
        std::fs::write(folder.path().join("TEST_TOKEN"), token).unwrap();
        let mut settings = json!({ "credentials": { "id": "TEST_ID", "token": "TEST_TOKEN" }, "base_url": base_url });
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let settings = ConnectorSettings { name: "hibob".into(), settings, base: folder.path().to_owned() };
        open_source(&settings, &Secrets::new(Some(folder.path().to_owned())))
    }

    /// Lets the connector work.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Everybody, by the connector.
    pub(crate) fn roster(&self, fields: &[&str]) -> Result<Roster, ConnectorError> {
        self.wait(self.source(json!({})).roster(&layout(fields)))
    }

    /// Some people, by the connector.
    pub(crate) fn people(&self, ids: &[&str], fields: &[&str]) -> Result<Roster, ConnectorError> {
        people_of(self, &*self.source(json!({})), ids, fields)
    }

    /// What somebody reads when everybody cannot be read.
    pub(crate) fn refusal(&self) -> String {
        told(&self.roster(&["root.email"]).unwrap_err())
    }
}

/// Some people, by a connector that is open already.
pub(crate) fn people_of(
    tenant: &Tenant,
    source: &dyn Source,
    ids: &[&str],
    fields: &[&str],
) -> Result<Roster, ConnectorError> {
    let ids: Vec<EmployeeId> = ids.iter().map(|id| EmployeeId::from(*id)).collect();
    tenant.wait(source.people(&ids, &layout(fields)))
}

/// Message and help, as the program shows them.
pub(crate) fn told(error: &ConnectorError) -> String {
    format!("{error}\n→ {}", error.help())
}

/// The columns for fields; `field@id` is the machine id.
pub(crate) fn layout(fields: &[&str]) -> RecordLayout {
    let mut layout = RecordLayout::new();
    for field in fields {
        layout.slot(column(field)).unwrap();
    }
    layout
}

/// One person's fields as texts: the value, `empty`, or `not delivered`.
pub(crate) fn shown(record: &Record, fields: &[&str]) -> Vec<String> {
    let layout = layout(fields);
    let slots = fields.iter().map(|field| layout.find(&column(field)).unwrap());
    let text = |cell: &Cell| match cell {
        Cell::Value(value) => value.to_string(),
        Cell::Empty => "empty".to_owned(),
        Cell::NotDelivered => "not delivered".to_owned(),
    };
    slots.map(|slot| text(record.cell(slot))).collect()
}

fn column(field: &str) -> Column {
    let (path, form) = field.strip_suffix("@id").map_or((field, Form::Label), |path| (path, Form::Id));
    Column { path: path.into(), form }
}

pub(crate) fn person<'r>(roster: &'r Roster, id: &str) -> &'r Record {
    roster.records.iter().find(|record| record.id.as_str() == id).unwrap()
}

/// A text without what is another each time: ports and durations.
pub(crate) fn stable(text: &str) -> String {
    let replace =
        |text: &str, form: &str, by: &str| regex::Regex::new(form).unwrap().replace_all(text, by).into_owned();
    replace(&replace(text, r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"), r"\d+\.\d s", "N s")
}
