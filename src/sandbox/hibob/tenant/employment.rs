//! Employments: how they end, pause and begin again, and what is due on a day (apis/hibob.md §4.1).

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::Tenant;
use super::catalogue::field;
use super::lifecycle::{LifecycleFields, Row, on};
use super::play::Happened;
use crate::sandbox::hibob::event::{About, Dated, Leave, Notice, Terminate};
use crate::sandbox::refusal::Refusal;

impl Tenant {
    pub(super) fn terminate(&mut self, end: &Terminate, garden_leave_active: bool) -> Result<Happened, Refusal> {
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

    pub(super) fn leave(&mut self, leave: &Leave, garden_leave_active: bool) -> Result<Happened, Refusal> {
        if ["hired", "employed", "terminated", "garden leave"].contains(&leave.kind.to_lowercase().as_str()) {
            return Err(Refusal::new(
                format!("`{}` is no kind of leave", leave.kind),
                "give `leave`, `parental leave` or one of your own; `terminate` ends an employment",
            ));
        }
        let row = Row::new(leave.date.unwrap_or(self.day), &leave.kind, leave.remain_active);
        self.add_row(&leave.person, row, garden_leave_active)
    }

    pub(super) fn come_back(&mut self, back: &Dated, garden_leave_active: bool) -> Result<Happened, Refusal> {
        self.add_row(&back.person, Row::new(back.date.unwrap_or(self.day), "employed", true), garden_leave_active)
    }

    pub(super) fn rehire(&mut self, back: &Dated, garden_leave_active: bool) -> Result<Happened, Refusal> {
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
    pub(super) fn take_rows(&mut self, place: usize, rows: Vec<Row>, new: usize) -> Vec<Notice> {
        let mut due: Vec<Row> = rows[new..].iter().filter(|row| row.begins() <= self.day).cloned().collect();
        due.sort_by_key(Row::begins);
        Arc::make_mut(&mut Arc::make_mut(&mut self.people)[place]).set_rows(rows);
        due.iter().flat_map(|row| self.take_effect(place, row)).collect()
    }

    pub(super) fn set_lifecycle(&mut self, place: usize, row: &Row) {
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

    fn lifecycle_row(&self, place: usize, effective: Date) -> Notice {
        self.notice(place, "table.entry.created", About::Table { table: "lifecycle", effective })
    }
}
