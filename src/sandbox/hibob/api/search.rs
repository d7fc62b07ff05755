//! `POST /v1/people/search` and `POST /v1/people/{identifier}` (apis/hibob.md §2.1, §2.2).

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::audience::Audience;
use super::deliver;
use super::layout::{Layout, Values};
use super::refusal::{bad_request, not_found};
use crate::sandbox::hibob::simulation::Simulation;
use crate::sandbox::hibob::switches::{NoGroup, Switches};
use crate::sandbox::hibob::tenant::Tenant;
use crate::sandbox::hibob::tenant::catalogue::{Catalogue, field};

/// The body of a request; all keys are optional.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    fields: Option<Vec<String>>,
    filters: Option<Vec<Filter>>,
    show_inactive: Option<bool>,
    human_readable: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    field_path: String,
    operator: String,
    values: Vec<String>,
}

/// Everybody who is asked for, in one answer without pages.
pub(super) async fn search(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Response {
    let switches = simulation.switches();
    let request = match Request::parse(&body, &switches) {
        Ok(request) => request,
        Err(error) => return bad_request(&switches, &error),
    };
    let (people, catalogue) = simulation.answered();
    let audience = Audience::new(&catalogue, &switches);
    let wanted =
        request.filters.as_deref().and_then(<[_]>::first).map(|filter| (filter.number(&catalogue), filter.wanted()));
    let show_inactive = request.show_inactive.unwrap_or(false);
    let mut found: Vec<_> = people
        .iter()
        .filter(|person| audience.has(person) && (show_inactive || audience.is_active(person)))
        .filter(|person| {
            wanted.as_ref().is_none_or(|(number, values)| {
                number.and_then(|number| person.text(number)).is_some_and(|value| values.contains(value.as_str()))
            })
        })
        .cloned()
        .collect();
    if switches.no_group == Some(NoGroup::Empty) {
        found.clear();
    }
    if let Some(percent) = switches.faults.shrink_to_percent {
        shrink(&mut found, usize::from(percent));
    }
    let layout = request.layout(&catalogue, &switches, || audience.ids(&people));
    deliver::employees(&simulation, found, layout)
}

/// One person as a bare object, by id or address.
pub(super) async fn person(
    State(simulation): State<Arc<Simulation>>,
    Path(identifier): Path<String>,
    body: Bytes,
) -> Response {
    let switches = simulation.switches();
    let request = match Request::parse(&body, &switches) {
        Ok(request) => request,
        Err(error) => return bad_request(&switches, &error),
    };
    let (people, catalogue) = simulation.answered();
    let audience = Audience::new(&catalogue, &switches);
    let found = Tenant::find(&people, &catalogue, &identifier)
        .map(|place| &people[place])
        .filter(|person| audience.has(person) && (switches.person_finds_inactive || audience.is_active(person)));
    let (Some(person), true) = (found, switches.no_group.is_none()) else { return not_found(&switches) };
    let layout = request.layout(&catalogue, &switches, || audience.ids(&people));
    let mut text = String::new();
    layout.write(person, &mut text);
    deliver::json(&simulation, text)
}

/// Leaves so many percent, evenly.
fn shrink<T>(people: &mut Vec<T>, percent: usize) {
    let mut at = 0;
    people.retain(|_| {
        at += 1;
        at * percent / 100 > (at - 1) * percent / 100
    });
}

impl Request {
    fn parse(body: &[u8], switches: &Switches) -> Result<Self, String> {
        let request: Self = serde_json::from_slice(body).map_err(|error| format!("the body is wrong: {error}"))?;
        if switches.field_cap > 0 && request.fields.as_ref().is_some_and(|fields| fields.len() > switches.field_cap) {
            return Err(format!("more than {} fields", switches.field_cap));
        }
        request.values(switches)?;
        match request.filters.as_deref() {
            None => {}
            Some([]) if switches.refuse_empty_filters => return Err("filters is empty".to_owned()),
            Some([_, ..]) if switches.refuse_filters => return Err("filters are not supported".to_owned()),
            Some([] | [_]) => {}
            Some(_) => return Err("at most one filter is supported".to_owned()),
        }
        for filter in request.filters.iter().flatten() {
            filter.check()?;
        }
        Ok(request)
    }

    /// What `humanReadable` asks for: a text, not a boolean.
    fn values(&self, switches: &Switches) -> Result<Values, String> {
        let mut word = self.human_readable.clone().unwrap_or_default();
        if switches.lower_case_readable {
            word.make_ascii_uppercase();
        }
        match word.as_str() {
            "" => Ok(Values::Machine),
            "APPEND" => Ok(Values::Append),
            "REPLACE" => Ok(Values::Replace),
            _ => Err("humanReadable must be APPEND or REPLACE".to_owned()),
        }
    }

    /// Unknown fields are dropped without an error; the slash form is understood too. `visible` gives the ids of the people
    /// whom the service user sees, for tenants in which other managers stay hidden.
    fn layout(
        &self,
        catalogue: &Arc<Catalogue>,
        switches: &Switches,
        visible: impl FnOnce() -> HashSet<String>,
    ) -> Layout {
        let number =
            |id: &String| catalogue.number(id).or_else(|| catalogue.number(&id.strip_prefix('/')?.replace('/', ".")));
        let fields = self.fields.as_ref().map(|fields| fields.iter().filter_map(number).collect());
        let mut layout = Layout::new(catalogue, fields, self.values(switches).unwrap_or(Values::Machine), switches);
        if !switches.outside_managers {
            layout.show_managers(visible());
        }
        layout
    }
}

impl Filter {
    fn check(&self) -> Result<(), String> {
        if ![field::ID, field::EMAIL].contains(&self.field_path.as_str()) {
            return Err("fieldPath must be root.id or root.email".to_owned());
        }
        if self.operator != "equals" {
            return Err("operator must be equals".to_owned());
        }
        if self.values.is_empty() {
            return Err("values is empty".to_owned());
        }
        Ok(())
    }

    fn number(&self, catalogue: &Catalogue) -> Option<usize> {
        catalogue.number(&self.field_path)
    }

    fn wanted(&self) -> HashSet<&str> {
        self.values.iter().map(String::as_str).collect()
    }
}
