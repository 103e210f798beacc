//! Token revocation (RFC 7009).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::{Client, ClientId};

use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::{Authorizations, RefreshTokens};
use crate::token::access_token::AccessTokens;

/// The revocation endpoint.
pub struct RevocationEndpoint {
    /// Authenticates clients. Public clients may revoke their own tokens.
    pub authenticator: Arc<ClientAuthenticator>,
    /// Reads access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// The refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Revokes authorizations and access tokens.
    pub authorizations: Arc<dyn Authorizations>,
    /// The clock.
    pub context: Context,
}

impl RevocationEndpoint {
    /// Revokes the token in `parameters`: an access token alone, a refresh token with its family and every
    /// access token of its authorization. An unknown token counts as revoked (RFC 7009 §2.2).
    ///
    /// # Errors
    /// `invalid_client`; `invalid_request` without a token; `invalid_grant` for another client's token, and
    /// then nothing happens.
    pub async fn revoke(
        &self,
        credentials: &Credentials,
        parameters: &Parameters,
        address: &str,
    ) -> Result<(), Error> {
        let client = self.authenticator.authenticate(credentials, path::REVOKE, address).await?;
        let token = parameters.require("token", "token is missing")?;
        let now = self.context.now();
        if BearerKind::RefreshToken.recognises(token) {
            self.revoke_refresh_token(&client, token, now).await
        } else {
            self.revoke_access_token(&client, token).await
        }
    }

    async fn revoke_refresh_token(
        &self,
        client: &Client,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Ok(token) = BearerKind::RefreshToken.parse(token) else {
            return Ok(());
        };
        let Some(found) = self.refresh_tokens.find(token.digest(), now).await? else {
            return Ok(());
        };
        check_owner(client, &found.token.client)?;
        let authorization = found.authorization;
        self.authorizations.revoke(authorization.id, now, authorization.expires_at).await?;
        Ok(())
    }

    async fn revoke_access_token(&self, client: &Client, token: &str) -> Result<(), Error> {
        let Some(claims) = self.access_tokens.read(token).await? else {
            return Ok(());
        };
        check_owner(client, &claims.client_id)?;
        let (Some(reference), Some(expires_at)) =
            (claims.reference(), DateTime::from_timestamp(claims.exp, 0))
        else {
            return Ok(());
        };
        self.authorizations.revoke_token(reference.token, expires_at).await?;
        Ok(())
    }
}

fn check_owner(client: &Client, owner: &ClientId) -> Result<(), Refusal> {
    if client.id == *owner {
        Ok(())
    } else {
        Err(Refusal::invalid_grant(format!("{} tried to revoke a token of {owner}", client.id)))
    }
}
