//! The tables that go with a mail, and how large they may be: a small CSV as it is, a larger one packed, and a workbook where
//! there is room for it. Both are made from one pass over the people.

use std::io::{self, Write};

use super::super::language::Words;
use super::super::tables::{About, Forms, fill};
use super::super::workbook::{Book, Rows};
use super::super::{Attention, RunReport};
use super::message::{LINE, encoded_length, slug};
use super::{Attachment, Content};

mod csv_file;

#[cfg(test)]
mod tests;

use csv_file::CsvFile;

/// How large a whole mail may be as it travels, in bytes. Many servers refuse 25 MB.
const LARGEST: usize = 20_000_000;

/// What of it is kept for headers, and for the lines that say what is not attached.
const HEADERS: usize = 64 << 10;

/// How many bytes one of the text or the page takes at most as it travels: `=E9`.
const PER_BYTE: usize = 3;

/// A workbook with more bytes than this for each byte of room does not fit when it is packed either.
const DENSEST: usize = 30;

/// The files of a mail, and what is to be said of those that are not whole.
pub(super) struct Attached {
    pub(super) files: Vec<Attachment>,
    pub(super) notes: Vec<String>,
}

/// How many bytes of files there is room for beside a text and a page of so many bytes.
pub(super) fn room_beside(text_and_page: usize) -> usize {
    let room = LARGEST.saturating_sub(HEADERS + PER_BYTE * text_and_page);
    room / encoded_length(&[0]) * LINE
}

/// Makes the tables of a report, and lets go of its people meanwhile. Where both do not fit into the room, the workbook is
/// left out; where the CSV alone does not, it is cut.
///
/// # Errors
/// When the CSV cannot be made.
pub(super) fn attach(mut report: RunReport, attention: &Attention, forms: Forms, room: usize) -> io::Result<Attached> {
    let mut book = forms.xlsx.then(|| Workbook::of(&report, attention, room));
    let mut csv = forms.csv.then(|| CsvFile::new(slug(&report.run), room));
    let outcomes = std::mem::take(&mut report.outcomes);
    let about = About::of(&outcomes, &report, attention, forms);
    fill(outcomes, &about, |part| {
        if let Some((book, rows)) = book.as_mut().zip(part.book) {
            book.add(rows);
        }
        csv.as_mut().map_or(Ok(()), |csv| csv.add(&part.csv, part.people))
    })?;
    let mut attached = Attached { files: Vec::new(), notes: Vec::new() };
    let words = Words::of(report.language);
    if let Some(csv) = csv {
        attached.add_csv(csv, &report.run, words)?;
    }
    if let Some(book) = book {
        attached.add_book(book, &report.run, words);
    }
    Ok(attached)
}

impl Attached {
    fn add_csv(&mut self, csv: CsvFile, run: &str, words: Words) -> io::Result<()> {
        if let Some(people) = csv.cut_after() {
            self.notes.push(words.with("attached-csv-cut", [("n", people.into()), ("run", run.into())]));
        }
        self.files.push(csv.finish()?);
        Ok(())
    }

    fn add_book(&mut self, book: Workbook, run: &str, words: Words) {
        let taken: usize = self.files.iter().map(|file| file.content.length()).sum();
        match book.finish(taken) {
            Ok(content) => self.files.push(Attachment {
                name: format!("{}.xlsx", slug(run)),
                media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
                content,
            }),
            Err(why) => {
                let text = match why {
                    Missing::TooLarge => "attached-xlsx-too-large",
                    Missing::NotMade => "attached-xlsx-not-made",
                };
                self.notes.push(words.with(text, [("run", run.into())]));
            }
        }
    }
}

/// Why a workbook is not attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// It does not fit into the mail.
    TooLarge,
    /// There is no room on the disk for the files that it is made from.
    NotMade,
}

/// A workbook that may turn out not to fit.
struct Workbook {
    book: Result<Box<Book>, Missing>,
    room: usize,
}

impl Workbook {
    fn of(report: &RunReport, attention: &Attention, room: usize) -> Self {
        Self { book: Book::of(report, attention).map(Box::new).map_err(|_| Missing::NotMade), room }
    }

    fn add(&mut self, rows: Rows) {
        let Ok(book) = &mut self.book else { return };
        if book.add(rows).is_err() {
            self.book = Err(Missing::NotMade);
        } else if book.bytes() / DENSEST > self.room {
            self.book = Err(Missing::TooLarge);
        }
    }

    /// What is in it, if that fits beside files of so many bytes.
    fn finish(self, taken: usize) -> Result<Content, Missing> {
        let mut packed = Bounded { content: Content::default(), room: self.room.saturating_sub(taken), is_over: false };
        self.book?.finish(&mut packed).map_err(|_| Missing::NotMade)?;
        if packed.is_over { Err(Missing::TooLarge) } else { Ok(packed.content) }
    }
}

/// Takes bytes until there is no room for more, and lets go of all of them then.
struct Bounded {
    content: Content,
    room: usize,
    is_over: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_over && self.content.length() + bytes.len() > self.room {
            self.is_over = true;
            self.content = Content::default();
        }
        if self.is_over { Ok(bytes.len()) } else { self.content.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
