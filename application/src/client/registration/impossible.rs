//! What a client may ask for when it registers and this server cannot do (OpenID Connect Dynamic Registration §2).
//! Leaving it out of the answer would be allowed (RFC 7591 §3.2.1), but each of these protects people: a client that
//! counts on it has to be told.

use super::document::Document;
use crate::error::Refusal;

/// Members that name an encryption.
const ENCRYPTION: [&str; 6] = [
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
];

/// # Errors
/// `invalid_client_metadata` for encrypted answers and requests.
pub(super) fn refuse(document: &Document) -> Result<(), Refusal> {
    for member in ENCRYPTION {
        if document.text(member)?.is_some() {
            return Err(Refusal::invalid_client_metadata(
                "this server encrypts no answers and decrypts no requests",
            ));
        }
    }
    Ok(())
}
