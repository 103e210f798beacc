//! Grants (RFC 6749 §1.3). A grant proves what may be issued. It does not call the endpoint.

mod authorization_code;
mod client_credentials;
mod device_code;
mod password;
mod refresh_token;
mod still_allowed;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, Caller, Client, GrantType, Person, Scope, Secret, SignInEvent};

use crate::error::Error;
use crate::parameters::Parameters;
use crate::resource::target::Target;

pub use authorization_code::AuthorizationCodeGrant;
pub use client_credentials::ClientCredentialsGrant;
pub use device_code::DeviceCodeGrant;
pub use password::PasswordGrant;
pub use refresh_token::RefreshTokenGrant;

/// One grant of the token endpoint.
#[async_trait]
pub trait Grant: Send + Sync {
    /// Its `grant_type`.
    fn grant_type(&self) -> GrantType;

    /// Looks up what the client presents, and changes nothing. The endpoint calls this while it authenticates the
    /// client, and reads the result, also an error, only when the client is authenticated.
    ///
    /// # Errors
    /// A parameter that is missing or malformed; [`Error::Unavailable`].
    async fn look_up<'a>(
        &'a self,
        parameters: &'a Parameters,
        now: DateTime<Utc>,
    ) -> Result<Box<dyn Presented + 'a>, Error>;
}

/// The looked-up credential, not validated yet. A grant that has nothing to look up implements this itself.
#[async_trait]
pub trait Presented: Send {
    /// Validates it, then consumes it.
    ///
    /// # Errors
    /// A refusal leaves the presented grant usable: an attempt by another client, or with a wrong proof, takes nothing
    /// from its owner.
    async fn prove(self: Box<Self>, request: &TokenRequest<'_>) -> Result<Proven, Error>;
}

/// A token request of a client that has authenticated and is registered for the grant.
pub struct TokenRequest<'a> {
    /// The client.
    pub client: &'a Client,
    /// The parameters of the request.
    pub parameters: &'a Parameters,
    /// Who sent the request.
    pub caller: &'a Caller,
    /// When the client had authenticated.
    pub now: DateTime<Utc>,
}

/// The result of a grant; it tells the endpoint the next step.
pub enum Proven {
    /// The client acts for itself: there is no user, nothing to record and no refresh token (RFC 6749 §4.4.3).
    ClientItself {
        /// The scope of the access token.
        scope: Scope,
        /// What the access token is for.
        target: Target,
    },
    /// A user authorized the client, and the grant is consumed: the endpoint records it with its first refresh token.
    Authorized(NewAuthorization),
    /// A recorded authorization is used again, and its refresh token is rotated.
    Refreshed(Refreshed),
    /// The right client presented a grant that it had redeemed before: the endpoint revokes the authorization and
    /// refuses.
    Replayed(Box<Authorization>),
}

/// An authorization that is not recorded yet.
pub struct NewAuthorization {
    /// The authorization, with the scope that is still allowed.
    pub authorization: Box<Authorization>,
    /// The scope of the access token: at most that of the authorization.
    pub scope: Scope,
    /// What the access token is for.
    pub target: Target,
    /// The `nonce` of the authorization request, for the ID token.
    pub nonce: Option<String>,
    /// What to do if the authorization is recorded already.
    pub if_recorded_before: IfRecordedBefore,
    /// The sign-in that the grant verified. It counts when the authorization is recorded.
    pub sign_in: Option<SignInEvent>,
}

/// The meaning, for a grant, of an authorization that was recorded before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfRecordedBefore {
    /// A replay: revoke the authorization, and refuse.
    Revoke,
    /// No sign of theft: refuse, and leave the authorization as it is.
    Refuse,
}

/// A recorded authorization, whose refresh token is rotated.
pub struct Refreshed {
    /// The authorization.
    pub authorization: Box<Authorization>,
    /// The scope of the new access token: at most that of the authorization.
    pub scope: Scope,
    /// What the new access token is for.
    pub target: Target,
    /// The refresh token that replaces the presented one; the store has it already.
    pub successor: Secret,
    /// The user, if the ID token has claims about them.
    pub user: Option<Person>,
}
