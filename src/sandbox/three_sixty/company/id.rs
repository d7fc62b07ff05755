//! Ids: 24 hex digits, of which the first four say what it is, so that people can tell them apart.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id (apis/360learning.md §3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id([u8; 12]);

/// What an id is of, by its first two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Group = 0x65aa,
    User = 0x65bb,
    CustomField = 0x65cc,
    Mapping = 0x65dd,
    Operation = 0x65ee,
}

/// How many ids of each kind were given out.
#[derive(Debug, Default)]
pub(crate) struct Ids(BTreeMap<Kind, u64>);

impl Ids {
    pub(super) fn next(&mut self, kind: Kind) -> Id {
        let given = self.0.entry(kind).or_default();
        *given += 1;
        let mut bytes = [0; 12];
        bytes[..2].copy_from_slice(&(kind as u16).to_be_bytes());
        bytes[4..].copy_from_slice(&given.to_be_bytes());
        Id(bytes)
    }
}

impl FromStr for Id {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits: Vec<u8> = text.chars().map_while(|sign| sign.to_digit(16)).map(|digit| digit as u8).collect();
        if digits.len() != 24 || text.len() != 24 {
            return Err(());
        }
        let mut bytes = [0; 12];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("an id has 24 hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_it_is_written_and_nothing_else_is_one() {
        let id = Ids::default().next(Kind::User);
        assert_eq!((id.to_string().as_str(), id.to_string().parse()), ("65bb00000000000000000001", Ok(id)));
        for wrong in ["", "65bb", "65bb0000000000000000000g", "65bb000000000000000000011", "é5bb0000000000000000001"] {
            assert_eq!(wrong.parse::<Id>(), Err(()), "{wrong}");
        }
    }
}
