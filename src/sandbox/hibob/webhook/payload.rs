//! What a webhook says (apis/hibob.md §5.4, §5.5).

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::sandbox::hibob::event::{About, Notice};
use crate::sandbox::hibob::switches::{FieldUpdates, Switches, WebhookVersion};

/// The simulated company's number, as in `root.companyId`.
const COMPANY: u32 = 700_001;

/// The second version: ids only, and no id of the event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'n> {
    company_id: u32,
    r#type: &'n str,
    triggered_by: &'static str,
    triggered_at: String,
    version: &'static str,
    data: Map<String, Json>,
}

/// The body of a webhook, as text: it is signed as it is sent.
pub(super) fn render(notice: &Notice, switches: &Switches) -> String {
    let text = match switches.webhook_version {
        WebhookVersion::V2 => serde_json::to_string(&Envelope {
            company_id: COMPANY,
            r#type: notice.kind,
            triggered_by: "system",
            triggered_at: now(),
            version: "v2",
            data: data(notice, switches),
        }),
        WebhookVersion::V1 => serde_json::to_string(&first_version(notice)),
    };
    // Texts and numbers always serialize.
    text.unwrap_or_default()
}

fn data(notice: &Notice, switches: &Switches) -> Map<String, Json> {
    let mut data = Map::new();
    data.insert("employeeId".to_owned(), json!(notice.employee));
    match &notice.about {
        About::Person => {}
        About::Fields(fields) => {
            let name = match switches.field_updates {
                FieldUpdates::FieldUpdates => "fieldUpdates",
                FieldUpdates::FieldUpdatesIds => "fieldUpdatesIds",
            };
            let entry = |id: &String| if switches.bare_field_updates { json!(id) } else { json!({ "id": id }) };
            data.insert(name.to_owned(), fields.iter().map(entry).collect());
        }
        About::Table { table, effective } => {
            data.insert("tableId".to_owned(), json!(table));
            data.insert("effectiveDate".to_owned(), json!(effective.to_string()));
            if switches.old_table_entries {
                data.insert("id".to_owned(), Json::Null);
            }
        }
        // The exact keys are not confirmed (§10.1).
        About::Lifecycle { status, effective } => {
            data.insert("status".to_owned(), json!(status));
            data.insert("effectiveDate".to_owned(), json!(effective.to_string()));
        }
    }
    data
}

/// The first version, with names in it.
fn first_version(notice: &Notice) -> Json {
    let mut body = json!({
        "type": notice.kind,
        "creationDate": now(),
        "employee": notice.brief,
        "changedBy": { "displayName": "System" },
    });
    if let About::Fields(fields) = &notice.about {
        body["data"] = json!({ "fieldUpdates": fields.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>() });
    }
    body
}

/// A moment with microseconds and without a zone.
fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}
