//! What a client's answers are signed with (OpenID Connect Dynamic Registration §2).

use clap::Args;
use domain::SigningAlgorithm;
use domain::signing_algorithm::UnknownAlgorithm;

/// What is not given stays as it is.
#[derive(Debug, Clone, Args)]
pub(super) struct Signatures {
    /// What its ID tokens are signed with: RS256 (a new client's default), ES256 or EdDSA
    #[arg(long, value_name = "ALG")]
    id_token_alg: Option<SigningAlgorithm>,
    /// What UserInfo is signed with for it: RS256, ES256 or EdDSA; empty for plain JSON (a new client's default)
    #[arg(long, value_name = "ALG", value_parser = userinfo)]
    userinfo_alg: Option<UserInfo>,
}

/// Signed, or not from now on.
#[derive(Debug, Clone, Copy)]
enum UserInfo {
    Signed(SigningAlgorithm),
    Plain,
}

fn userinfo(text: &str) -> Result<UserInfo, UnknownAlgorithm> {
    if text.is_empty() { Ok(UserInfo::Plain) } else { text.parse().map(UserInfo::Signed) }
}

impl Signatures {
    /// `id_token_signed_response_alg`, over what was kept.
    pub(super) fn of_id_tokens(&self, kept: SigningAlgorithm) -> SigningAlgorithm {
        self.id_token_alg.unwrap_or(kept)
    }

    /// `userinfo_signed_response_alg`, over what was kept.
    pub(super) const fn of_userinfo(&self, kept: Option<SigningAlgorithm>) -> Option<SigningAlgorithm> {
        match self.userinfo_alg {
            None => kept,
            Some(UserInfo::Plain) => None,
            Some(UserInfo::Signed(algorithm)) => Some(algorithm),
        }
    }
}
