//! The cells of many people, column by column.
//!
//! Most columns hold few different values for many people (a department, a country, a yes or no): such a column keeps
//! each value once, and two bytes a person. A person's [`Cells`] are a row, and read like an array.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use foldhash::HashMap;
use serde::Serialize;
use serde::ser::Serializer;

use super::{Cell, Number, Value};

/// One person's cells: an array that shares its memory with the rows of everybody who was read together.
#[derive(Clone)]
pub struct Cells {
    columns: Arc<[Column]>,
    row: u32,
}

impl Cells {
    /// The cell at a place, if the row is that wide.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&Cell> {
        self.columns.get(place).map(|column| column.cell(self.row as usize))
    }

    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &Cell> {
        self.columns.iter().map(|column| column.cell(self.row as usize))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

impl Index<usize> for Cells {
    type Output = Cell;

    fn index(&self, place: usize) -> &Cell {
        self.columns[place].cell(self.row as usize)
    }
}

/// A row of its own.
impl FromIterator<Cell> for Cells {
    fn from_iter<T: IntoIterator<Item = Cell>>(cells: T) -> Self {
        Self { columns: cells.into_iter().map(|cell| Column::Many(vec![vec![cell]])).collect(), row: 0 }
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Cells {}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// What one column holds.
enum Column {
    /// Few different cells, and which of them each row has.
    Few { cells: Vec<Cell>, rows: Vec<u16> },
    /// A cell for each row, in blocks: a long list is moved each time it grows, and leaves a hole behind.
    Many(Vec<Vec<Cell>>),
}

/// Rows in a block.
const BLOCK: usize = 1_024;

impl Column {
    fn cell(&self, row: usize) -> &Cell {
        match self {
            Self::Few { cells, rows } => &cells[usize::from(rows[row])],
            Self::Many(blocks) => &blocks[row / BLOCK][row % BLOCK],
        }
    }
}

/// Takes the rows as they are read.
#[derive(Debug)]
pub struct CellsBuilder {
    columns: Vec<Growing>,
    rows: u32,
}

impl CellsBuilder {
    /// For rows of a width.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { columns: std::iter::repeat_with(Growing::default).take(width).collect(), rows: 0 }
    }

    /// Takes the next row out of `cells`, which are "not delivered" afterwards. Cells beyond the width are left alone.
    pub fn push(&mut self, cells: &mut [Cell]) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(std::mem::take(cell));
        }
        self.rows += 1;
    }

    /// The rows, in the order in which they came.
    pub fn finish(self) -> impl Iterator<Item = Cells> {
        let columns: Arc<[Column]> = self.columns.into_iter().map(Growing::finish).collect();
        (0..self.rows).map(move |row| Cells { columns: Arc::clone(&columns), row })
    }
}

/// A column that is being read.
#[derive(Debug)]
enum Growing {
    Few(Few),
    Many(Vec<Vec<Cell>>),
}

impl Default for Growing {
    fn default() -> Self {
        Self::Few(Few::default())
    }
}

/// Few different cells, so far.
#[derive(Debug, Default)]
struct Few {
    places: HashMap<Cell, u16>,
    /// The places of the same texts by where those are in memory, which is found out sooner than what they say. They stay
    /// there as long as the cells do.
    addresses: HashMap<usize, u16>,
    cells: Vec<Cell>,
    rows: Vec<u16>,
}

impl Few {
    /// How many different cells a column may always have; beyond it, one in [`Self::SHARED_BY`] rows.
    const ALWAYS: usize = 256;
    const SHARED_BY: usize = 4;

    /// The place of a cell; none where there is no room for it.
    fn place(&mut self, cell: &Cell) -> Option<u16> {
        if is_decimal(cell) {
            return None;
        }
        let address = address(cell);
        if let Some(known) = address.and_then(|address| self.addresses.get(&address)) {
            return Some(*known);
        }
        if let Some(known) = self.places.get(cell) {
            return Some(*known);
        }
        if self.cells.len() > Self::ALWAYS.max(self.rows.len() / Self::SHARED_BY) {
            return None;
        }
        let place = u16::try_from(self.cells.len()).ok()?;
        self.places.insert(cell.clone(), place);
        self.addresses.extend(address.map(|address| (address, place)));
        self.cells.push(cell.clone());
        Some(place)
    }
}

