//! Invitations (apis/learnupon.md §2.3).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::body::{good, unwrapped};
use super::list::{Name, Query, page};
use super::refusal::faulty;
use crate::sandbox::learnupon::portal::{Fault, Invite, shown};
use crate::sandbox::learnupon::simulation::Simulation;
use crate::sandbox::learnupon::switches::Switches;

type Shared = State<Arc<Simulation>>;

/// `POST /portal_invite`.
pub(super) async fn to_portal(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let switches = simulation.switches();
    let mut portal = simulation.portal();
    let sent = unwrapped(&headers, &body, "Invite").and_then(|sent| portal.invite(&sent, &switches));
    match sent.map(|id| portal.invites.get(&id).map(|invite| invite.email.clone()).zip(Some(id))) {
        Ok(sent) => {
            let (email, id) = sent.unzip();
            good(&json!({ "id": id, "email": email }))
        }
        Err(fault) => faulty(&switches, &fault),
    }
}

/// `POST /group_invites`.
pub(super) async fn to_group(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let switches = simulation.switches();
    let mut portal = simulation.portal();
    let sent = unwrapped(&headers, &body, "GroupInvite").and_then(|sent| portal.invite_to_group(&sent, &switches));
    match sent {
        Ok(ids) => {
            let invites = ids.iter().filter_map(|id| portal.invites.get(id));
            let shown: Json = invites.map(|invite| show(invite, &switches)).collect();
            good(&json!({ Name::INVITES.key(&switches): shown }))
        }
        Err(fault) => faulty(&switches, &fault),
    }
}

/// `GET /group_invites`: a log, with those who accepted, refused and were withdrawn.
pub(super) async fn list(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let (switches, portal) = (simulation.switches(), simulation.portal());
    let group = query.get("group_id").and_then(|id| id.parse::<u64>().ok());
    let listed = portal.invites.values().filter(|invite| {
        (invite.group_id.is_some() || switches.list_portal_invites)
            && group.is_none_or(|group| invite.group_id == Some(group))
    });
    page(&switches, Name::INVITES, &query, listed, |invite| show(invite, &switches))
}

/// `DELETE /group_invites/{id}`.
pub(super) async fn withdraw(State(simulation): Shared, Path(id): Path<String>) -> Response {
    let withdrawn = id.parse().map_err(|_| Fault::NotFound).and_then(|id| simulation.portal().withdraw(id));
    match withdrawn {
        Ok(()) => good(&json!({})),
        Err(fault) => faulty(&simulation.switches(), &fault),
    }
}

fn show(invite: &Invite, switches: &Switches) -> Json {
    let mut told = json!({
        "id": invite.id,
        "email": invite.email,
        "group_id": invite.group_id,
        "invite_status": invite.invite_status,
        "accept_url": format!("https://acme.learnupon.example/invites/{}", invite.id),
    });
    if switches.invites_tell {
        told["first_name"] = json!(invite.first_name);
        told["last_name"] = json!(invite.last_name);
        told["created_at"] = json!(shown(invite.created_at));
        told["expires_at"] = json!(shown(invite.expires_at));
        told["CustomData"] = json!(invite.custom);
    }
    told
}
