//! What a delivery says: whom to look at again (apis/hibob.md §5.4, §5.5). Nothing else of it is looked at, as the person
//! is read again in any case; the schema bounds the rest.

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::EmployeeId;
use crate::recipe::schema::{self, Part, Violation};

/// What HiBob sends when a webhook is set up, in both of its forms (apis/hibob.md §5.2).
const PINGS: [&[u8]; 2] = [b"Ping test", br#"{"text":"Ping test"}"#];

/// Types that say something about a person (apis/hibob.md §5.4). Others are kept and ignored.
const KNOWN: [&str; 11] = [
    "employee.created",
    "employee.updated",
    "employee.deleted",
    "employee.joined",
    "employee.left",
    "employee.activated",
    "employee.inactivated",
    "employee.temporaryLeave",
    "employee.access.revoked.immediately",
    "table.entry.created",
    "table.entry.updated",
];

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Its type, as HiBob names it.
    pub(super) kind: Arc<str>,
    /// Whom it is about; there is always one if the type is known.
    pub(super) employee: Option<EmployeeId>,
}

/// A body that is none of HiBob's. Says where, and nothing of what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Malformed {
    /// Not JSON.
    NotJson,
    /// JSON of another shape: the pointer of what does not fit.
    Shape(String),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::Shape(pointer) if pointer.is_empty() => f.write_str("the body is not a webhook of HiBob"),
            Self::Shape(pointer) => write!(f, "the body is not a webhook of HiBob: see `{pointer}`"),
        }
    }
}

/// Whether a body only checks that somebody answers.
pub(super) fn is_ping(body: &[u8]) -> bool {
    PINGS.contains(&body)
}

impl Event {
    /// Reads a body of either version.
    pub(super) fn read(body: &[u8]) -> Result<Self, Malformed> {
        let json: Json = serde_json::from_slice(body).map_err(|_| Malformed::NotJson)?;
        if !schema::WEBHOOK.is_valid(&json) {
            let first = schema::WEBHOOK.violations(&json).into_iter().next();
            return Err(Malformed::Shape(first.map(|violation| place(&violation)).unwrap_or_default()));
        }
        let kind = json.get("type").and_then(Json::as_str).ok_or_else(|| Malformed::Shape("/type".to_owned()))?;
        let known = KNOWN.contains(&kind);
        let employee = employee(&json);
        match employee {
            // An integer beyond 64 bits, or one that is written as 1e3: no id.
            None if known => Err(Malformed::Shape("/data/employeeId".to_owned())),
            employee => Ok(Self { kind: kind.into(), employee }),
        }
    }

    /// Whether its type says something about a person.
    pub(super) fn is_known(&self) -> bool {
        KNOWN.contains(&&*self.kind)
    }
}

/// The id in the place of either version, if it is one.
fn employee(json: &Json) -> Option<EmployeeId> {
    let id = ["/data/employeeId", "/employee/id"].iter().find_map(|place| match json.pointer(place)? {
        Json::String(text) if is_id(text) => Some(text.as_str().into()),
        Json::Number(number) => number.as_u64().map(|number| number.to_string().into()),
        _ => None,
    });
    id.map(|id: Arc<str>| EmployeeId::new(id))
}

