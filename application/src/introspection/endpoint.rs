//! Which client may see what about a token.

use std::sync::Arc;

use domain::bearer::BearerKind;
use domain::refusal::{AuthenticationCause, BearerTokenCause};
use domain::{Client, Person, Quoted, Scope, User};
use serde_json::{Map, Value};
use tokio::try_join;

use super::answer::{ActiveToken, Introspection};
use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::keys::Keys;
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::{JudgedToken, PresentedToken, RefreshTokens, TokenStatus, Users};
use crate::refusals::Reporter;
use crate::resource::indicators::ResourceIndicators;
use crate::token::access_token::AccessTokens;
use crate::users::subject_identifiers::SubjectIdentifiers;

/// The introspection endpoint.
pub struct IntrospectionEndpoint {
    /// Authenticates clients.
    pub authenticator: Arc<ClientAuthenticator>,
    /// Checks access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// The refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Finds the groups of a user.
    pub users: Arc<dyn Users>,
    /// Makes the `sub` of each user for each client.
    pub subject_identifiers: Arc<SubjectIdentifiers>,
    /// Tells which clients are the resource servers of a token.
    pub indicators: Arc<ResourceIndicators>,
    /// The keys that sign answers (RFC 9701).
    pub keys: Arc<Keys>,
    /// Keeps why an answer is inactive.
    pub reporter: Arc<Reporter>,
    /// The issuer, and whether introspection is public.
    pub context: Context,
}

/// The token of a request, by its kind; none if this server did not issue it or if it has expired.
pub(super) enum Presented {
    Access(Option<Box<JudgedToken>>),
    Refresh(Option<Box<PresentedToken>>),
}

impl IntrospectionEndpoint {
    /// Introspects the token in `parameters` for the client that calls.
    ///
    /// # Errors
    /// `invalid_client` for wrong, missing or public credentials, unless public introspection is switched on and none were
    /// sent; `invalid_request` without a token.
    pub async fn introspect(
        &self,
        credentials: Option<&Credentials>,
        parameters: &Parameters,
        address: &str,
    ) -> Result<Introspection, Error> {
        let (caller, presented) = self.authenticate_and_look_up(credentials, parameters, address).await?;
        self.answer(caller.as_ref(), presented?, address).await
    }

    /// Authenticates the client and looks up the token at the same time, because a store may answer both in one round
    /// trip. The client's refusal comes first.
    pub(super) async fn authenticate_and_look_up(
        &self,
        credentials: Option<&Credentials>,
        parameters: &Parameters,
        address: &str,
    ) -> Result<(Option<Client>, Result<Presented, Error>), Error> {
        try_join!(self.authenticate(credentials, address), async { Ok(self.look_up(parameters).await) })
    }

    async fn look_up(&self, parameters: &Parameters) -> Result<Presented, Error> {
        let token = parameters.require("token", "token is missing")?;
        if !BearerKind::RefreshToken.recognises(token) {
            return Ok(Presented::Access(self.access_tokens.judge(token).await?.map(Box::new)));
        }
        let Ok(token) = BearerKind::RefreshToken.parse(token) else {
            return Ok(Presented::Refresh(None));
        };
        let now = self.context.now();
        Ok(Presented::Refresh(self.refresh_tokens.find(token.digest(), now).await?.map(Box::new)))
    }

    pub(super) async fn answer(
        &self,
        caller: Option<&Client>,
        presented: Presented,
        address: &str,
    ) -> Result<Introspection, Error> {
        match (presented, caller) {
            (Presented::Access(Some(token)), caller) if self.may_see(caller, &token).await? => {
                self.access_token(*token, caller).await
            }
            (Presented::Access(Some(token)), Some(caller)) => {
                // The answer has no reference: it must not tell that the token is valid (RFC 7662 §2.2).
                let cause = BearerTokenCause::NotVisible {
                    issued_to: token.claims.client_id.to_string(),
                    audience: token.claims.aud.iter().take(5).map(Quoted::new).collect(),
                };
                let reference =
                    self.reporter.note(cause.into(), caller.id.as_str(), path::INTROSPECT, address);
                tracing::warn!(
                    client_id = %caller.id,
                    issued_to = %token.claims.client_id,
                    %reference,
                    "the client may not introspect this access token, so the answer is inactive; if it is a resource server, run: client update ID --resource-server, or register its API with: resource create URL --client ID"
                );
                Ok(Introspection::Inactive)
            }
            (Presented::Refresh(Some(token)), Some(caller)) => self.refresh_token(caller, *token).await,
            (Presented::Access(_) | Presented::Refresh(_), _) => Ok(Introspection::Inactive),
        }
    }

