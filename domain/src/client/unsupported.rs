//! Members that a client may register and that this server does not support (RFC 7591 §2.3, OpenID Connect Dynamic
//! Registration §2).
//!
//! The server could leave them out of its response (RFC 7591 §3.2.1). But each of them protects users, so a client
//! that relies on one must get an error.

use super::input::Input;
use super::problem::Problem;
use crate::ErrorCode;

/// Members that name an encryption.
const ENCRYPTION: [&str; 10] = [
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "introspection_encrypted_response_alg",
    "introspection_encrypted_response_enc",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
];

/// Members that bind tokens to a key, if they are true (RFC 9449 §5.2, RFC 8705 §3.4).
const BINDING: [&str; 2] = ["dpop_bound_access_tokens", "tls_client_certificate_bound_access_tokens"];

/// Members that ask for a protected form of an answer or of keys (JARM §3, OpenID Connect Federation §5.2.1).
const PROTECTION: [&str; 2] = ["authorization_signed_response_alg", "signed_jwks_uri"];

/// One problem per member that this server does not support.
pub(super) fn check(document: &Input<'_>) -> impl Iterator<Item = Problem> {
    let encryption = "not supported: this server encrypts no answers and decrypts no requests";
    let texts = ENCRYPTION.map(|member| (member, encryption)).into_iter();
    let texts = texts.chain(PROTECTION.map(|member| (member, "not supported by this server")));
    let texts = texts.filter_map(|(member, reason)| {
        let input = document.member(member);
        input.text().map_or_else(Some, |text| text.map(|_| input.problem(reason)))
    });
    let flags = BINDING.into_iter().filter_map(|member| {
        let input = document.member(member);
        let bound = |is_set: bool| {
            is_set.then(|| input.problem("not supported: this server issues bearer tokens only"))
        };
        input.flag(false).map_or_else(Some, bound)
    });
    software_statement(&document.member("software_statement")).into_iter().chain(texts).chain(flags)
}

/// This server trusts no third party to vouch for software. Ignoring the statement would suggest otherwise
/// (RFC 7591 §2.3).
fn software_statement(input: &Input<'_>) -> Option<Problem> {
    let statement = match input.text() {
        Ok(statement) => statement?,
        Err(problem) => return Some(problem),
    };
    let is_jwt = statement.split('.').count() == 3
        && statement.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let (code, text) = if is_jwt {
        let text = "this server approves no software statements; register without one";
        (ErrorCode::UnapprovedSoftwareStatement, text)
    } else {
        (ErrorCode::InvalidSoftwareStatement, "not a signed JWT")
    };
    Some(Problem { code, ..input.problem(text) })
}
