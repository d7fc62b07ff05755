//! `Bob-Signature` (apis/hibob.md §5.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha512;

/// The header.
pub(super) const HEADER: &str = "Bob-Signature";

/// Base64 of HMAC-SHA512 over the raw body. There is no timestamp in it, and so no protection against replay.
pub(super) fn sign(secret: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(body);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_vector_of_the_fact_sheet_comes_out() {
        let body = br#"{"companyId":700001,"type":"employee.updated","triggeredBy":"system","triggeredAt":"2026-03-02T00:00:04.120331","version":"v2","data":{"employeeId":"3000000000000000101","fieldUpdates":[{"id":"work.department"}]}}"#;
        assert_eq!(body.len(), 213);
        let signature = "wwsQTmQnLWljcIMve2tJ2cphL2z1l/eFKEXbRgNJBD/qO8qECtkEu8L15BXGQKJ+hKY4fgmQsEZt1j/EEOxfZA==";
        assert_eq!(sign("bob-demo-secret", body).as_deref(), Some(signature));
    }
}
