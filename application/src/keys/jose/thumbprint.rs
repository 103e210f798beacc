//! JWK thumbprints (RFC 7638), the ids of the signing keys.

use jsonwebtoken::jwk::{Jwk, ThumbprintHash};

use super::{JoseError, install};

/// The SHA-256 thumbprint of a public key, in base64url (RFC 7638 §3).
///
/// # Errors
/// [`JoseError::InvalidKey`] for a key type without a thumbprint, [`JoseError::ForeignProvider`].
pub(super) fn thumbprint(jwk: &Jwk) -> Result<String, JoseError> {
    install()?;
    jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| JoseError::InvalidKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7638_has_the_thumbprint_it_gives() {
        let jwk = serde_json::from_value(serde_json::json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3\
                  oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA\
                  ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-\
                  kEgU8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RS256",
            "kid": "2011-04-29"
        }))
        .unwrap();
        assert_eq!(thumbprint(&jwk).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
