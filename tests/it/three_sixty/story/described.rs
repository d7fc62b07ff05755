//! What the connector sends is what the vendor describes.

use serde_json::json;

use super::acme::{Acme, RECIPE};
use crate::openapi::description;

#[test]
fn every_call_of_a_life_from_invitation_to_return_is_one_that_the_vendor_describes() {
    let Some(description) = description() else { return };
    let acme = Acme::small();
    acme.learning.switch(|switches| switches.record = 10_000);
    acme.run(&["check", RECIPE, "--live"]).expect_code(0);
    acme.by_hand(json!({ "change": "add", "fields": { "mail": "ada@acme.example" }, "groups": ["Tokyo"] }));
    let events = [
        json!({ "event": "day", "date": "2026-11-02" }),
        json!({ "event": "move", "person": "ada@acme.example", "department": "Legal", "manager": "omar@acme.example" }),
        json!({ "event": "change", "person": "bo@acme.example", "fields": { "root.email": "bo.lee@acme.example", "work.title": null } }),
        json!({ "event": "terminate", "person": "cleo@acme.example", "date": "2026-12-31" }),
        json!({ "event": "terminate", "person": "omar@acme.example", "date": "2026-10-31" }),
        json!({ "event": "rehire", "person": "omar@acme.example", "date": "2026-11-02" }),
    ];
    let mut exchanges = acme.learning.exchanges();
    for event in events {
        acme.play(&event);
        acme.sync();
        exchanges.extend(acme.learning.exchanges());
    }
    let wrong: Vec<_> = exchanges.iter().flat_map(|exchange| description.check(exchange)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let called = |endpoint: &str| exchanges.iter().any(|exchange| exchange.endpoint == endpoint);
    for endpoint in [
        "POST /api/v2/users",
        "PATCH /api/v2/users/{userId}",
        "DELETE /api/v2/users/{userId}",
        "PUT /api/v2/users/{userId}/custom-fields/values",
        "POST /api/v2/users/{userId}/managers/{managerId}",
        "DELETE /api/v2/users/{userId}/managers/{managerId}",
        "POST /api/v2/external-ids",
        "POST /api/v2/bulk/groups/memberships",
        "GET /api/v2/bulk/operations/{bulkOperationId}/results",
    ] {
        assert!(called(endpoint), "{endpoint} was not called");
    }
}
