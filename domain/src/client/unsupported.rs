//! Members that a client may register and that this server does not support (RFC 7591 §2.3, OpenID Connect Dynamic
//! Registration §2).
//!
//! The server could leave them out of its response (RFC 7591 §3.2.1). But each of them protects users, so a client
//! that relies on one must get an error.

use super::input::Input;
use super::problem::Problem;
use crate::ErrorCode;

/// Members that name an encryption.
const ENCRYPTION: [&str; 6] = [
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
];

/// One problem per member that this server does not support.
pub(super) fn check(document: &Input<'_>) -> impl Iterator<Item = Problem> {
    let encryption = ENCRYPTION.into_iter().filter_map(|member| {
        let input = document.member(member);
        let unsupported =
            |_| input.problem("not supported: this server encrypts no answers and decrypts no requests");
        input.text().map_or_else(Some, |text| text.map(unsupported))
    });
    software_statement(&document.member("software_statement")).into_iter().chain(encryption)
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
