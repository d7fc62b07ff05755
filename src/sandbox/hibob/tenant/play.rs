//! What happens in the company: events in, changed people and notices out.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::Tenant;
use super::catalogue::{as_text, field};
use super::lifecycle::Row;
use super::person::Person;
use crate::sandbox::hibob::event::{About, Change, Event, Hire, Move, Notice};
use crate::sandbox::hibob::switches::Switches;
use crate::sandbox::refusal::Refusal;

/// Who it happened to, and what is to be told.
pub(crate) type Happened = (Option<String>, Vec<Notice>);

impl Tenant {
    /// Lets something happen; nothing has changed when it is refused.
    pub(crate) fn play(&mut self, event: &Event, switches: &Switches) -> Result<Happened, Refusal> {
        let before = (Arc::clone(&self.people), self.earlier.len());
        self.keep_earlier(Duration::from_millis(switches.stale_ms));
        let played = self.happen(event, switches.garden_leave_active);
        if played.is_err() {
            self.people = before.0;
            self.earlier.truncate(before.1);
        }
        played
    }

    fn happen(&mut self, event: &Event, garden_leave_active: bool) -> Result<Happened, Refusal> {
        match event {
            Event::Hire(hire) => self.hire(hire),
            Event::Change(Change { person, fields }) => self.change(person, fields),
            Event::Move(to) => self.move_to(to),
            Event::Terminate(end) => self.terminate(end, garden_leave_active),
            Event::Leave(leave) => self.leave(leave, garden_leave_active),
            Event::Return(back) => self.come_back(back, garden_leave_active),
            Event::Rehire(back) => self.rehire(back, garden_leave_active),
            Event::Delete(whom) => self.delete(&whom.person),
            Event::Day(day) if day.date < self.day => Err(Refusal::new(
                format!("it is {} already", self.day),
                "the company's day only moves on; start another sandbox to go back",
            )),
            Event::Day(day) => Ok((None, self.advance(day.date, garden_leave_active))),
        }
    }

    fn hire(&mut self, hire: &Hire) -> Result<Happened, Refusal> {
        for needed in [field::FIRST_NAME, field::SURNAME] {
            if hire.fields.get(needed).is_none_or(Json::is_null) {
                return Err(Refusal::new(format!("`{needed}` is missing"), "give at least first name and surname"));
            }
        }
        let start = hire.start_date.unwrap_or(self.day);
        self.next_id += 1;
        let id = self.next_id.to_string();
        let catalogue = Arc::clone(&self.catalogue);
        let empty = |number: usize| if catalogue.field(number).kind == "multi-list" { "[]" } else { "null" };
        let person = Person::of_texts(catalogue.fields().len(), |number, text| text.push_str(empty(number)));
        Arc::make_mut(&mut self.people).push(Arc::new(person));
        let place = self.people.len() - 1;
        self.set(place, field::ID, json!(id));
        self.set(place, "root.creationDate", json!(self.day.to_string()));
        self.set(place, field::START_DATE, json!(start.to_string()));
        self.assign(place, &hire.fields)?;
        let mut notices = vec![self.notice(place, "employee.created", About::Person)];
        let rows = vec![Row::new(self.day, "hired", false), Row::new(start, "employed", true)];
        self.set_lifecycle(place, &rows[0].clone());
        notices.extend(self.take_rows(place, rows, 1));
        Ok((Some(id), notices))
    }

    fn change(&mut self, person: &str, fields: &Map<String, Json>) -> Result<Happened, Refusal> {
        if fields.is_empty() {
            return Err(Refusal::new("`fields` is empty", "name at least one field with its new value"));
        }
        let place = self.place(person)?;
        self.assign(place, fields)?;
        let mut notices = Vec::new();
        if fields.keys().any(|id| self.is_work_row(id)) {
            let about = About::Table { table: "work", effective: self.day };
            notices.push(self.notice(place, "table.entry.created", about));
        }
        notices.push(self.notice(place, "employee.updated", About::Fields(fields.keys().cloned().collect())));
        Ok((Some(self.person_id(place)), notices))
    }

    fn move_to(&mut self, to: &Move) -> Result<Happened, Refusal> {
        let fields = [(field::DEPARTMENT, &to.department), (field::SITE, &to.site), (field::MANAGER, &to.manager)];
        let given = fields.into_iter().filter_map(|(id, value)| Some((id.to_owned(), json!(value.as_ref()?))));
        let given: Map<String, Json> = given.collect();
        if given.is_empty() {
            return Err(Refusal::new("nowhere to move to", "give `department`, `site` or `manager`"));
        }
        self.change(&to.person, &given)
    }

    fn delete(&mut self, person: &str) -> Result<Happened, Refusal> {
        let place = self.place(person)?;
        let id = self.person_id(place);
        let notice = self.notice(place, "employee.deleted", About::Person);
        Arc::make_mut(&mut self.people).remove(place);
        self.release_reports(&id);
        Ok((Some(id), vec![notice]))
    }

    /// Gives a person values, with all that follows from them.
    fn assign(&mut self, place: usize, fields: &Map<String, Json>) -> Result<(), Refusal> {
        let former_manager = self.text_of(place, field::MANAGER);
        let usual_name = self.usual_name(place);
        let mut changes = Vec::new();
        for (id, given) in fields {
            let (number, value) = self.value(id, given)?;
            if id == field::MANAGER && value == json!(self.person_id(place)) {
                return Err(Refusal::new("nobody reports to themselves", "name another manager"));
            }
            changes.push((number, value));
            if [field::SITE, field::SITE_ID].contains(&id.as_str()) && !given.is_null() {
                changes.extend(self.both_sites(given)?);
            }
        }
        self.write(place, &changes);
        let shown = self.text_of(place, field::DISPLAY_NAME);
        if !fields.contains_key(field::DISPLAY_NAME) && shown.is_none_or(|shown| shown == usual_name) {
            self.set(place, field::DISPLAY_NAME, json!(self.usual_name(place)));
        }
        self.follow(place, former_manager.as_deref());
        Ok(())
    }

    /// `work.site` is a name and `work.siteId` a number; one is never without the other (apis/hibob.md §0.5).
    fn both_sites(&self, given: &Json) -> Result<Vec<(usize, Json)>, Refusal> {
        let Some(number) = self.catalogue.number(field::SITE_ID) else { return Ok(Vec::new()) };
        let (_, item) = self.value(field::SITE_ID, given)?;
        let label = self.catalogue.label("site", &as_text(&item)).map_or(Json::Null, Json::from);
        Ok([Some((number, item)), self.catalogue.number(field::SITE).map(|site| (site, label))]
            .into_iter()
            .flatten()
            .collect())
    }

    /// The display name of somebody who has not chosen one.
    fn usual_name(&self, place: usize) -> String {
        let part = |id| self.text_of(place, id).unwrap_or_default();
        format!("{} {}", part(field::FIRST_NAME), part(field::SURNAME))
    }

    fn is_work_row(&self, id: &str) -> bool {
        [field::DEPARTMENT, field::SITE, field::SITE_ID, field::MANAGER, "work.title"].contains(&id)
    }

    pub(super) fn notice(&self, place: usize, kind: &'static str, about: About) -> Notice {
        let person = &self.people[place];
        let mut brief = self.brief(person);
        brief["site"] = self.catalogue.number(field::SITE).map_or(Json::Null, |site| person.value(site));
        Notice { kind, employee: self.person_id(place), brief, about }
    }
}
