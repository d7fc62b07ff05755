//! Value tables: what `lookup` reads. Compiled for reading by key millions of times without an allocation.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::Arc;

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashMapExt as _, HashSet};

use crate::model::Origin;
use crate::problem::{Place, Problem, Problems};

use super::{Cell, Table};

/// The value tables of a recipe, by name.
pub type ValueTables = BTreeMap<Arc<str>, ValueTable>;

/// The key that answers for anything else.
const STAR: &str = "*";
/// So many rows that can never be reached are named one by one.
const MOST_NAMED: usize = 100;

/// A table that gives values for keys: columns `from`, `to` and any further ones.
#[derive(Debug)]
pub struct ValueTable {
    table: Table,
    name: Arc<str>,
    /// Keys must match to the letter; otherwise case and outer spaces do not count.
    exact: bool,
    from: usize,
    /// The value columns: `to` first, then the others in the order of the file. Each is an index into the table's columns.
    columns: Vec<usize>,
    /// `columns.len()` values per row.
    values: Vec<Option<Arc<str>>>,
    /// Row numbers by the hash of the folded key; where two keys share a hash, the second is one further.
    index: HashMap<u64, u32>,
    star: Option<usize>,
}

/// What a lookup found. `row` counts the enabled rows from 0, see [`ValueTable::row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'t> {
    /// A row for this key; no value where its cell is empty.
    Row {
        /// The value in the column asked for.
        value: Option<&'t Arc<str>>,
        /// The row.
        row: usize,
    },
    /// No row for this key, and the `*` row answers.
    Star {
        /// The value in the column asked for.
        value: Option<&'t Arc<str>>,
        /// The row.
        row: usize,
    },
    /// No row answers.
    Missing,
}

/// One row of a value table, with places for checking its values against what a target allows.
#[derive(Debug, Clone, Copy)]
pub struct ValueRow<'t> {
    table: &'t ValueTable,
    row: usize,
}

impl ValueTable {
    /// Makes a value table of a table. Keys that collide are warned about: the later row can never be reached.
    pub fn compile(mut table: Table, exact: bool, problems: &mut Problems) -> Option<Self> {
        // Any other column is a value column, so only missing ones can be wrong.
        let names: Vec<Arc<str>> = table.columns.iter().map(|column| Arc::clone(&column.name)).collect();
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        table.check_columns(&names, &["from", "to"], problems);
        let (from, to) = (table.column("from")?, table.column("to")?);
        let others = (0..table.columns.len())
            .filter(|column| ![from, to].contains(column))
            .filter(|column| !["", "enabled", "comment"].contains(&&*table.columns[*column].name));
        let columns: Vec<usize> = std::iter::once(to).chain(others).collect();
        let values = intern(&table, &columns);
        let name = Arc::from(&*table.name());
        let mut compiled = Self { table, name, exact, from, columns, values, index: HashMap::new(), star: None };
        compiled.fill_index(problems);
        Some(compiled)
    }

