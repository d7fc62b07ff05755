//! Ids: 24 hex digits, of which the first four say what it is, so that people can tell them apart.

/// What an id is of, by its first two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    User = 0x64b7,
    Team = 0x65c1,
    Attribute = 0x66aa,
}

/// How many ids were given out.
#[derive(Debug, Default)]
pub(crate) struct Ids(u64);

impl Ids {
    pub(crate) fn next(&mut self, of: Of) -> String {
        self.0 += 1;
        format!("{:04x}{:020x}", of as u16, self.0)
    }

    /// Ids that were given before come no more.
    pub(crate) fn skip(&mut self, id: &str) {
        let number = id.get(4..).and_then(|digits| u64::from_str_radix(digits.trim_start_matches('0'), 16).ok());
        self.0 = self.0.max(number.unwrap_or_default());
    }
}

/// Whether a text has the form of an id.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|sign| sign.is_ascii_digit() || (b'a'..=b'f').contains(&sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_24_hex_digits_and_never_the_same() {
        let mut ids = Ids::default();
        ids.skip("64b700000000000000000009");
        let given = [ids.next(Of::User), ids.next(Of::Team)];
        assert_eq!(given, ["64b70000000000000000000a", "65c10000000000000000000b"]);
        assert!(given.iter().all(|id| is_id(id)) && !is_id("64b7") && !is_id("64b70000000000000000000G"));
    }
}
