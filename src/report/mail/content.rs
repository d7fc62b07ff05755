//! What is in a file of a mail: in blocks, so that a large one neither moves while it grows nor needs its room in one piece.

use std::io::{self, Write};

use super::message::LINE;

/// Bytes in blocks, of which all but the last are full.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    blocks: Vec<Vec<u8>>,
}

impl Content {
    /// Bytes in a block: whole lines of a mail.
    const BLOCK: usize = LINE << 10;

    /// How many bytes there are.
    pub(super) fn length(&self) -> usize {
        self.blocks.iter().map(Vec::len).sum()
    }

    /// The blocks in order.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &[u8]> {
        self.blocks.iter().map(Vec::as_slice)
    }
}

impl Write for Content {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut block = self.blocks.pop_if(|block| block.len() < Self::BLOCK);
        let block = block.get_or_insert_with(|| Vec::with_capacity(Self::BLOCK));
        let fitting = bytes.len().min(Self::BLOCK - block.len());
        block.extend_from_slice(&bytes[..fitting]);
        self.blocks.push(std::mem::take(block));
        Ok(fitting)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_pieces_of_any_size_comes_back_whole() {
        let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut content = Content::default();
        for piece in bytes.chunks(777) {
            content.write_all(piece).unwrap();
        }
        assert_eq!(content.blocks().collect::<Vec<_>>().concat(), bytes);
        assert_eq!((content.length(), Content::default().length()), (bytes.len(), 0));
        let (last, full) = content.blocks.split_last().unwrap();
        assert!(last.len() <= Content::BLOCK && full.iter().all(|block| block.len() == Content::BLOCK));
    }
}