    /// The name that scripts use.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The table it was made of.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The value column with this name, for [`ValueTable::get`].
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| &*self.table.columns[*column].name == name)
    }

    /// The names of the value columns: `to`, then the further ones.
    pub fn column_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.columns.iter().map(|column| &*self.table.columns[*column].name)
    }

    /// The value for a key, in a column or in `to`. Allocates nothing.
    #[must_use]
    pub fn get(&self, key: &str, column: Option<usize>) -> Found<'_> {
        let key = self.trimmed(key);
        if let Some(row) = self.find(key) {
            return Found::Row { value: self.value(row, column), row };
        }
        match self.star {
            Some(row) => Found::Star { value: self.value(row, column), row },
            None => Found::Missing,
        }
    }

    /// A row by the number that a lookup gave.
    #[must_use]
    pub fn row(&self, row: usize) -> ValueRow<'_> {
        ValueRow { table: self, row }
    }

    /// Every enabled row, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = ValueRow<'_>> {
        (0..self.table.rows.len()).map(|row| ValueRow { table: self, row })
    }

    /// The line and key that a key which was not found was perhaps meant to be.
    #[must_use]
    pub fn nearest(&self, key: &str) -> Option<(u32, &str)> {
        let length = key.chars().count();
        // Far shorter and far longer keys cannot be near: spares comparing a long table letter by letter.
        let similar = self.rows().map(|row| row.key()).filter(|known| {
            *known != STAR && !known.is_empty() && known.chars().count().abs_diff(length) <= length / 3 + 2
        });
        let nearest = crate::problem::nearest(key, similar)?;
        self.rows().find(|row| row.key() == nearest).map(|row| (row.line(), nearest))
    }

    /// A row for a key, as a line ready to paste into the file: the key in its column, the others empty.
    #[must_use]
    pub fn paste_row(&self, key: &str) -> String {
        let separator = char::from(self.table.separator);
        let mut line = String::new();
        for column in 0..self.table.columns.len() {
            if column > 0 {
                line.push(separator);
            }
            if column == self.from {
                line.push_str(&quoted(key, separator));
            }
        }
        line
    }

    fn fill_index(&mut self, problems: &mut Problems) {
        let mut named = 0;
        for row in 0..self.table.rows.len() {
            let key = self.key(row);
            let earlier = match key {
                STAR => self.star,
                _ => self.find(key),
            };
            if (earlier.is_some() || key.is_empty()) && named < MOST_NAMED {
                problems.push(self.never_reached(row, earlier));
                named += 1;
            }
            if earlier.is_some() || key.is_empty() {
                continue;
            }
            if key == STAR {
                self.star = Some(row);
                continue;
            }
            let mut hash = self.hash(key);
            while self.index.contains_key(&hash) {
                hash = hash.wrapping_add(1);
            }
            // A table has at most 200,000 rows.
            self.index.insert(hash, u32::try_from(row).unwrap_or(u32::MAX));
        }
    }

    fn never_reached(&self, row: usize, earlier: Option<usize>) -> Problem {
        let place = self.table.row(row).cell_place(self.from);
        let Some(earlier) = earlier else {
            return Problem::warning("empty-key", &place, "`from` is empty here; an empty value is never looked up")
                .help("take the row out, or give it a key");
        };
        let line = self.table.row(earlier).line();
        let (key, first) = (self.key(row), self.key(earlier));
        let message = if key == first {
            format!("`{key}` is answered by line {line} already; this row can never be reached")
        } else {
            format!("`{key}` is `{first}` of line {line} again, apart from case; this row can never be reached")
        };
        Problem::warning("duplicate-key", &place, message).help("take one of them out")
    }

    fn find(&self, key: &str) -> Option<usize> {
        let mut hash = self.hash(key);
        loop {
            let row = *self.index.get(&hash)? as usize;
            if self.same(self.key(row), key) {
                return Some(row);
            }
            hash = hash.wrapping_add(1);
        }
    }

    fn hash(&self, key: &str) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        if self.exact {
            hasher.write(key.as_bytes());
        } else if key.is_ascii() {
            key.bytes().for_each(|byte| hasher.write_u32(u32::from(byte.to_ascii_lowercase())));
        } else {
            folded(key).for_each(|letter| hasher.write_u32(u32::from(letter)));
        }
        hasher.finish()
    }

    fn same(&self, a: &str, b: &str) -> bool {
        if self.exact { a == b } else { a.eq_ignore_ascii_case(b) || folded(a).eq(folded(b)) }
    }

    fn trimmed<'k>(&self, key: &'k str) -> &'k str {
        if self.exact { key } else { key.trim() }
    }

    fn key(&self, row: usize) -> &str {
        self.table.row(row).text(self.from)
    }

    fn value(&self, row: usize, column: Option<usize>) -> Option<&Arc<str>> {
        self.values.get(row * self.columns.len() + column.unwrap_or(0))?.as_ref()
    }
}

impl<'t> ValueRow<'t> {
    /// The key as it is written.
    #[must_use]
    pub fn key(&self) -> &'t str {
        self.table.key(self.row)
    }

    /// Where the key stands.
    #[must_use]
    pub fn key_place(&self) -> Place {
        self.table.table.row(self.row).cell_place(self.table.from)
    }

    /// The cell of a value column; its text may be empty.
    #[must_use]
    pub fn cell(&self, column: Option<usize>) -> Cell<'t> {
        self.table.table.row(self.row).at(self.table.columns[column.unwrap_or(0)])
    }

    /// The line it stands on, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.table.table.row(self.row).line()
    }

    /// The file's name and the line, for reasons.
    #[must_use]
    pub fn origin(&self) -> Arc<Origin> {
        self.table.table.row(self.row).origin()
    }
}

fn intern(table: &Table, columns: &[usize]) -> Vec<Option<Arc<str>>> {
    let mut known: HashSet<Arc<str>> = HashSet::default();
    let mut shared = |text: &str| -> Option<Arc<str>> {
        if text.is_empty() {
            return None;
        }
        if let Some(known) = known.get(text) {
            return Some(Arc::clone(known));
        }
        let new: Arc<str> = text.into();
        known.insert(Arc::clone(&new));
        Some(new)
    };
    let mut values = Vec::with_capacity(table.rows.len() * columns.len());
    for row in table.rows() {
        values.extend(columns.iter().map(|column| shared(row.text(*column))));
    }
    values
}

/// Letter by letter, so that hashing and comparing agree and nothing is allocated.
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

fn quoted(text: &str, separator: char) -> String {
    let plain = !text.contains([separator, '"', '\n', '\r']) && !text.starts_with('#') && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
