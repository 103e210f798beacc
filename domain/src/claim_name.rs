//! The names that a claim about a user can have.

/// The most characters of a name.
const MAX_CHARACTERS: usize = 128;

/// Names with a meaning in the protocols: a client would believe such a claim.
const OF_PROTOCOLS: [&str; 29] = [
    // JWTs (RFC 7519 §4.1, RFC 7800 §3.1), ID tokens (OpenID Connect Core §2, §3.3.2.11) and sessions.
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "cnf",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "sub_jwk",
    "sub_id",
    "events",
    "_claim_names",
    "_claim_sources",
    // Access tokens and their introspection (RFC 9068 §2.2, RFC 8693 §4, RFC 7662 §2.2, RFC 9701 §5).
    "client_id",
    "scope",
    "act",
    "may_act",
    "active",
    "token_type",
    "token_introspection",
];

/// What this server derives, and the members of a user's document that are no claims.
const OF_THIS_SERVER: [&str; 12] = [
    "preferred_username",
    "updated_at",
    "groups",
    "username",
    "id",
    "password",
    "password_hash",
    "has_password",
    "admin",
    "created_at",
    "disabled_at",
    "memberships",
];

/// Why a text cannot be the name of a stored claim.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClaimName {
    /// The name has a meaning of its own.
    #[error("{0} cannot be set as a claim: the name is reserved. Choose another one")]
    Reserved(String),
    /// The text is empty, too long, or has other characters.
    #[error(
        "{0:?} is not the name of a claim: 1 to 128 printable ASCII characters without spaces, quotation marks and backslashes"
    )]
    Malformed(String),
}

/// Checks the name of a claim that is to be stored.
///
/// # Errors
/// [`InvalidClaimName`].
pub fn check_claim_name(name: &str) -> Result<(), InvalidClaimName> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"\\".contains(&byte);
    if is_of_protocols(name) || OF_THIS_SERVER.contains(&name) {
        return Err(InvalidClaimName::Reserved(name.to_owned()));
    }
    if (1..=MAX_CHARACTERS).contains(&name.len()) && name.bytes().all(is_plain) {
        Ok(())
    } else {
        Err(InvalidClaimName::Malformed(name.chars().take(MAX_CHARACTERS).collect()))
    }
}

/// Whether the claim `name` has a meaning in the protocols.
#[must_use]
pub fn is_of_protocols(name: &str) -> bool {
    OF_PROTOCOLS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_means_something_else_is_reserved() {
        for name in OF_PROTOCOLS.into_iter().chain(OF_THIS_SERVER) {
            assert_eq!(check_claim_name(name), Err(InvalidClaimName::Reserved(name.to_owned())));
        }
        for name in ["email", "department", "https://example.com/roles", "name#de", &"a".repeat(128)] {
            assert_eq!(check_claim_name(name), Ok(()), "{name}");
        }
        for name in ["", "two words", "a\"b", "a\\b", "straße", "a\u{0}", &"a".repeat(129)] {
            assert!(matches!(check_claim_name(name), Err(InvalidClaimName::Malformed(_))), "{name}");
        }
    }
}