/// Where a cell's text is in memory. A person's is left out: as a cell, it is not the same as a text that shares its memory.
fn address(cell: &Cell) -> Option<usize> {
    match cell {
        Cell::Value(Value::Text(text)) => Some(text.as_ptr().addr()),
        _ => None,
    }
}

impl Growing {
    fn push(&mut self, cell: Cell) {
        match self {
            Self::Many(blocks) => push(blocks, cell),
            Self::Few(few) => match few.place(&cell) {
                Some(place) => few.rows.push(place),
                None => {
                    let mut blocks = Vec::new();
                    few.rows.iter().for_each(|row| push(&mut blocks, few.cells[usize::from(*row)].clone()));
                    push(&mut blocks, cell);
                    *self = Self::Many(blocks);
                }
            },
        }
    }

    fn finish(self) -> Column {
        match self {
            Self::Few(Few { mut cells, mut rows, .. }) => {
                cells.shrink_to_fit();
                rows.shrink_to_fit();
                Column::Few { cells, rows }
            }
            Self::Many(blocks) => Column::Many(blocks),
        }
    }
}

fn push(blocks: &mut Vec<Vec<Cell>>, cell: Cell) {
    match blocks.last_mut().filter(|block| block.len() < BLOCK) {
        Some(block) => block.push(cell),
        None => {
            let mut block = Vec::with_capacity(BLOCK);
            block.push(cell);
            blocks.push(block);
        }
    }
}

/// Whether a cell may equal one that is not the same to a script: a large decimal equals a whole number.
fn is_decimal(cell: &Cell) -> bool {
    matches!(cell, Cell::Value(Value::Number(Number::Decimal(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: String) -> Cell {
        Value::text(&text).into()
    }

    fn rows(made: impl Fn(usize) -> [Cell; 2]) -> Vec<Cells> {
        let mut builder = CellsBuilder::new(2);
        (0..2_000).for_each(|row| builder.push(&mut made(row)));
        builder.finish().collect()
    }

    #[test]
    fn every_row_reads_as_it_was_given() {
        let made = |row: usize| [text(format!("{}", row % 7)), text(format!("person {row}"))];
        let rows = rows(made);
        assert_eq!(rows.len(), 2_000);
        for (row, cells) in rows.iter().enumerate() {
            assert_eq!(*cells, made(row).into_iter().collect::<Cells>());
        }
        assert!(matches!(rows[0].columns[0], Column::Few { .. }) && matches!(rows[0].columns[1], Column::Many(_)));
    }

    #[test]
    fn the_three_states_stay_apart() {
        let states = [Cell::NotDelivered, Cell::Empty, text("x".to_owned())];
        let rows = rows(|row| [states[row % 3].clone(), Cell::Empty]);
        assert!(rows.iter().enumerate().all(|(row, cells)| cells[0] == states[row % 3] && cells[1] == Cell::Empty));
        assert_eq!((rows[0].get(2), rows[0].len(), rows[0].is_empty()), (None, 2, false));
    }

    #[test]
    fn a_person_and_a_text_that_share_their_memory_stay_apart() {
        let shared: Arc<str> = "3000101".into();
        let other: Arc<str> = "3000101".into();
        let kinds = [Value::Text(Arc::clone(&shared)), Value::Person(shared), Value::Text(other)].map(Cell::Value);
        let rows = rows(|row| [kinds[row % 3].clone(), Cell::Empty]);
        assert!(rows.iter().enumerate().all(|(row, cells)| cells[0] == kinds[row % 3]));
        assert!(matches!(&rows[0].columns[0], Column::Few { cells, .. } if cells.len() == 2));
    }

    #[test]
    fn a_decimal_never_becomes_the_whole_number_that_it_equals() {
        let large = 9_007_199_254_740_994_i64;
        #[expect(clippy::cast_precision_loss, reason = "chosen to be exact")]
        let pair = [Number::Whole(large), Number::Decimal(large as f64)];
        let rows = rows(|row| [Cell::Value(Value::Number(pair[row % 2])), Cell::Empty]);
        assert!(matches!(rows[0][0], Cell::Value(Value::Number(Number::Whole(_)))));
        assert!(matches!(rows[1][0], Cell::Value(Value::Number(Number::Decimal(_)))));
    }
}
