//! A password for an account that nobody is told: it is needed to make one, and is forgotten at once
//! (apis/learnupon.md §2.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::TITLE;
use crate::connector::ConnectorError;

/// 144 random bits, with every kind of character that a portal may ask for.
pub(super) fn made_up() -> Result<String, ConnectorError> {
    let mut bytes = [0_u8; 18];
    getrandom::fill(&mut bytes).map_err(|_| ConnectorError::Unavailable {
        message: format!("this machine gives no random numbers, and accounts of {TITLE} need a password"),
        help: "see whether the system's source of random numbers is there (/dev/urandom)".to_owned(),
    })?;
    Ok(format!("{}-aZ7", URL_SAFE_NO_PAD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_mixed_and_never_the_same() {
        let some: std::collections::BTreeSet<String> = (0..100).map(|_| made_up().unwrap()).collect();
        assert_eq!(some.len(), 100);
        for password in some {
            let has = |kind: fn(char) -> bool| password.chars().any(kind);
            assert!(password.len() == 28 && has(|sign| sign.is_ascii_digit()) && has(|sign| sign.is_ascii_uppercase()));
        }
    }
}
