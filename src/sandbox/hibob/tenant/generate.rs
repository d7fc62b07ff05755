//! Any number of invented people out of a seed: a tree of managers with a department to each branch, starters, leavers
//! and people on leave. The same seed gives the same people.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::catalogue::{Catalogue, field};
use super::person::Person;
use crate::sandbox::names::{FIRST, LAST};
use crate::sandbox::numbers::Numbers;

/// The day that generated dates lie around. A sandbox of a later day lives through the time between.
pub(super) const AS_OF: Date = date(2026, 11, 2);

/// How many people report to a manager.
const SPAN: usize = 8;

/// The people of a seed.
pub(super) fn generate(count: usize, seed: u64, catalogue: &Catalogue) -> Vec<Arc<Person>> {
    let company = Company {
        count,
        seed,
        departments: catalogue.current_items("department"),
        titles: catalogue.current_items("title"),
        sites: catalogue.current_items("site"),
        grades: catalogue.current_items("seniority"),
        languages: catalogue.current_items("spokenLanguages"),
    };
    let ids: Vec<&str> = catalogue.fields().iter().map(|field| field.id.as_str()).collect();
    let one = |number| {
        let life = company.life(number);
        let mut numbers = Numbers::of(seed.rotate_left(17), number);
        let person =
            Person::of_texts(ids.len(), |field, text| company.write(ids[field], number, &life, &mut numbers, text));
        Arc::new(person)
    };
    (0..count).map(one).collect()
}

