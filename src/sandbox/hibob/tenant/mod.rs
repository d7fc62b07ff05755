//! The simulated company: its fields and lists, its people, its day, and what of them can be seen yet.

pub(crate) mod catalogue;
mod employment;
mod generate;
mod hierarchy;
pub(crate) mod lifecycle;
mod load;
pub(crate) mod person;
mod play;
mod value;

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;

use self::catalogue::{Catalogue, field};
use self::person::Person;
use super::settings::{People, Settings};
use crate::sandbox::SandboxError;
use crate::sandbox::refusal::Refusal;

const PEOPLE: &[u8] = include_bytes!("../../../../recipes/demo/people.json");

/// Everybody, cheap to share with an answer that is still being sent.
pub(crate) type Roster = Arc<Vec<Arc<Person>>>;

/// The company.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) catalogue: Arc<Catalogue>,
    people: Roster,
    /// What was there before a change, and until when it is still answered (apis/hibob.md §2.1, "Freshness").
    earlier: VecDeque<(Instant, Roster)>,
    day: Date,
    next_id: u64,
}

impl Tenant {
    /// Reads or makes the people that the settings ask for.
    pub(crate) fn open(settings: &Settings, day: Date) -> Result<Self, SandboxError> {
        let mut catalogue = match (&settings.fields, &settings.lists) {
            (None, None) => Catalogue::bundled()?,
            (fields, lists) => {
                let fields = fields.as_ref().map(|path| (read(path), path.display().to_string()));
                let lists = lists.as_ref().map(|path| (read(path), path.display().to_string()));
                Catalogue::of_files(fields, lists)?
            }
        };
        let mut as_of = day;
        let people = match &settings.people {
            People::Bundled => load::load(PEOPLE, "the bundled people", &mut catalogue)?,
            People::File(path) => {
                let name = path.display().to_string();
                let file = File::open(path).map_err(|error| SandboxError::unreadable(&name, &error))?;
                load::load(BufReader::new(file), &name, &mut catalogue)?
            }
            People::Generated { count, seed } => {
                as_of = generate::AS_OF;
                generate::generate(*count, *seed, &catalogue)
            }
        };
        let next_id = 3_900_000_000_000_000_000;
        let mut tenant = Self {
            catalogue: Arc::new(catalogue),
            people: Arc::new(people),
            earlier: VecDeque::new(),
            day: as_of,
            next_id,
        };
        if day > as_of {
            tenant.advance(day, false);
        }
        tenant.day = day;
        Ok(tenant)
    }

    /// Everybody, as requests see them now.
    pub(crate) fn answered(&mut self, now: Instant) -> Roster {
        while self.earlier.front().is_some_and(|(until, _)| *until <= now) {
            self.earlier.pop_front();
        }
        Arc::clone(self.earlier.front().map_or(&self.people, |(_, people)| people))
    }

    /// Everybody, as they are.
    pub(crate) fn people(&self) -> &Roster {
        &self.people
    }

    /// The day that the company has.
    pub(crate) fn day(&self) -> Date {
        self.day
    }

    /// Keeps what is there now for readers, before a change.
    fn keep_earlier(&mut self, stale: Duration) {
        if !stale.is_zero() {
            self.earlier.push_back((Instant::now() + stale, Arc::clone(&self.people)));
        }
    }

    /// The place of a person who is given by id or address.
    pub(crate) fn find(people: &[Arc<Person>], catalogue: &Catalogue, wanted: &str) -> Option<usize> {
        let id = catalogue.number(field::ID)?;
        people.iter().position(|person| person.is(id, wanted)).or_else(|| {
            let email = catalogue.number(field::EMAIL).filter(|_| wanted.contains('@'))?;
            let lower = wanted.to_lowercase();
            people.iter().position(|person| person.text(email).is_some_and(|email| email.to_lowercase() == lower))
        })
    }

    fn place(&self, wanted: &str) -> Result<usize, Refusal> {
        Self::find(&self.people, &self.catalogue, wanted).ok_or_else(|| {
            Refusal::new("nobody has this id or address", "`GET /sandbox/people` lists who is there".to_owned())
        })
    }

    fn person_id(&self, place: usize) -> String {
        self.catalogue.number(field::ID).and_then(|id| self.people[place].text(id)).unwrap_or_default()
    }
}

fn read(path: &std::path::Path) -> Result<Vec<u8>, SandboxError> {
    std::fs::read(path).map_err(|error| SandboxError::unreadable(&path.display().to_string(), &error))
}
