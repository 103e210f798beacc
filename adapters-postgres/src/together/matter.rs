//! What can be asked together.

use super::Form;
use crate::{
    at_once, authorization_codes, clients, consents, opaque_access_tokens, refresh_tokens, sessions,
    token_standing,
};

/// What is looked up, or changed, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matter {
    Client,
    ClientStanding,
    CodeFound,
    CodeIssued,
    CodeRedeemed,
    Consent,
    OpaqueAccessToken,
    Recorded,
    RefreshToken,
    Rotated,
    Session,
    UserStanding,
}

/// Every matter, in the order of its declaration.
pub(super) const MATTERS: [Matter; 12] = [
    Matter::Client,
    Matter::ClientStanding,
    Matter::CodeFound,
    Matter::CodeIssued,
    Matter::CodeRedeemed,
    Matter::Consent,
    Matter::OpaqueAccessToken,
    Matter::Recorded,
    Matter::RefreshToken,
    Matter::Rotated,
    Matter::Session,
    Matter::UserStanding,
];

impl Matter {
    /// How it is asked.
    pub(super) fn form(self) -> Form {
        match self {
            Self::Client => clients::question(),
            Self::ClientStanding => token_standing::client_question(),
            Self::CodeFound => authorization_codes::question(),
            Self::CodeIssued => at_once::issuing(),
            Self::CodeRedeemed => at_once::redeeming(),
            Self::Consent => consents::question(),
            Self::OpaqueAccessToken => opaque_access_tokens::question(),
            Self::Recorded => at_once::recording(),
            Self::RefreshToken => refresh_tokens::question(),
            Self::Rotated => at_once::rotating(),
            Self::Session => sessions::question(),
            Self::UserStanding => token_standing::user_question(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_is_found_at_its_place() {
        for (place, matter) in MATTERS.into_iter().enumerate() {
            assert_eq!(matter as usize, place);
        }
    }
}