struct Company<'c> {
    count: usize,
    seed: u64,
    departments: Vec<(String, &'c str)>,
    titles: Vec<(String, &'c str)>,
    sites: Vec<(String, &'c str)>,
    grades: Vec<(String, &'c str)>,
    languages: Vec<(String, &'c str)>,
}

/// What becomes of a person in the company.
struct Life {
    status: &'static str,
    active: bool,
    start: Date,
    last_day: Option<Date>,
    end: Option<Date>,
    site: usize,
}

impl Company<'_> {
    fn life(&self, number: usize) -> Life {
        let mut numbers = Numbers::of(self.seed, number);
        let luck = numbers.below(1000);
        let site = branch(number).wrapping_mul(5) + if numbers.below(4) == 0 { numbers.below(7) } else { 0 };
        let site = site % self.sites.len().max(1);
        let days = |days: usize| i64::try_from(days).unwrap_or(0).days();
        let before = |longest: usize, numbers: &mut Numbers| AS_OF.saturating_sub(days(1 + numbers.below(longest)));
        let start = before(3000, &mut numbers).saturating_sub(800.days());
        let (soon, lately) = (AS_OF.saturating_add(days(1 + numbers.below(60))), before(30, &mut numbers));
        let life = |status, active, start, last_day, end| Life { status, active, start, last_day, end, site };
        match luck {
            // Whoever leads a branch has begun and stays.
            _ if number <= SPAN => life("employed", true, start, None, None),
            0..30 => life("hired", false, soon, None, None),
            30..110 => {
                let end = before(730, &mut numbers);
                life("terminated", false, start, Some(end), Some(end))
            }
            110..120 => life("garden leave", false, start, Some(lately), Some(soon)),
            120..140 => life("leave", numbers.below(2) == 0, start, None, None),
            140..150 => life("parental leave", numbers.below(2) == 0, start, None, None),
            150..170 => life("employed", true, start, Some(soon), Some(soon)),
            170..230 => life("employed", true, before(400, &mut numbers), None, None),
            _ => life("employed", true, start, None, None),
        }
    }

    fn write(&self, id: &str, number: usize, life: &Life, numbers: &mut Numbers, text: &mut String) {
        let level = Level::of(number);
        let manager = level.manager(number);
        match id {
            field::ID => quoted(text, &employee_id(number)),
            field::EMAIL => quoted(text, &self.email(number)),
            field::FIRST_NAME => quoted(text, self.name(number).0.0),
            field::SURNAME => quoted(text, self.name(number).1.0),
            field::DISPLAY_NAME => quoted(text, &self.display_name(number)),
            "root.creationDate" => quoted(text, &life.start.saturating_sub(30.days()).to_string()),
            field::START_DATE => quoted(text, &life.start.to_string()),
            field::DEPARTMENT => item(text, &self.departments, branch(number)),
            "work.title" => item(text, &self.titles, numbers.below(self.titles.len())),
            field::SITE => match self.sites.get(life.site) {
                Some((_, label)) => quoted(text, label),
                None => text.push_str("null"),
            },
            field::SITE_ID => item(text, &self.sites, life.site),
            "work.employeeIdInCompany" => _ = write!(text, "{}", 1000 + number),
            field::MANAGER => reference(text, manager),
            field::SECOND_LEVEL => reference(text, manager.and_then(|one| Level::of(one).manager(one))),
            field::REPORTS_TO => match manager {
                Some(manager) => self.write_brief(text, manager),
                None => text.push_str("null"),
            },
            field::IS_MANAGER => _ = write!(text, "{}", level.first_report(number) < self.count),
            field::STATUS => quoted(text, if life.active { "Active" } else { "Inactive" }),
            field::LIFECYCLE => quoted(text, life.status),
            field::TERMINATION => day(text, life.end),
            field::LAST_DAY => day(text, life.last_day),
            "personal.birthDate" => quoted(
                text,
                &date(1998, 6, 15).saturating_sub(i64::try_from(numbers.below(14_000)).unwrap_or(0).days()).to_string(),
            ),
            "personal.legalGender" => quoted(text, ["Female", "Male", "Non-binary"][numbers.below(20) % 3]),
            "work.custom.field_1700000000001" => item(text, &self.grades, numbers.below(self.grades.len() + 1)),
            "work.custom.field_1700000000002" => {
                quoted(text, &format!("{:05}", 10 + branch(number) * 100 + numbers.below(40)))
            }
            "about.custom.Spoken languages_X1a2" => self.write_languages(text, numbers),
            "work.custom.field_1700000000003" => _ = write!(text, "{}", numbers.below(5) == 0),
            _ => text.push_str("null"),
        }
    }

    fn name(&self, number: usize) -> ((&'static str, &'static str), (&'static str, &'static str)) {
        let mut numbers = Numbers::of(self.seed.rotate_left(31), number);
        (FIRST[numbers.below(FIRST.len())], LAST[numbers.below(LAST.len())])
    }

    fn display_name(&self, number: usize) -> String {
        let ((first, _), (last, _)) = self.name(number);
        format!("{first} {last}")
    }

    fn email(&self, number: usize) -> String {
        let ((_, first), (_, last)) = self.name(number);
        let email = format!("{first}.{last}.{number}@acme.example");
        if number % 97 == 96 { email.to_uppercase() } else { email }
    }

    fn write_brief(&self, text: &mut String, number: usize) {
        let ((first, _), (last, _)) = self.name(number);
        let brief = [
            ("id", employee_id(number)),
            ("firstName", first.to_owned()),
            ("surname", last.to_owned()),
            ("email", self.email(number)),
            ("displayName", self.display_name(number)),
        ];
        for (at, (key, value)) in brief.iter().enumerate() {
            text.push_str(if at == 0 { "{" } else { "," });
            quoted(text, key);
            text.push(':');
            quoted(text, value);
        }
        text.push('}');
    }

    fn write_languages(&self, text: &mut String, numbers: &mut Numbers) {
        let from = numbers.below(self.languages.len());
        let spoken = self.languages.iter().cycle().skip(from).take(numbers.below(4).min(self.languages.len()));
        let ids: Vec<&str> = spoken.map(|(id, _)| id.as_str()).collect();
        _ = write!(text, "[{}]", ids.join(","));
    }
}

/// Which of the branches below the top somebody belongs to; all are of one size.
fn branch(number: usize) -> usize {
    if number == 0 { 0 } else { 1 + (number - Level::of(number).start) % SPAN }
}

/// A level of the tree of managers: one at the top, and below everybody `SPAN` people.
struct Level {
    /// The first number of the level.
    start: usize,
    /// How many there are when it is full.
    size: usize,
}

impl Level {
    fn of(number: usize) -> Self {
        let (mut start, mut size) = (0, 1);
        while number >= start + size {
            start += size;
            size *= SPAN;
        }
        Self { start, size }
    }

    /// Whom somebody reports to. The managers above take turns, so that a level that is not full burdens all alike.
    fn manager(&self, number: usize) -> Option<usize> {
        let above = self.size / SPAN;
        (above > 0).then(|| self.start - above + (number - self.start) % above)
    }

    /// The first who would report to somebody.
    fn first_report(&self, number: usize) -> usize {
        number + self.size
    }
}

fn employee_id(number: usize) -> String {
    (3_100_000_000_000_000_000 + number as u64 * 7 + 1).to_string()
}

fn quoted(text: &mut String, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

fn item(text: &mut String, items: &[(String, &str)], at: usize) {
    text.push_str(items.get(at).map_or("null", |(id, _)| id));
}

fn reference(text: &mut String, number: Option<usize>) {
    match number {
        Some(number) => quoted(text, &employee_id(number)),
        None => text.push_str("null"),
    }
}

fn day(text: &mut String, day: Option<Date>) {
    match day {
        Some(day) => quoted(text, &day.to_string()),
        None => text.push_str("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_people_and_another_seed_others() {
        let catalogue = Catalogue::bundled().unwrap();
        let texts = |seed| format!("{:?}", generate(200, seed, &catalogue));
        assert_eq!(texts(7), texts(7));
        assert_ne!(texts(7), texts(8));
    }

    #[test]
    fn whoever_has_a_report_is_a_manager_and_nobody_else() {
        let count = 500;
        let managers: std::collections::BTreeSet<usize> =
            (0..count).filter_map(|number| Level::of(number).manager(number)).collect();
        for number in 0..count {
            assert_eq!(Level::of(number).first_report(number) < count, managers.contains(&number), "{number}");
        }
        assert_eq!(Level::of(0).manager(0), None);
    }

    #[test]
    fn every_generated_value_is_json_and_every_status_occurs() {
        let catalogue = Catalogue::bundled().unwrap();
        let people = generate(3000, 1, &catalogue);
        let status = catalogue.number(field::LIFECYCLE).unwrap();
        for person in &people {
            for number in 0..catalogue.fields().len() {
                let raw = person.raw(number).unwrap();
                assert!(
                    serde_json::from_str::<serde_json::Value>(raw).is_ok(),
                    "{}: {raw}",
                    catalogue.field(number).id
                );
            }
        }
        for wanted in ["hired", "employed", "terminated", "garden leave", "leave", "parental leave"] {
            assert!(people.iter().any(|person| person.is(status, wanted)), "somebody is {wanted}");
        }
    }
}