    /// None for a caller without credentials, if public introspection is switched on.
    async fn authenticate(
        &self,
        credentials: Option<&Credentials>,
        address: &str,
    ) -> Result<Option<Client>, Error> {
        match credentials {
            Some(credentials @ (Credentials::Secret { .. } | Credentials::Assertion { .. })) => {
                self.authenticator.authenticate(credentials, path::INTROSPECT, address).await.map(Some)
            }
            Some(Credentials::Id(_)) | None if self.context.settings.public_introspection => Ok(None),
            Some(Credentials::Id(_)) => {
                Err(Refusal::invalid_client(AuthenticationCause::CredentialMissing).into())
            }
            None => Err(Refusal::invalid_client(AuthenticationCause::CredentialMissing).into()),
        }
    }

    /// An access token is visible to its client, to a resource server that it is for, to every client that is registered
    /// as a resource server, and with public introspection to callers without credentials.
    async fn may_see(&self, caller: Option<&Client>, token: &JudgedToken) -> Result<bool, Error> {
        let Some(caller) = caller else {
            return Ok(true);
        };
        let audience = &token.claims.aud;
        if caller.resource_server
            || caller.id == token.claims.client_id
            || audience.contains(caller.id.as_str())
        {
            return Ok(true);
        }
        self.indicators.is_in(&caller.id, audience).await
    }

    /// A refresh token is visible to its own client only.
    async fn refresh_token(&self, caller: &Client, found: PresentedToken) -> Result<Introspection, Error> {
        let (token, now) = (&found.token, self.context.now());
        let active = found.is_valid
            && token.client == caller.id
            && token.is_live(now)
            && token.spent.is_none()
            && self.context.settings.lets_users_enter(caller);
        if !active {
            return Ok(Introspection::Inactive);
        }
        // A token is refused when the first of these has come.
        let ends = [Some(token.expires_at), Some(found.authorization.expires_at), found.session_expires_at];
        let exp = ends.into_iter().flatten().min().unwrap_or(token.expires_at).timestamp();
        Ok(Introspection::Active(Box::new(ActiveToken {
            scope: found.token.scope,
            client_id: found.token.client.to_string(),
            username: None,
            token_type: None,
            exp,
            iat: found.token.issued_at.timestamp(),
            sub: self
                .subject_identifiers
                .for_naming(&found.authorization.naming)
                .await?
                .subject_for(found.authorization.user)
                .to_string(),
            aud: None,
            iss: self.context.settings.issuer.to_string(),
            jti: None,
            auth_time: Some(found.authorization.auth_time.timestamp()),
            acr: found.authorization.acr,
            user: Map::new(),
        })))
    }

    /// The answer about an access token. The user name is shown to a client that is registered as a resource server, and with
    /// a token that has the scope `profile`. What the scopes of the operator open is shown to callers that have authenticated.
    async fn access_token(
        &self,
        JudgedToken { claims, status }: JudgedToken,
        caller: Option<&Client>,
    ) -> Result<Introspection, Error> {
        let shows_username =
            caller.is_some_and(|caller| caller.resource_server) || claims.scope.contains("profile");
        let (username, user) = match status {
            TokenStatus::User(grantee) => {
                let username = grantee.user.username.as_str().to_owned();
                let opened = self.claims(grantee.user, &claims.scope, caller).await?;
                (Some(username).filter(|_| shows_username), opened)
            }
            TokenStatus::Client => (None, Map::new()),
            TokenStatus::Revoked => return Ok(Introspection::Inactive),
        };
        Ok(Introspection::Active(Box::new(ActiveToken {
            scope: claims.scope,
            client_id: claims.client_id.to_string(),
            username,
            token_type: Some("Bearer"),
            exp: claims.exp,
            iat: claims.iat,
            sub: claims.sub,
            aud: Some(claims.aud),
            iss: claims.iss,
            jti: Some(claims.jti),
            auth_time: claims.auth_time,
            acr: claims.acr,
            user,
        })))
    }

    /// The claims that the groups and the scopes of the operator open to this caller, as it wants them.
    async fn claims(
        &self,
        user: User,
        scope: &Scope,
        caller: Option<&Client>,
    ) -> Result<Map<String, Value>, Error> {
        let opened: Vec<_> = self.context.settings.declared_scopes.own_claims_in(scope).collect();
        let Some(caller) = caller.filter(|_| !opened.is_empty()) else {
            return Ok(Map::new());
        };
        let needs_groups = opened.iter().any(|name| Person::may_come_from_groups(name));
        let person = if needs_groups { self.users.find_with_groups(user.id).await? } else { None };
        let person = person.unwrap_or_else(|| Person::without_groups(user));
        let person = person.seen_with(caller.tokens.claim_mapping.as_ref());
        let mut claims = person.mapped(person.claims(opened));
        // The member of this name is about the sign-in.
        claims.remove("username");
        Ok(claims)
    }
}
