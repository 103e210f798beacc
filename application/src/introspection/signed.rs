//! Introspection answered as a signed JWT (RFC 9701).

use serde::Serialize;

use super::{Introspection, IntrospectionEndpoint};
use crate::client_auth::Credentials;
use crate::error::{Error, Refusal, broken_key};
use crate::keys::jose::JwtType;
use crate::parameters::Parameters;

/// The claims of the answer (RFC 9701 §5). `sub` and `exp` are left to the token inside, so that nobody can
/// take the answer for an access token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    token_introspection: &'a Introspection,
}

impl IntrospectionEndpoint {
    /// What the caller may know about the token in `parameters`, as a JWT for this caller alone: signed with the
    /// access tokens' algorithm, whatever the answer is, so that an inactive one can be proven too.
    ///
    /// # Errors
    /// As [`introspect`](Self::introspect), and `invalid_client` for a caller without a credential even where
    /// introspection is public: the JWT would have no `aud`. [`Error::Unavailable`] without a signing key.
    pub async fn introspect_signed(
        &self,
        credentials: Option<&Credentials>,
        parameters: &Parameters,
        address: &str,
    ) -> Result<String, Error> {
        let (caller, presented) = self.asked(credentials, parameters, address).await?;
        let caller = caller.ok_or_else(|| {
            Refusal::invalid_client("a signed introspection needs a client with a credential")
        })?;
        let introspection = self.told(Some(&caller), presented?).await?;
        let settings = &self.context.settings;
        let claims = Claims {
            iss: settings.issuer.as_str(),
            aud: caller.id.as_str(),
            iat: self.context.now().timestamp(),
            token_introspection: &introspection,
        };
        let keys = self.keys.current().await?;
        let key = keys
            .signing(settings.access_token_alg)
            .ok_or_else(|| broken_key(&"there is no signing key of the access tokens' algorithm"))?;
        key.sign(JwtType::TokenIntrospection, &claims).map_err(|error| broken_key(&error))
    }
}
