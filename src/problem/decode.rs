//! Bytes → text. Only UTF-8 is read; what else it looks like is named, with the first byte that gives it away.

use std::path::Path;
use std::sync::Arc;

use super::{Place, Problem, Problems, SourceFile};

impl SourceFile {
    /// The text of a file without its byte-order mark. What is no text becomes a problem, with how to save it.
    pub fn decode(path: &Path, bytes: &[u8], save_as: &str, problems: &mut Problems) -> Option<Arc<Self>> {
        if bytes.starts_with(b"PK\x03\x04") {
            let message = "this is a workbook or another packed file, not text";
            problems.push(Problem::file("encoding", path, message).help(save_as));
            return None;
        }
        if let Some(text) = utf16(bytes) {
            let file = Self::new(path, text);
            let message = "the file is UTF-16, not UTF-8";
            problems.push(Problem::new("encoding", &Place::start(&file), message).help(save_as));
            return None;
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let Ok(text) = std::str::from_utf8(bytes) else {
            problems.push(not_utf8(path, bytes).help(save_as));
            return None;
        };
        if let Some(at) = text.find('\0') {
            let file = Self::new(path, text.replace('\0', "\u{FFFD}"));
            let place = Place::new(&file, at..at + '\u{FFFD}'.len_utf8());
            let message = "there is a zero byte here; this is no text file";
            problems.push(Problem::new("encoding", &place, message).help(save_as));
            return None;
        }
        Some(Self::new(path, text))
    }
}

/// The text, if this is UTF-16: by its byte-order mark, or because every other byte at the start is zero.
fn utf16(bytes: &[u8]) -> Option<String> {
    let sample = &bytes[..bytes.len().min(64)];
    let zeros = |parity: usize| sample.len() >= 4 && sample.iter().skip(parity).step_by(2).all(|byte| *byte == 0);
    let (bytes, big_endian) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, false),
        [0xFE, 0xFF, rest @ ..] => (rest, true),
        _ if zeros(1) => (bytes, false),
        _ if zeros(0) => (bytes, true),
        _ => return None,
    };
    let units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Shows the line as whoever saved it saw it: wrong bytes read as Windows-1252, of which Latin-1 is a part.
fn not_utf8(path: &Path, bytes: &[u8]) -> Problem {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut first = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let start = text.len();
            text.push(windows_1252(*byte));
            first.get_or_insert(start..text.len());
        }
    }
    let wrong = bytes.utf8_chunks().find_map(|chunk| chunk.invalid().first().copied()).unwrap_or_default();
    let file = SourceFile::new(path, text);
    let message = format!("this byte (0x{wrong:02X}) is not UTF-8; the file looks like Latin-1 (Windows-1252)");
    Problem::new("encoding", &Place::new(&file, first.unwrap_or(0..0)), message)
}

fn windows_1252(byte: u8) -> char {
    const FROM_0X80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => FROM_0X80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
