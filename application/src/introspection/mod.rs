//! Token introspection (RFC 7662): who may learn what about a token.

mod signed;

use std::sync::Arc;

use domain::bearer::BearerKind;
use domain::{Audience, Client, Scope};
use serde::{Serialize, Serializer};
use tokio::try_join;

use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::error::{Error, Refusal};
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::{JudgedToken, PresentedToken, RefreshTokens, Standing};
use crate::resource::indicators::ResourceIndicators;
use crate::token::access_token::AccessTokens;
use crate::users::subject_identifiers::SubjectIdentifiers;

/// Answers introspection requests.
pub struct IntrospectionEndpoint {
    /// Who calls.
    pub authenticator: Arc<ClientAuthenticator>,
    /// Judges access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// Finds refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Names users to clients.
    pub subjects: Arc<SubjectIdentifiers>,
    /// Knows which client is which resource server.
    pub indicators: Arc<ResourceIndicators>,
}

/// What a token turned out to be, if it is one of ours.
enum Presented {
    Access(Option<Box<JudgedToken>>),
    Refresh(Option<Box<PresentedToken>>),
}

/// The answer (RFC 7662 §2.2). An inactive one says nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Introspection {
    /// `{"active":false}`: unknown, expired, revoked, or none of the caller's business.
    Inactive,
    /// `{"active":true, …}`.
    Active(Box<ActiveToken>),
}

/// What an active token says. What does not apply is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActiveToken {
    /// `scope`; left out if that is nothing.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub scope: Scope,
    /// `client_id`.
    pub client_id: String,
    /// `username`, where a user is present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `token_type`: for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// `exp`, in seconds since 1970.
    pub exp: i64,
    /// `iat`.
    pub iat: i64,
    /// `sub`.
    pub sub: String,
    /// `aud`, for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// `iss`.
    pub iss: String,
    /// `jti`, for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// `auth_time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// `acr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
}

/// As it goes over the wire, plain or signed.
impl Serialize for Introspection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Members<'a> {
            active: bool,
            #[serde(flatten)]
            token: Option<&'a ActiveToken>,
        }
        let token = match self {
            Self::Inactive => None,
            Self::Active(token) => Some(&**token),
        };
        Members { active: token.is_some(), token }.serialize(serializer)
    }
}

impl IntrospectionEndpoint {
    /// What `caller` may know about the token in `parameters`.
    ///
    /// # Errors
    /// `invalid_client` for wrong, missing or public credentials (unless public introspection is on and none
    /// were sent), `invalid_request` without a token.
    pub async fn introspect(
        &self,
        credentials: Option<&Credentials>,
        parameters: &Parameters,
        address: &str,
    ) -> Result<Introspection, Error> {
        let (caller, presented) = self.asked(credentials, parameters, address).await?;
        self.told(caller.as_ref(), presented?).await
    }

    /// Who asks, and about what: both at once, because a store may answer both in one round trip.
    async fn asked(
        &self,
        credentials: Option<&Credentials>,
        parameters: &Parameters,
        address: &str,
    ) -> Result<(Option<Client>, Result<Presented, Error>), Error> {
        try_join!(self.caller(credentials, address), async { Ok(self.presented(parameters).await) })
    }

    async fn presented(&self, parameters: &Parameters) -> Result<Presented, Error> {
        let token = parameters.require("token", "token is missing")?;
        if !BearerKind::RefreshToken.recognises(token) {
            return Ok(Presented::Access(self.access_tokens.judge(token).await?.map(Box::new)));
        }
        let Ok(token) = BearerKind::RefreshToken.parse(token) else {
            return Ok(Presented::Refresh(None));
        };
        let now = self.authenticator.clock.now();
        Ok(Presented::Refresh(self.refresh_tokens.find(token.digest(), now).await?.map(Box::new)))
    }

    async fn told(&self, caller: Option<&Client>, presented: Presented) -> Result<Introspection, Error> {
        match (presented, caller) {
            (Presented::Access(Some(token)), caller) if self.may_know(caller, &token).await? => {
                let operators = caller.is_some_and(|caller| caller.resource_server);
                Ok(access_token(*token, operators))
            }
            (Presented::Refresh(Some(token)), Some(caller)) => self.refresh_token(caller, *token).await,
            (Presented::Access(_) | Presented::Refresh(_), _) => Ok(Introspection::Inactive),
        }
    }

    /// None for a caller without credentials, where the operator allows that.
    async fn caller(
        &self,
        credentials: Option<&Credentials>,
        address: &str,
    ) -> Result<Option<Client>, Error> {
        match credentials {
            Some(credentials @ (Credentials::Secret { .. } | Credentials::Assertion { .. })) => {
                self.authenticator.authenticate(credentials, path::INTROSPECT, address).await.map(Some)
            }
            Some(Credentials::Id(_)) | None if self.access_tokens.settings.public_introspection => Ok(None),
            Some(Credentials::Id(_)) => {
                Err(Refusal::invalid_client("introspection needs a client with a credential").into())
            }
            None => Err(Refusal::invalid_client("introspection without credentials").into()),
        }
    }

    /// The client it was issued to, a resource server it is for, or any resource server of the operator's. Without
    /// credentials (public introspection) everybody.
    async fn may_know(&self, caller: Option<&Client>, token: &JudgedToken) -> Result<bool, Error> {
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

    /// A refresh token is active to its own client only.
    async fn refresh_token(&self, caller: &Client, found: PresentedToken) -> Result<Introspection, Error> {
        let (token, now) = (&found.token, self.authenticator.clock.now());
        let active = found.stands && token.client == caller.id && token.is_live(now) && token.spent.is_none();
        if !active {
            return Ok(Introspection::Inactive);
        }
        Ok(Introspection::Active(Box::new(ActiveToken {
            scope: found.token.scope,
            client_id: found.token.client.to_string(),
            username: None,
            token_type: None,
            exp: found.token.expires_at.timestamp(),
            iat: found.token.issued_at.timestamp(),
            sub: self.subjects.of(caller).await?.of(found.authorization.user).to_string(),
            aud: None,
            iss: self.access_tokens.settings.issuer.to_string(),
            jti: None,
            auth_time: Some(found.authorization.auth_time.timestamp()),
            acr: found.authorization.acr,
        })))
    }
}

/// The user's name is for the operator's resource servers, and for whom the user let see their profile.
fn access_token(JudgedToken { claims, standing }: JudgedToken, operators: bool) -> Introspection {
    let named = operators || claims.scope.contains("profile");
    let username = match standing {
        Standing::User(grantee) => Some(grantee.user.username.as_str().to_owned()).filter(|_| named),
        Standing::Client => None,
        Standing::Revoked => return Introspection::Inactive,
    };
    Introspection::Active(Box::new(ActiveToken {
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
    }))
}
