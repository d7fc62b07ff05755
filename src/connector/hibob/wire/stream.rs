//! JSON from a reader, a value at a time, with no more than one value in memory.
//!
//! Each value is parsed from the buffer in place, which is several times faster than parsing from a reader. Where the
//! buffer ends inside a value, more is read and that one value is parsed again.

use std::io::Read;

use serde::de::IgnoredAny;
use serde_json::de::{Deserializer, SliceRead};

use super::fault::{Fault, Place, sniff};

/// A JSON text that is read from its start to its end.
#[derive(Debug)]
pub(in crate::connector) struct JsonStream<R> {
    reader: R,
    /// What was read and not yet used: from `at` on.
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    /// Where the buffer starts in the file.
    start: Place,
}

impl<R: Read> JsonStream<R> {
    /// Small enough for a processor's cache, and a hundred times an employee.
    const CHUNK: usize = 256 << 10;
    /// The largest value, in MiB.
    const MOST: usize = 4;

    pub(in crate::connector) fn open(reader: R) -> Result<Self, Fault> {
        let mut stream = Self { reader, buffer: Vec::new(), at: 0, ended: false, start: Place::START };
        stream.more()?;
        stream.at = sniff(&stream.buffer)?;
        Ok(stream)
    }

    /// The next byte that is no space; nothing at the end.
    pub(in crate::connector) fn peek(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            while let Some(byte) = self.buffer.get(self.at) {
                if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                    return Ok(Some(*byte));
                }
                self.at += 1;
            }
            if self.ended {
                return Ok(None);
            }
            self.more()?;
        }
    }

    /// Takes the next byte that is no space, if it is this one.
    pub(in crate::connector) fn take(&mut self, wanted: u8) -> Result<bool, Fault> {
        let found = self.peek()? == Some(wanted);
        self.at += usize::from(found);
        Ok(found)
    }

    /// Takes this byte, which must come next.
    pub(in crate::connector) fn expect(&mut self, wanted: u8) -> Result<(), Fault> {
        if self.take(wanted)? {
            return Ok(());
        }
        Err(if self.peek()?.is_none() { Fault::CutOff(self.place()) } else { Fault::NotJson(self.place()) })
    }

    /// Parses the next value. `parse` may be called more than once for it, and must start afresh each time.
    pub(in crate::connector) fn value<T>(
        &mut self,
        mut parse: impl FnMut(&mut Deserializer<SliceRead<'_>>) -> serde_json::Result<T>,
    ) -> Result<T, Fault> {
        loop {
            self.peek()?;
            let text = &self.buffer[self.at..];
            let mut json = Deserializer::from_slice(text);
            match parse(&mut json) {
                Ok(value) => {
                    // The only way to ask a deserializer how far it got.
                    let length = json.into_iter::<IgnoredAny>().byte_offset();
                    // A number that ends where the buffer ends may go on.
                    if length <= Self::MOST << 20 && (length < text.len() || self.ended) {
                        self.at += length;
                        return Ok(value);
                    }
                }
                Err(error) if error.is_eof() && !self.ended => {}
                Err(error) => return Err(Fault::of_json(&error, text, self.place(), "people")),
            }
            if text.len() > Self::MOST << 20 {
                return Err(Fault::TooLarge { most: Self::MOST, at: self.place() });
            }
            self.more()?;
        }
    }

    /// The items of a list or object, between brackets; `item` takes one each time.
    pub(in crate::connector) fn items(
        &mut self,
        [open, close]: [u8; 2],
        mut item: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.expect(open)?;
        if self.take(close)? {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.take(b',')? {
                return self.expect(close);
            }
        }
    }

    /// Makes sure that nothing follows.
    pub(in crate::connector) fn end(&mut self) -> Result<(), Fault> {
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(Fault::NotJson(self.place())),
        }
    }

    /// Where in the file the next byte stands.
    pub(in crate::connector) fn place(&self) -> Place {
        self.start.after(&self.buffer[..self.at])
    }

    /// Drops what was used and reads on; the buffer doubles while a single value fills it.
    fn more(&mut self) -> Result<(), Fault> {
        self.start = self.place();
        self.buffer.drain(..self.at);
        self.at = 0;
        let kept = self.buffer.len();
        let wanted = Self::CHUNK.max(kept * 2) - kept;
        let mut chunk = self.reader.by_ref().take(wanted as u64);
        let read = chunk.read_to_end(&mut self.buffer).map_err(Fault::Read)?;
        self.ended = read < wanted;
        Ok(())
    }
}
