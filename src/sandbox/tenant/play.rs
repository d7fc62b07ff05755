//! What happens in the company: events in, changed people and notices out.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::Tenant;
use super::catalogue::{as_text, field};
use super::lifecycle::{LifecycleFields, Row, on};
use super::person::Person;
use crate::sandbox::event::{About, Change, Dated, Event, Hire, Leave, Move, Notice, Refusal, Terminate};
use crate::sandbox::switches::Switches;

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

    fn terminate(&mut self, end: &Terminate, garden_leave_active: bool) -> Result<Happened, Refusal> {
        let place = self.place(&end.person)?;
        let date = end.date.unwrap_or_else(|| self.day.yesterday().unwrap_or(self.day));
        let last_day = end.last_day.unwrap_or(date);
        if last_day > date {
            return Err(Refusal::new(
                "the last working day is after the termination date",
                "`last_day` is not after `date`; between the two lies garden leave",
            ));
        }
        let mut rows = self.rows(place, garden_leave_active);
        rows.retain(|row| row.begins() <= self.day && !["terminated", "garden leave"].contains(&row.status.as_str()));
        let old = rows.len();
        if last_day < date {
            rows.push(Row::new(last_day, "garden leave", garden_leave_active));
        }
        rows.push(Row::new(date, "terminated", false));
        self.set(place, field::TERMINATION, json!(date.to_string()));
        self.set(place, field::LAST_DAY, json!(last_day.to_string()));
        let mut notices = vec![self.lifecycle_row(place, date)];
        if end.revoke_access {
            self.set(place, field::STATUS, json!("Inactive"));
            notices.push(self.notice(place, "employee.access.revoked.immediately", About::Person));
        }
        notices.extend(self.take_rows(place, rows, old));
        Ok((Some(self.person_id(place)), notices))
    }

    fn leave(&mut self, leave: &Leave, garden_leave_active: bool) -> Result<Happened, Refusal> {
        if ["hired", "employed", "terminated", "garden leave"].contains(&leave.kind.to_lowercase().as_str()) {
            return Err(Refusal::new(
                format!("`{}` is no kind of leave", leave.kind),
                "give `leave`, `parental leave` or one of your own; `terminate` ends an employment",
            ));
        }
        let row = Row::new(leave.date.unwrap_or(self.day), &leave.kind, leave.remain_active);
        self.add_row(&leave.person, row, garden_leave_active)
    }

    fn come_back(&mut self, back: &Dated, garden_leave_active: bool) -> Result<Happened, Refusal> {
        self.add_row(&back.person, Row::new(back.date.unwrap_or(self.day), "employed", true), garden_leave_active)
    }

    fn rehire(&mut self, back: &Dated, garden_leave_active: bool) -> Result<Happened, Refusal> {
        let place = self.place(&back.person)?;
        if self.text_of(place, field::LIFECYCLE).as_deref() != Some("terminated") {
            return Err(Refusal::new("only who has left can be rehired", "terminate them first, or use `return`"));
        }
        let date = back.date.unwrap_or(self.day);
        self.set(place, field::START_DATE, json!(date.to_string()));
        self.set(place, field::TERMINATION, Json::Null);
        self.set(place, field::LAST_DAY, Json::Null);
        let mut rows = self.rows(place, garden_leave_active);
        let old = rows.len();
        if date > self.day {
            rows.push(Row::new(self.day, "hired", false));
        }
        rows.push(Row::new(date, "employed", true));
        let mut notices = vec![self.lifecycle_row(place, date)];
        notices.extend(self.take_rows(place, rows, old));
        Ok((Some(self.person_id(place)), notices))
    }

    fn delete(&mut self, person: &str) -> Result<Happened, Refusal> {
        let place = self.place(person)?;
        let id = self.person_id(place);
        let notice = self.notice(place, "employee.deleted", About::Person);
        Arc::make_mut(&mut self.people).remove(place);
        self.release_reports(&id);
        Ok((Some(id), vec![notice]))
    }

    /// Moves the day on, and lets what is due take effect. Rows count from midnight on; every site has the company's
    /// midnight here, where HiBob has each site's own (apis/hibob.md §4.1).
    pub(super) fn advance(&mut self, day: Date, garden_leave_active: bool) -> Vec<Notice> {
        let (from, fields) = (self.day, LifecycleFields::of(&self.catalogue));
        self.day = day;
        let mut notices = Vec::new();
        for place in 0..self.people.len() {
            if !fields.may_change_after(&self.people[place], from) {
                continue;
            }
            let rows = fields.rows(&self.people[place], garden_leave_active);
            let mut due: Vec<&Row> = rows.iter().filter(|row| row.begins() > from && row.begins() <= day).collect();
            due.sort_by_key(|row| row.begins());
            notices.extend(due.into_iter().flat_map(|row| self.take_effect(place, row)));
        }
        notices
    }

    fn add_row(&mut self, person: &str, row: Row, garden_leave_active: bool) -> Result<Happened, Refusal> {
        let place = self.place(person)?;
        let mut rows = self.rows(place, garden_leave_active);
        if on(&rows, self.day).is_some_and(|at| rows[at].status == "terminated") {
            return Err(Refusal::new("they have left", "`rehire` brings them back"));
        }
        let old = rows.len();
        let mut notices = vec![self.lifecycle_row(place, row.effective)];
        rows.push(row);
        notices.extend(self.take_rows(place, rows, old));
        Ok((Some(self.person_id(place)), notices))
    }

    fn rows(&self, place: usize, garden_leave_active: bool) -> Vec<Row> {
        LifecycleFields::of(&self.catalogue).rows(&self.people[place], garden_leave_active)
    }

    /// Keeps a person's rows; those from `new` on take effect as far as they have begun.
    fn take_rows(&mut self, place: usize, rows: Vec<Row>, new: usize) -> Vec<Notice> {
        let mut due: Vec<Row> = rows[new..].iter().filter(|row| row.begins() <= self.day).cloned().collect();
        due.sort_by_key(Row::begins);
        Arc::make_mut(&mut Arc::make_mut(&mut self.people)[place]).set_rows(rows);
        due.iter().flat_map(|row| self.take_effect(place, row)).collect()
    }

    fn set_lifecycle(&mut self, place: usize, row: &Row) {
        let changes = LifecycleFields::of(&self.catalogue).taking_effect(row);
        self.write(place, &changes);
    }

    /// A row begins to count: `internal.*` follow it, and webhooks tell of it (apis/hibob.md §5.4).
    fn take_effect(&mut self, place: usize, row: &Row) -> Vec<Notice> {
        let former = self.text_of(place, field::LIFECYCLE).unwrap_or_default();
        let was_active = self.text_of(place, field::STATUS).is_some_and(|status| status == "Active");
        self.set_lifecycle(place, row);
        let left = ["terminated", "garden leave"];
        let kinds = [
            ("employee.left", left.contains(&row.status.as_str()) && !left.contains(&former.as_str())),
            ("employee.joined", row.status == "employed" && ["hired", "terminated"].contains(&former.as_str())),
            (
                "employee.temporaryLeave",
                !["hired", "employed", "terminated", "garden leave"].contains(&row.status.as_str()),
            ),
            ("employee.activated", row.active && !was_active),
            ("employee.inactivated", !row.active && was_active),
        ];
        let fields = vec![field::LIFECYCLE.to_owned(), field::STATUS.to_owned()];
        let mut notices = vec![self.notice(place, "employee.updated", About::Fields(fields))];
        for (kind, _) in kinds.into_iter().filter(|(_, is)| *is) {
            let about = About::Lifecycle { status: row.status.clone(), effective: row.effective };
            notices.push(self.notice(place, kind, about));
        }
        notices
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

    fn lifecycle_row(&self, place: usize, effective: Date) -> Notice {
        self.notice(place, "table.entry.created", About::Table { table: "lifecycle", effective })
    }

    fn notice(&self, place: usize, kind: &'static str, about: About) -> Notice {
        let person = &self.people[place];
        let mut brief = self.brief(person);
        brief["site"] = self.catalogue.number(field::SITE).map_or(Json::Null, |site| person.value(site));
        Notice { kind, employee: self.person_id(place), brief, about }
    }
}
