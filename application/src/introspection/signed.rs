//! The introspection answer as a signed JWT (RFC 9701).

use domain::refusal::AuthenticationCause;
use serde::Serialize;

use super::answer::Introspection;
use super::endpoint::IntrospectionEndpoint;
use crate::client_auth::Credentials;
use crate::error::{Error, Refusal, broken_key};
use crate::keys::jose::JwtType;
use crate::parameters::Parameters;

/// The claims of the answer (RFC 9701 §5). `sub` and `exp` are only in the token inside, so that no resource server takes
/// the answer for an access token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    token_introspection: &'a Introspection,
}

impl IntrospectionEndpoint {
    /// Introspects the token in `parameters`, and signs the answer for this client alone, with the algorithm that it
    /// registered (RFC 9701 §6), else that of the access tokens. An inactive answer is signed too, so that the client can prove it.
    ///
    /// # Errors
    /// As [`introspect`](Self::introspect), and `invalid_client` without a credential, also with public introspection: the
    /// JWT would have no `aud`. [`Error::Unavailable`] without a signing key.
    pub async fn introspect_signed(
        &self,
        credentials: Option<&Credentials>,
        parameters: &Parameters,
        address: &str,
    ) -> Result<String, Error> {
        let (caller, presented) = self.authenticate_and_look_up(credentials, parameters, address).await?;
        let caller = caller.ok_or_else(|| Refusal::invalid_client(AuthenticationCause::CredentialMissing))?;
        let introspection = self.answer(Some(&caller), presented?, address).await?;
        let settings = &self.context.settings;
        let claims = Claims {
            iss: settings.issuer.as_str(),
            aud: caller.id.as_str(),
            iat: self.context.now().timestamp(),
            token_introspection: &introspection,
        };
        let registered = caller.introspection_signed_response_alg;
        let keys = self.keys.with_signing_key(registered.unwrap_or(settings.access_token_alg)).await?;
        let key = match registered {
            Some(algorithm) => keys.signing(algorithm),
            None => keys.signing_for_anyone(settings.access_token_alg, self.context.now()),
        };
        let key = key.ok_or_else(|| broken_key(&"there is no signing key of the client's algorithm"))?;
        key.sign(JwtType::TokenIntrospection, &claims).map_err(|error| broken_key(&error))
    }
}
