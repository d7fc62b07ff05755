//! What HiBob calculates from `work.manager`: `reportsTo`, the second level and `isManager` (apis/hibob.md §2.4).

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Tenant;
use super::catalogue::field;
use super::person::Person;

impl Tenant {
    /// Calculates again whatever depends on a person, after a change.
    pub(super) fn follow(&mut self, place: usize, former_manager: Option<&str>) {
        let id = self.person_id(place);
        let manager = self.text_of(place, field::MANAGER);
        self.point_to_manager(place);
        for report in self.reports_of(&id) {
            self.point_to_manager(report);
        }
        for one in [Some(id.as_str()), manager.as_deref(), former_manager].into_iter().flatten() {
            self.count_reports(one);
        }
    }

    /// Whoever reported to somebody who is deleted reports to nobody.
    pub(super) fn release_reports(&mut self, manager: &str) {
        for report in self.reports_of(manager) {
            self.set(report, field::MANAGER, Json::Null);
            self.point_to_manager(report);
        }
    }

    /// A person in short, as `work.reportsTo` shows them.
    pub(super) fn brief(&self, person: &Person) -> Json {
        let value = |id: &str| self.catalogue.number(id).map_or(Json::Null, |number| person.value(number));
        json!({
            "id": value(field::ID), "firstName": value(field::FIRST_NAME), "surname": value(field::SURNAME),
            "email": value(field::EMAIL), "displayName": value(field::DISPLAY_NAME),
        })
    }

    pub(super) fn text_of(&self, place: usize, id: &str) -> Option<String> {
        self.catalogue.number(id).and_then(|number| self.people[place].text(number))
    }

    pub(super) fn set(&mut self, place: usize, id: &str, value: Json) {
        if let Some(number) = self.catalogue.number(id) {
            self.write(place, &[(number, value)]);
        }
    }

    pub(super) fn write(&mut self, place: usize, changes: &[(usize, Json)]) {
        let changed = Arc::new(self.people[place].with(changes));
        Arc::make_mut(&mut self.people)[place] = changed;
    }

    fn point_to_manager(&mut self, place: usize) {
        let manager = self.text_of(place, field::MANAGER);
        let manager = manager.and_then(|id| Self::find(&self.people, &self.catalogue, &id));
        let second = manager.and_then(|manager| self.text_of(manager, field::MANAGER));
        let brief = manager.map_or(Json::Null, |manager| self.brief(&self.people[manager]));
        self.set(place, field::REPORTS_TO, brief);
        self.set(place, field::SECOND_LEVEL, second.map_or(Json::Null, Json::String));
    }

    fn count_reports(&mut self, id: &str) {
        let leads = !self.reports_of(id).is_empty();
        if let Some(place) = Self::find(&self.people, &self.catalogue, id) {
            self.set(place, field::IS_MANAGER, json!(leads));
        }
    }

    fn reports_of(&self, id: &str) -> Vec<usize> {
        let Some(manager) = self.catalogue.number(field::MANAGER) else { return Vec::new() };
        self.people.iter().enumerate().filter(|(_, person)| person.is(manager, id)).map(|(place, _)| place).collect()
    }
}
