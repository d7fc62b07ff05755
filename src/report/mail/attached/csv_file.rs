//! The CSV of a mail while it grows: as it is while it is small, then packed, and cut where there is no room for more. The
//! only module that names the library that packs.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::{Attachment, Content};

/// The most that a CSV has when it is attached as it is, in bytes: people open it with one click, and it is small.
const AS_IT_IS: usize = 2_000_000;

/// The most that a packed one has before it was packed, in bytes. Old programs unpack no more than four billion.
const UNPACKED: usize = 4_000_000_000;

/// What the packer may still hold back, in bytes, and the end of its file.
const HELD_BACK: usize = 256 << 10;

/// A CSV that grows.
pub(super) struct CsvFile {
    name: String,
    form: Form,
    room: usize,
    /// Bytes before they were packed.
    bytes: usize,
    people: usize,
    is_cut: bool,
}

enum Form {
    Plain(Content),
    Packed(Box<Packed>),
}

/// A file that is packed, and how many bytes of it there are so far.
struct Packed {
    zip: ZipWriter<StreamWriter<Counted>>,
    written: Arc<AtomicUsize>,
}

impl CsvFile {
    /// An empty one with this name, for which there is so much room.
    pub(super) fn new(name: String, room: usize) -> Self {
        Self { name, form: Form::Plain(Content::default()), room, bytes: 0, people: 0, is_cut: false }
    }

    /// Adds the rows of so many people; all of them or, where there is no room, none from there on.
    ///
    /// # Errors
    /// When they cannot be packed.
    pub(super) fn add(&mut self, rows: &[u8], people: usize) -> io::Result<()> {
        if self.is_cut {
            return Ok(());
        }
        if let Form::Plain(content) = &mut self.form
            && content.length() + rows.len() > AS_IT_IS.min(self.room)
        {
            self.form = Form::Packed(Packed::of(&self.name, content)?);
        }
        match &mut self.form {
            Form::Plain(content) => content.write_all(rows)?,
            // Nothing grows when it is packed, but for a little that is held back.
            Form::Packed(packed)
                if packed.len() + rows.len() + HELD_BACK <= self.room && self.bytes + rows.len() <= UNPACKED =>
            {
                packed.zip.write_all(rows)?;
            }
            Form::Packed(_) => {
                self.is_cut = true;
                return Ok(());
            }
        }
        self.bytes += rows.len();
        self.people += people;
        Ok(())
    }

    /// After how many people it was cut, if it was.
    pub(super) fn cut_after(&self) -> Option<usize> {
        self.is_cut.then_some(self.people)
    }

    /// The file.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub(super) fn finish(self) -> io::Result<Attachment> {
        let part = if self.is_cut { ".part" } else { "" };
        Ok(match self.form {
            Form::Plain(content) => Attachment {
                name: format!("{}.csv", self.name),
                media_type: "text/csv; charset=utf-8".to_owned(),
                content,
            },
            Form::Packed(packed) => Attachment {
                name: format!("{}{part}.csv.zip", self.name),
                media_type: "application/zip".to_owned(),
                content: packed.zip.finish()?.into_inner().content,
            },
        })
    }
}

impl Packed {
    /// A file that begins with what there is so far.
    fn of(name: &str, so_far: &mut Content) -> io::Result<Box<Self>> {
        let written = Arc::new(AtomicUsize::new(0));
        let mut zip = ZipWriter::new_stream(Counted { content: Content::default(), written: Arc::clone(&written) });
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(format!("{name}.csv"), options.unix_permissions(0o600))?;
        for block in std::mem::take(so_far).blocks() {
            zip.write_all(block)?;
        }
        Ok(Box::new(Self { zip, written }))
    }

    fn len(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }
}

/// What is packed, and its length for those who cannot see it.
struct Counted {
    content: Content,
    written: Arc<AtomicUsize>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.content.write(bytes)?;
        self.written.fetch_add(written, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
