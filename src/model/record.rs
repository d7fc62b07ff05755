//! An employee as the engine sees one: an array indexed by the fields the recipe uses.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::text_newtype;
use super::{Cell, Cells, FieldPath};

text_newtype! {
    /// The source's stable key of an employee (`root.id`): a decimal text of up to 19 digits (apis/hibob.md §2.4).
    EmployeeId
}

/// Where in every record a column stands. Resolved once, when the recipe is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u16);

impl Slot {
    /// The employee id, in every layout.
    pub const ID: Self = Self(0);
    /// The work address, in every layout; only used to name the person in reports.
    pub const EMAIL: Self = Self(1);
    /// The display name, in every layout; only used to name the person in reports.
    pub const NAME: Self = Self(2);

    /// The slot as an index.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// How a list field is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// The label, for list fields; the value as it is, for all others.
    Label,
    /// The machine id (`work.department@id`).
    Id,
}

/// One column of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Column {
    /// The field.
    pub path: FieldPath,
    /// Label or machine id.
    pub form: Form,
}

/// The columns that a recipe uses, in slot order. Only these are asked of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLayout {
    columns: Vec<Column>,
}

impl RecordLayout {
    /// The layout that every recipe starts from: employee id, address and display name.
    #[must_use]
    pub fn new() -> Self {
        let column = |path: &str| Column { path: path.into(), form: Form::Label };
        Self { columns: vec![column("root.id"), column("root.email"), column("root.displayName")] }
    }

    /// The slot of a column, added at the end if it is new; `None` when a recipe uses more fields than a record holds (65,535).
    pub fn slot(&mut self, column: Column) -> Option<Slot> {
        if let Some(slot) = self.find(&column) {
            return Some(slot);
        }
        let slot = u16::try_from(self.columns.len()).ok()?;
        self.columns.push(column);
        Some(Slot(slot))
    }

    /// The slot of a column that is already there.
    #[must_use]
    pub fn find(&self, column: &Column) -> Option<Slot> {
        let index = self.columns.iter().position(|known| known == column)?;
        u16::try_from(index).ok().map(Slot)
    }

    /// The columns in slot order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column at a slot of this layout.
    #[must_use]
    pub fn column(&self, slot: Slot) -> &Column {
        &self.columns[slot.index()]
    }
}

impl Default for RecordLayout {
    fn default() -> Self {
        Self::new()
    }
}

/// One employee, as the source delivered them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The employee id.
    pub id: EmployeeId,
    /// One cell per column of the layout.
    pub cells: Cells,
}

impl Record {
    /// The cell in a slot; what the layout does not have was not delivered.
    #[must_use]
    pub fn cell(&self, slot: Slot) -> &Cell {
        self.cells.get(slot.index()).unwrap_or(&Cell::NotDelivered)
    }
}

/// Everything one read of the source gave.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// The employees, in the source's order.
    pub records: Vec<Record>,
    /// What could not be read as an employee; reported, never dropped.
    pub unreadable: Vec<UnreadableRecord>,
    /// The permission categories of fields, where the source has told them with the people.
    pub categories: BTreeMap<FieldPath, Arc<str>>,
}

/// An entry of the source that is no employee: without an id, or with an id that came before.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UnreadableRecord {
    /// Its place in the source, counted from 1.
    pub position: usize,
    /// What is wrong with it, without any personal data.
    pub reason: String,
}
