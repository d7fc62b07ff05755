//! Invented names in several scripts, each with what an address makes of it.

use super::numbers::Numbers;

/// Somebody invented.
pub(super) struct Invented {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) email: String,
}

/// The same seed gives the same people, with the addresses that the sandbox's HiBob gives its own.
pub(super) fn invented(seed: u64, number: usize) -> Invented {
    let mut numbers = Numbers::of(seed.rotate_left(31), number);
    let (first, last) = (FIRST[numbers.below(FIRST.len())], LAST[numbers.below(LAST.len())]);
    Invented { first: first.0, last: last.0, email: format!("{}.{}.{number}@acme.example", first.1, last.1) }
}

/// First names. `Zoe\u{308}` is written with a combining mark, as some systems send it.
pub(crate) const FIRST: [(&str, &str); 40] = [
    ("Ada", "ada"),
    ("Bo", "bo"),
    ("Inês", "ines"),
    ("Siobhán", "siobhan"),
    ("Łukasz", "lukasz"),
    ("Paweł", "pawel"),
    ("Léa", "lea"),
    ("Anne-Marie", "anne-marie"),
    ("Zoe\u{308}", "zoe"),
    ("Björn", "bjorn"),
    ("Nguyễn Anh", "nguyen.anh"),
    ("Ağrı", "agri"),
    ("İpek", "ipek"),
    ("Ольга", "olga"),
    ("Дмитро", "dmytro"),
    ("Ελένη", "eleni"),
    ("יעל", "yael"),
    ("محمد", "mohammed"),
    ("नेहा", "neha"),
    ("さくら", "sakura"),
    ("健太", "kenta"),
    ("伟", "wei"),
    ("지우", "jiwoo"),
    ("สมชาย", "somchai"),
    ("Jean Pierre", "jean.pierre"),
    ("D'Arcy", "darcy"),
    ("Maria", "maria"),
    ("João", "joao"),
    ("Tom", "tom"),
    ("Mary", "mary"),
    ("Wanda", "wanda"),
    ("Søren", "soren"),
    ("Ivo", "ivo"),
    ("Nia", "nia"),
    ("Omar", "omar"),
    ("Priya", "priya"),
    ("Lena", "lena"),
    ("Kofi", "kofi"),
    ("Ruth", "ruth"),
    ("Xu", "xu"),
];

/// Family names.
pub(crate) const LAST: [(&str, &str); 40] = [
    ("Koch", "koch"),
    ("Lee", "lee"),
    ("Novák", "novak"),
    ("Smith-Jones", "smith-jones"),
    ("O'Neill", "oneill"),
    ("Ó Briain", "obriain"),
    ("Öztürk", "ozturk"),
    ("Al-Sayed", "al-sayed"),
    ("van der Berg", "vanderberg"),
    ("Ferreira da Silva", "ferreiradasilva"),
    ("Müller", "muller"),
    ("Sørensen", "sorensen"),
    ("YAMAMOTO", "yamamoto"),
    ("Šimić", "simic"),
    ("Иванова", "ivanova"),
    ("Шевченко", "shevchenko"),
    ("Παπαδοπούλου", "papadopoulou"),
    ("כהן", "cohen"),
    ("الحسن", "alhassan"),
    ("शर्मा", "sharma"),
    ("佐藤", "sato"),
    ("田中", "tanaka"),
    ("王", "wang"),
    ("김", "kim"),
    ("ใจดี", "jaidee"),
    ("Strauß", "strauss"),
    ("N'Diaye", "ndiaye"),
    ("Ng", "ng"),
    ("García Márquez", "garciamarquez"),
    ("Þórsdóttir", "thorsdottir"),
    ("Dąbrowska", "dabrowska"),
    ("Brown", "brown"),
    ("Taylor", "taylor"),
    ("Okafor", "okafor"),
    ("Rossi", "rossi"),
    ("Dubois", "dubois"),
    ("Haddad", "haddad"),
    ("Lindqvist", "lindqvist"),
    ("Mensah", "mensah"),
    ("de  Vries", "devries"),
];
