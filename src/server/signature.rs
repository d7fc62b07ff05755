//! `Bob-Signature`: whether a body comes from whoever holds the webhook's secret (apis/hibob.md §5.3).

use std::fmt;

use axum::http::HeaderName;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha512;

/// The header.
pub(super) const HEADER: HeaderName = HeaderName::from_static("bob-signature");

/// A webhook's secret, made ready for checking.
#[derive(Clone)]
pub(super) struct Key(Hmac<Sha512>);

impl Key {
    pub(super) fn new(secret: &SecretString) -> Self {
        let key = Hmac::new_from_slice(secret.expose_secret().as_bytes());
        Self(key.expect("a key of HMAC may have any length"))
    }

    /// Whether the header is the Base64 of HMAC-SHA512 over the raw body. Takes equally long whatever is wrong with it.
    pub(super) fn signed(&self, body: &[u8], header: &[u8]) -> bool {
        // Base64 is decoded three bytes at a time.
        let mut bytes = [0; 66];
        let Ok(64) = STANDARD.decode_slice(header, &mut bytes) else { return false };
        let mut mac = self.0.clone();
        mac.update(body);
        mac.verify_slice(&bytes[..64]).is_ok()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] = br#"{"companyId":700001,"type":"employee.updated","triggeredBy":"system","triggeredAt":"2026-03-02T00:00:04.120331","version":"v2","data":{"employeeId":"3000000000000000101","fieldUpdates":[{"id":"work.department"}]}}"#;
    const SIGNATURE: &str = "wwsQTmQnLWljcIMve2tJ2cphL2z1l/eFKEXbRgNJBD/qO8qECtkEu8L15BXGQKJ+hKY4fgmQsEZt1j/EEOxfZA==";

    fn key() -> Key {
        Key::new(&"bob-demo-secret".to_owned().into())
    }

    fn sign(body: &[u8]) -> Vec<u8> {
        let mut mac = key().0;
        mac.update(body);
        mac.finalize().into_bytes().to_vec()
    }

    #[test]
    fn the_test_vector_of_the_fact_sheet_is_accepted_and_no_other_spelling_of_it() {
        assert!(key().signed(BODY, SIGNATURE.as_bytes()));
        for other in ["", "=", "sha512=", &SIGNATURE[..87], &SIGNATURE.to_lowercase(), &format!("{SIGNATURE}=")] {
            assert!(!key().signed(BODY, other.as_bytes()), "{other}");
        }
        assert!(!Key::new(&"another".to_owned().into()).signed(BODY, SIGNATURE.as_bytes()));
    }

    #[test]
    fn a_key_does_not_show_its_secret() {
        assert_eq!(format!("{:?}", key()), "Key(***)");
    }

    proptest! {
        #[test]
        fn one_flipped_bit_in_body_or_signature_is_refused(body in proptest::collection::vec(any::<u8>(), 1..300), at: usize) {
            let signature = sign(&body);
            prop_assert!(key().signed(&body, STANDARD.encode(&signature).as_bytes()));
            let mut forged = body.clone();
            forged[at / 8 % body.len()] ^= 1 << (at % 8);
            prop_assert!(!key().signed(&forged, STANDARD.encode(&signature).as_bytes()));
            let mut other = signature.clone();
            other[at / 8 % 64] ^= 1 << (at % 8);
            prop_assert!(!key().signed(&body, STANDARD.encode(&other).as_bytes()));
        }

        #[test]
        fn no_header_is_too_strange(header in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(!key().signed(BODY, &header));
        }
    }
}