/// As the schema has it; types that are not known are not held to it.
fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// The place of a violation. Keys come from the body: no more of them than a few ordinary ones are repeated.
fn place(violation: &Violation) -> String {
    let place = match &violation.part {
        Part::Missing(key) => format!("{}/{key}", violation.pointer),
        Part::Value | Part::Key(_) => violation.pointer.clone(),
    };
    let plain = place.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/');
    if plain && place.len() <= 100 { place } else { String::new() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ADA: &str = "3000000000000000101";

    fn read(json: &Json) -> Result<Event, Malformed> {
        Event::read(json.to_string().as_bytes())
    }

    fn v2(kind: &str, data: Json) -> Json {
        json!({ "companyId": 700_001, "type": kind, "triggeredBy": "system",
            "triggeredAt": "2026-03-02T00:00:04.120331", "version": "v2", "data": data })
    }

    #[track_caller]
    fn expect_about_ada(json: &Json) {
        let event = read(json).unwrap_or_else(|malformed| panic!("{malformed}: {json}"));
        assert_eq!((event.employee, &*event.kind), (Some(ADA.into()), json["type"].as_str().unwrap()));
    }

    #[test]
    fn both_pings_are_pings_and_nothing_like_them() {
        assert!(is_ping(b"Ping test") && is_ping(br#"{"text":"Ping test"}"#));
        assert!(!is_ping(b"ping test") && !is_ping(b"Ping test\n") && !is_ping(b""));
    }

    #[test]
    fn every_known_type_names_its_person() {
        for kind in KNOWN {
            expect_about_ada(&v2(kind, json!({ "employeeId": ADA })));
            let malformed = read(&v2(kind, json!({ "employee": ADA }))).unwrap_err();
            assert_eq!(malformed, Malformed::Shape("/data/employeeId".to_owned()), "{kind}");
        }
    }

    #[test]
    fn types_of_code_schema_and_recipes_are_the_same() {
        let words = |json: &Json, pointer: &str| -> Vec<String> {
            serde_json::from_value(json.pointer(pointer).unwrap().clone()).unwrap()
        };
        assert_eq!(words(schema::WEBHOOK.json(), "/if/properties/type/enum"), KNOWN);
        let events = "/properties/real_time/properties/events/items/enum";
        assert_eq!(words(schema::RECIPE.json(), events), KNOWN);
    }

    #[test]
    fn field_updates_have_two_names_and_two_forms() {
        for name in ["fieldUpdates", "fieldUpdatesIds"] {
            for updates in [json!([]), json!([{ "id": "work.site" }]), json!(["work.site"]), json!(null)] {
                let mut body = v2("employee.updated", json!({ "employeeId": ADA }));
                body["data"][name] = updates;
                expect_about_ada(&body);
            }
        }
    }

    #[test]
    fn table_entries_have_either_id_or_both_with_nulls() {
        for rest in [
            json!({ "effectiveDate": "2026-04-17" }),
            json!({ "id": "4711" }),
            json!({ "id": 4711 }),
            json!({ "id": null, "effectiveDate": "2026-04-17" }),
            json!({ "id": "4711", "effectiveDate": null }),
        ] {
            let mut body = v2("table.entry.created", rest);
            body["data"]["employeeId"] = ADA.into();
            body["data"]["tableId"] = "lifecycle".into();
            expect_about_ada(&body);
        }
    }

    #[test]
    fn a_version_is_optional_and_an_id_may_be_a_number() {
        let mut body = v2("employee.created", json!({ "employeeId": 3_000_000_000_000_000_101_u64 }));
        body.as_object_mut().unwrap().remove("version");
        expect_about_ada(&body);
    }

    #[test]
    fn the_legacy_version_is_understood() {
        let mut body = json!({ "type": "employee.updated", "creationDate": "2026-03-02T00:00:04.120331",
            "employee": { "id": ADA, "firstName": "Ada", "surname": "Lovelace", "email": "ada@acme.example" },
            "changedBy": { "displayName": "System" } });
        expect_about_ada(&body);
        body["data"] = json!({ "fieldUpdates": [{ "id": "work.site", "oldValue": 1 }] });
        expect_about_ada(&body);
        body["employee"]["id"] = json!(3_000_000_000_000_000_101_u64);
        expect_about_ada(&body);
    }

    #[test]
    fn types_that_are_not_known_are_taken_with_anything_in_them() {
        for data in [json!({ "candidate": [1, { "a": "b" }] }), json!(null), json!({ "employeeId": { "x": 1 } })] {
            let event = read(&v2("candidate.hired", data)).unwrap();
            assert!(!event.is_known() && event.employee.is_none());
        }
        assert_eq!(read(&json!({ "type": "x", "employee": { "id": ADA } })).unwrap().employee, Some(ADA.into()));
    }

    #[test]
    fn what_is_not_a_webhook_is_told_by_its_place_and_not_repeated() {
        let said = |body: &str| Event::read(body.as_bytes()).unwrap_err().to_string();
        assert_eq!(said("{"), "the body is not JSON");
        assert_eq!(said("[]"), "the body is not a webhook of HiBob");
        assert_eq!(said("{}"), "the body is not a webhook of HiBob: see `/type`");
        for body in [
            v2("employee.created", json!({ "employeeId": "private words" })),
            v2("employee.created", json!({ "employeeId": "x".repeat(101) })),
            v2("employee.created", json!({ "employeeId": "" })),
            v2("employee.created", json!({ "employeeId": -1 })),
            v2("employee.created", json!({ "employeeId": 1e30 })),
            v2("employee.created", json!({ "employeeId": "a\u{0}b" })),
            v2("employee.created", json!({ "employeeId": null })),
            v2("employee.created", json!(null)),
            v2("private words", json!({ "employeeId": ADA })),
            v2(&"x".repeat(101), json!({ "employeeId": ADA })),
            v2("employee.updated", json!({ "employeeId": ADA, "fieldUpdates": ["x".repeat(201)] })),
            v2("employee.updated", json!({ "employeeId": ADA, "fieldUpdates": vec!["x"; 10_001] })),
        ] {
            let said = read(&body).unwrap_err().to_string();
            assert!(said.starts_with("the body is not a webhook of HiBob") && !said.contains("private"), "{said}");
            assert!(!said.contains("xxx") && said.len() < 100, "{said}");
        }
    }

    const KEYS: [&str; 8] = ["type", "data", "employee", "id", "employeeId", "fieldUpdates", "tableId", "x"];

    /// Something like a delivery, with anything in any place.
    fn bodies() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            ".{0,20}".prop_map(Json::from),
            proptest::sample::select(KNOWN.as_slice()).prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                proptest::collection::btree_map(proptest::sample::select(KEYS.as_slice()), inner, 0..6).prop_map(
                    |map| Json::Object(map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
                ),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Event::read(&body);
        }

        #[test]
        fn what_is_taken_of_any_json_is_bounded(body in bodies()) {
            if let Ok(event) = read(&body) {
                prop_assert!((1..=100).contains(&event.kind.len()));
                prop_assert!(event.employee.is_some() || !event.is_known());
                prop_assert!(event.employee.is_none_or(|id| is_id(id.as_str())));
            }
        }
    }
}
