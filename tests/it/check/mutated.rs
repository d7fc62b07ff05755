//! No bytes in an author's files make the program panic, hang or eat the machine.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::author::Author;

/// The files of the demo that an author writes.
const FILES: [&str; 9] = [
    "recipes/demo.yaml",
    "recipes/demo.test.yaml",
    "recipes/scripts/names.rhai",
    "lookup_tables/demo/filters.csv",
    "lookup_tables/demo/status.csv",
    "lookup_tables/demo/standard_fields.csv",
    "lookup_tables/demo/custom_fields.csv",
    "lookup_tables/demo/groups.csv",
    "lookup_tables/demo/sites.csv",
];

/// Bytes and texts that mean something to one of the readers.
const PIECES: [&[u8]; 24] = [
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\"",
    b"\"\"",
    b"'",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\t",
    b"#",
    b"{",
    b"}",
    b"[",
    b"]",
    b": ",
    b"- ",
    b"&a *a",
    b"|",
    b"(((((((((((((((((((((((((((((((((((((",
    b"fn f(x) { f(x) }",
    b"99999999999999999999",
];

/// Longer than any file takes on a busy machine, and far shorter than a hang.
const LONGEST: Duration = Duration::from_secs(20);

/// One change to the bytes of a file. Places are given in parts of a whole, because files differ in length.
#[derive(Debug, Clone)]
enum Change {
    Put(f64, usize),
    Cut(f64, f64),
    Flip(f64, u8),
    Repeat(f64, f64),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        (0.0..1.0, 0..PIECES.len()).prop_map(|(at, piece)| Change::Put(at, piece)),
        (0.0..1.0, 0.0..0.1).prop_map(|(at, part)| Change::Cut(at, part)),
        (0.0..1.0, any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        (0.0..1.0, 0.0..0.2).prop_map(|(at, part)| Change::Repeat(at, part)),
    ];
    prop::collection::vec(change, 1..6)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small files")]
fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let place = |part: f64| (part * bytes.len() as f64) as usize;
    let range = |at: f64, part: f64| place(at)..(place(at) + place(part)).min(bytes.len());
    match change {
        Change::Put(at, piece) => {
            let at = place(*at);
            bytes.splice(at..at, PIECES[*piece].iter().copied());
        }
        Change::Cut(at, part) => _ = bytes.drain(range(*at, *part)),
        Change::Flip(at, byte) => {
            let at = place(*at);
            if let Some(found) = bytes.get_mut(at) {
                *found = *byte;
            }
        }
        Change::Repeat(at, part) => {
            let part = bytes[range(*at, *part)].to_vec();
            let end = place(*at);
            bytes.splice(end..end, part);
        }
    }
}

#[test]
fn changed_bytes_in_any_file_lead_to_problems_and_never_to_a_panic() {
    let author = Author::demo();
    let texts = FILES.map(|file| std::fs::read(author.path(file)).unwrap());
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(0..FILES.len(), changes()), |(file, changes)| {
        let mut bytes = texts[file].clone();
        changes.iter().for_each(|change| apply(&mut bytes, change));
        std::fs::write(author.path(FILES[file]), &bytes).unwrap();
        let began = Instant::now();
        let read = author.reads();
        std::fs::write(author.path(FILES[file]), &texts[file]).unwrap();
        prop_assert!(began.elapsed() < LONGEST, "{} took too long", FILES[file]);
        prop_assert!(read.len() < 4 << 20, "{} bytes of problems", read.len());
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn files_of_nothing_but_one_sign_end_in_bounds() {
    for file in [FILES[0], FILES[1], FILES[2], FILES[4]] {
        for sign in ["{", "[", "(", "\"", "- ", ": ", "a,", "\n", "#", "&a ", "fn f(x) { "] {
            let began = Instant::now();
            let author = Author::demo().write(file, sign.repeat(20_000));
            assert!(author.reads().len() < 4 << 20, "{sign} in {file}");
            assert!(began.elapsed() < LONGEST, "{sign} in {file} took {:?}", began.elapsed());
        }
    }
}
