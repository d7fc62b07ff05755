//! People from a CSV whose headers are field ids. Only the `root.id` column must be there.
//!
//! An empty cell is known to be empty; a field without a column was not delivered. List fields may hold machine ids or
//! labels, and a field with several items separates them with `|`. A line that starts with `#` is a person like any other.

use std::borrow::Cow;
use std::io::Read;

use crate::connector::hibob::wire::cell::{Wanted, Wire};
use crate::connector::hibob::wire::draft::{Draft, Rank};
use crate::connector::hibob::wire::fault::Fault;
use crate::connector::hibob::wire::metadata::Kind;
use crate::connector::hibob::wire::shape::Shape;
use crate::delimited::{Comments, Delimited, DelimitedError};
use crate::model::Roster;

/// The field ids that the file has columns for.
pub(super) fn headers(reader: impl Read) -> Result<Vec<String>, Fault> {
    Ok(open(reader)?.headers().iter().filter(|header| !header.is_empty()).cloned().collect())
}

/// Reads everybody.
pub(super) fn read(reader: impl Read, shape: &Shape) -> Result<Roster, Fault> {
    let mut table = open(reader)?;
    let width = table.headers().len();
    let column = |field: &Wanted| table.headers().iter().position(|header| header == field.path.as_str());
    let columns: Vec<_> = shape.fields.iter().map(column).collect();
    let mut draft = Draft::new(shape);
    while let Some(row) = table.next_row()? {
        if row.cells.len() != width {
            let found = row.cells.len();
            draft.reject(format!("has {found} cells where the header row has {width} (line {})", row.line));
            continue;
        }
        draft.clear();
        for (field, column) in columns.iter().enumerate() {
            if let Some(cell) = column.map(|column| row.cells[column]) {
                put(&mut draft, field, cell);
            }
        }
        draft.keep().unwrap_or_else(|reason| draft.reject(format!("{reason} (line {})", row.line)));
    }
    Ok(draft.finish())
}

fn put(draft: &mut Draft<'_>, field: usize, cell: &str) {
    if draft.shape.fields[field].kind == Kind::Choices {
        let items: Vec<_> = cell.split('|').map(Cow::Borrowed).collect();
        draft.put(field, Rank::Nested, Wire::Items(&items));
    } else {
        draft.put(field, Rank::Nested, Wire::Text(cell));
    }
}

fn open<R: Read>(reader: R) -> Result<Delimited<R>, Fault> {
    let table = Delimited::open(reader, Comments::Kept)?;
    let headers = table.headers();
    // First, so that no cell of a file without a header row is ever quoted.
    if !headers.iter().any(|header| header == "root.id") {
        let what = "has no column `root.id`".to_owned();
        return Err(Fault::Table { what, help: "the headers are field ids; `root.id` tells people apart" });
    }
    let twice = headers.iter().enumerate().find(|(at, header)| !header.is_empty() && headers[..*at].contains(header));
    if let Some((_, header)) = twice {
        let what = format!("has two columns `{header}`");
        return Err(Fault::Table { what, help: "rename or remove one of them in the header row" });
    }
    Ok(table)
}

impl From<DelimitedError> for Fault {
    fn from(error: DelimitedError) -> Self {
        let help = match error {
            DelimitedError::Read(error) => return Self::Read(error),
            DelimitedError::Utf16 => return Self::Utf16,
            DelimitedError::Empty => return Self::Empty,
            DelimitedError::Workbook => "save the sheet as `CSV UTF-8`, and name that file",
            DelimitedError::NotUtf8(_) => "save it as UTF-8; in Excel choose `CSV UTF-8`",
            DelimitedError::OpenQuote(_) => "close the quote, or double it where it is part of a text",
        };
        Self::Table { what: error.to_string(), help }
    }
}
