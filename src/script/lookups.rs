//! The helpers that read value tables, and the count of values that no row knows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rhai::{Dynamic, Engine, ImmutableString};

use crate::problem::did_you_mean;
use crate::table::Found;

use super::convert::{Outcome, text_argument, trouble};
use super::engine::Shared;

/// For how many people no row of a table knew a key.
pub type Misses = BTreeMap<(Arc<str>, Box<str>), u32>;

/// Counts misses while scripts run; each person counts once per table and key.
#[derive(Default)]
pub(super) struct MissCounts {
    person: u64,
    noted: u64,
    tables: HashMap<Arc<str>, HashMap<Box<str>, Miss>>,
}

struct Miss {
    people: u32,
    last: u64,
}

impl MissCounts {
    pub(super) fn next_person(&mut self) {
        self.person += 1;
    }

    pub(super) fn take(&mut self) -> Misses {
        let tables = std::mem::take(&mut self.tables);
        let one_table = |(table, keys): (Arc<str>, HashMap<Box<str>, Miss>)| {
            keys.into_iter().map(move |(key, miss)| ((Arc::clone(&table), key), miss.people))
        };
        tables.into_iter().flat_map(one_table).collect()
    }

    /// How many there were, each as often as it came.
    pub(super) fn noted(&self) -> u64 {
        self.noted
    }

    fn add(&mut self, table: &Arc<str>, key: &str) {
        self.noted += 1;
        let person = self.person;
        let keys = match self.tables.get_mut(table) {
            Some(keys) => keys,
            None => self.tables.entry(Arc::clone(table)).or_default(),
        };
        match keys.get_mut(key) {
            Some(miss) if miss.last == person => {}
            Some(miss) => *miss = Miss { people: miss.people + 1, last: person },
            None => {
                keys.insert(key.into(), Miss { people: 1, last: person });
            }
        }
    }
}

pub(super) fn register(engine: &mut Engine, shared: &Arc<Shared>) {
    // Each helper twice: the common case with text, which Rhai finds at once, and the one for any other value.
    let own = Arc::clone(shared);
    engine.register_fn("lookup", move |table: ImmutableString, key: ImmutableString| {
        own.lookup(&table, &key, None).map(Option::unwrap_or_default)
    });
    let own = Arc::clone(shared);
    engine.register_fn("lookup", move |table: ImmutableString, key: Dynamic| -> Outcome<Dynamic> {
        let Some(key) = text_argument("lookup", &key)? else { return Ok(Dynamic::UNIT) };
        own.lookup(&table, &key, None).map(Option::unwrap_or_default)
    });
    let own = Arc::clone(shared);
    let in_column = move |table: ImmutableString, key: ImmutableString, column: ImmutableString| {
        own.lookup(&table, &key, Some(&column)).map(Option::unwrap_or_default)
    };
    engine.register_fn("lookup", in_column);
    let own = Arc::clone(shared);
    let in_column = move |table: ImmutableString, key: Dynamic, column: ImmutableString| -> Outcome<Dynamic> {
        let Some(key) = text_argument("lookup", &key)? else { return Ok(Dynamic::UNIT) };
        own.lookup(&table, &key, Some(&column)).map(Option::unwrap_or_default)
    };
    engine.register_fn("lookup", in_column);
    let own = Arc::clone(shared);
    let or = move |table: ImmutableString, key: Dynamic, default: Dynamic| -> Outcome<Dynamic> {
        let Some(key) = text_argument("lookup_or", &key)? else { return Ok(default) };
        let found = own.find(&table, &key, None)?;
        Ok(found.flatten().unwrap_or(default))
    };
    engine.register_fn("lookup_or", or);
}

impl Shared {
    /// The value for a key; a key that no row knows is counted. An author who gives a default, or a `*` row, has
    /// answered for such keys, so those are not.
    fn lookup(&self, table: &str, key: &str, column: Option<&str>) -> Outcome<Option<Dynamic>> {
        let found = self.find(table, key, column)?;
        if found.is_none()
            && !key.trim().is_empty()
            && let Some((name, _)) = self.tables.get_key_value(table)
        {
            self.state().misses.add(name, key.trim());
        }
        Ok(found.flatten())
    }

    /// `None` if no row answers; `Some(None)` if the row that does is empty there.
    fn find(&self, table: &str, key: &str, column: Option<&str>) -> Outcome<Option<Option<Dynamic>>> {
        let Some(found) = self.tables.get(table) else {
            return trouble(format!("there is no table `{table}`"));
        };
        let index = match column {
            None => None,
            Some(column) => match found.column(column) {
                Some(index) => Some(index),
                None => {
                    let help = did_you_mean(column, found.column_names()).unwrap_or_default();
                    return trouble(format!("the table `{table}` has no column `{column}`; {help}"));
                }
            },
        };
        Ok(match found.get(key, index) {
            Found::Row { value, .. } | Found::Star { value, .. } => {
                Some(value.map(|value| Dynamic::from(ImmutableString::from(&**value))))
            }
            Found::Missing => None,
        })
    }
}
