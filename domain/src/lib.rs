//! Nouns and rules of an OAuth 2.1 authorization server and OpenID Provider.
//!
//! Nothing here does I/O, asks a clock or draws a random number: `now` and
//! random bytes are inputs. Values are parsed at the edge into types that
//! cannot be invalid.

pub mod acr;
pub mod audience;
pub mod audit;
pub mod authorization;
pub mod authorization_request;
pub mod bearer;
pub mod claims;
pub mod client;
pub mod client_keys;
pub mod code;
pub mod consent;
pub mod device;
pub mod error_code;
pub mod grant_type;
pub mod id;
pub mod initial_access_token;
pub mod interaction;
pub mod issuer;
pub mod key_source;
pub mod logout;
pub mod logout_notice;
pub mod outbound_uri;
pub mod pkce;
pub mod prompt;
pub mod pushed;
pub mod redirect_uri;
pub mod refresh_token;
pub mod resource;
pub mod response_mode;
pub mod return_to;
pub mod scope;
pub mod secret;
pub mod self_registration;
pub mod session;
pub mod signing_algorithm;
pub mod signing_key;
pub mod ui_locales;
pub mod user;
pub mod user_code;

pub use audience::Audience;
pub use audit::{Actor, AuditEvent};
pub use authorization::Authorization;
pub use authorization_request::AuthorizationRequest;
pub use client::Client;
pub use client_keys::ClientKeys;
pub use code::AuthorizationCode;
pub use consent::Consent;
pub use device::DeviceCode;
pub use error_code::ErrorCode;
pub use grant_type::GrantType;
pub use id::{AuthorizationId, ClientId, InitialAccessTokenId, KeyId, SessionId, UserId};
pub use initial_access_token::InitialAccessToken;
pub use interaction::Interaction;
pub use issuer::Issuer;
pub use key_source::KeySource;
pub use logout_notice::LogoutNotice;
pub use outbound_uri::OutboundUri;
pub use pkce::{CodeChallenge, CodeVerifier};
pub use pushed::{PushedRequest, RequestUri};
pub use redirect_uri::RedirectUri;
pub use refresh_token::RefreshToken;
pub use resource::{Resource, ResourceIdentifier};
pub use response_mode::ResponseMode;
pub use return_to::ReturnTo;
pub use scope::Scope;
pub use secret::{Digest, Secret};
pub use session::Session;
pub use signing_algorithm::SigningAlgorithm;
pub use signing_key::SigningKey;
pub use ui_locales::UiLocales;
pub use user::User;
pub use user_code::UserCode;
