//! Issues ID tokens (OpenID Connect Core §2), and reads an `id_token_hint`.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, SHA512};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::refusal::BearerTokenCause;
use domain::scope::OPENID;
use domain::{
    Authorization, Client, ClientId, Incarnation, Person, Scope, Secret, SigningAlgorithm, SubjectIdentifier,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::{Error, broken_key};
use crate::keys::Keys;
use crate::keys::jose::{JwtType, KeySet};
use crate::port::Users;

use super::claimed::claimed_token;
use super::long_id_tokens::LongIdTokens;

/// The claims of an ID token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The user, as the client knows the user.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// `<incarnation>.<random>`: a client that is made under the id of a deleted one cannot use its ID tokens as hints.
    pub jti: String,
    /// When the user authenticated.
    pub auth_time: i64,
    /// The `nonce` of the authorization request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nonce: Option<String>,
    /// The context in which the user authenticated.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acr: Option<String>,
    /// The methods by which the user authenticated.
    pub amr: Vec<String>,
    /// Binds the access token that came with it (§3.1.3.6).
    pub at_hash: String,
    /// The session (OpenID Connect Front-Channel Logout §3).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sid: Option<String>,
    /// Claims about the user: those that the client requested one by one (§5.5), and those of its scopes if it registered
    /// `id_token_claims` (§5.4).
    #[serde(flatten)]
    pub user: Map<String, Value>,
}

/// What a new ID token says.
pub struct NewIdToken<'a> {
    /// The user's authorization.
    pub authorization: &'a Authorization,
    /// The user, as the client knows the user.
    pub sub: SubjectIdentifier,
    /// The session, as the client knows it.
    pub sid: Option<String>,
    /// The `nonce` of the authorization request.
    pub nonce: Option<&'a str>,
    /// Claims about the user.
    pub user: Map<String, Value>,
    /// The access token that comes with it.
    pub access_token: &'a Secret,
}

/// The content of a valid `id_token_hint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The user, as the client knew the user.
    pub subject: SubjectIdentifier,
    /// The client that it was issued to.
    pub client: ClientId,
    /// The incarnation of the client.
    incarnation: Incarnation,
    /// The session that it was issued in.
    pub sid: Option<String>,
}

impl Hint {
    /// Whether it was issued to this client, and not to a deleted one that had the same id.
    #[must_use]
    pub fn is_for(&self, client: &Client) -> bool {
        self.client == client.id && self.incarnation == client.incarnation
    }
}

/// The outcome of reading an `id_token_hint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadHint {
    /// An ID token of this server.
    Valid(Hint),
    /// No ID token of this server, and why.
    Invalid(BearerTokenCause),
}

/// The data that the user claims of an ID token need.
enum Needed {
    Nothing,
    User,
    UserAndGroups,
}

/// Makes ID tokens and reads them back.
pub struct IdTokens {
    /// The keys that verify hints.
    pub keys: Arc<Keys>,
    /// The users that they are about.
    pub users: Arc<dyn Users>,
    /// The clients that the log named for the length of their ID tokens.
    pub long: LongIdTokens,
    /// Issuer, lifetime and entropy.
    pub context: Context,
}

impl IdTokens {
    /// The user, if an ID token of `scope` has claims about them, with their groups if a claim may come from those. It is called
    /// beside another request to the store, so that it costs no time of its own.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the user cannot be read.
    pub async fn find_user(
        &self,
        client: &Client,
        authorization: &Authorization,
        scope: &Scope,
    ) -> Result<Option<Person>, Error> {
        match self.needed(client, authorization, scope) {
            Needed::Nothing => Ok(None),
            Needed::User => Ok(self.users.find(authorization.user).await?.map(Person::without_groups)),
            Needed::UserAndGroups => Ok(self.users.find_with_groups(authorization.user).await?),
        }
    }

    fn needed(&self, client: &Client, authorization: &Authorization, scope: &Scope) -> Needed {
        let declared = &self.context.settings.declared_scopes;
        let requested = authorization.claims.clone().within(&client.scope, declared);
        let by_scope =
            if client.tokens.id_token_claims { declared.claims_in(scope) } else { BTreeSet::new() };
        let names: BTreeSet<&str> = requested.names_for_id_token().chain(by_scope).collect();
        match names.iter().any(|name| Person::may_come_from_groups(name)) {
            _ if !scope.contains(OPENID) || names.is_empty() => Needed::Nothing,
            true => Needed::UserAndGroups,
            false => Needed::User,
        }
    }

    /// Issues an ID token to `client`, signed by a key of `keys`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a signing key of the client's algorithm.
    pub fn issue(
        &self,
        keys: &KeySet,
        client: &Client,
        new: NewIdToken<'_>,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        let NewIdToken { authorization, sub, sid, nonce, user, access_token } = new;
        let Context { settings, entropy, .. } = &self.context;
        let random = Secret::from_random(entropy.bytes());
        let claims = IdTokenClaims {
            iss: settings.issuer.as_str().to_owned(),
            sub: sub.to_string(),
            aud: client.id.to_string(),
            exp: (now + settings.lifetimes.id_token_of(client)).timestamp(),
            iat: now.timestamp(),
            jti: format!("{}.{}", client.incarnation, &random.expose()[..22]),
            auth_time: authorization.auth_time.timestamp(),
            nonce: nonce.map(str::to_owned),
            acr: authorization.acr.clone(),
            amr: authorization.amr.clone(),
            at_hash: half_hash(client.id_token_signed_response_alg, access_token),
            sid,
            user,
        };
        let key = keys
            .signing(client.id_token_signed_response_alg)
            .ok_or_else(|| broken_key(&"there is no signing key of the client's algorithm"))?;
        let id_token = key.sign(JwtType::IdToken, &claims).map_err(|error| broken_key(&error))?;
        self.long.warn(&id_token, &client.id, authorization.user, now);
        Ok(id_token)
    }

    /// Reads an `id_token_hint`; an expired one is valid too (OpenID Connect RP-Initiated Logout §4).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys cannot be read.
    pub async fn read_hint(&self, hint: &str) -> Result<ReadHint, Error> {
        let keys = self.keys.current().await?;
        Ok(self.verify_hint(&keys, hint).map_or_else(|| self.invalid_hint(hint), ReadHint::Valid))
    }

    fn invalid_hint(&self, hint: &str) -> ReadHint {
        ReadHint::Invalid(BearerTokenCause::Hint {
            claimed: claimed_token(hint),
            issuer: self.context.settings.issuer.to_string(),
            now: self.context.now(),
        })
    }

    fn verify_hint(&self, keys: &KeySet, hint: &str) -> Option<Hint> {
        let claims: IdTokenClaims = keys.verify(hint, JwtType::IdToken).ok()?;
        // An access token can have the same `typ`, but then it has a `client_id`, and an ID token never does.
        let is_ours = claims.iss == self.context.settings.issuer.as_str();
        (is_ours && !claims.user.contains_key("client_id")).then_some(())?;
        let (subject, client) = (claims.sub.parse().ok()?, claims.aud.parse().ok()?);
        let (incarnation, _random) = claims.jti.split_once('.')?;
        Some(Hint { subject, client, incarnation: incarnation.parse().ok()?, sid: claims.sid })
    }
}

/// The left half of the digest that the ID token's algorithm uses (OpenID Connect Core §3.1.3.6):
/// SHA-256, or SHA-512 for Ed25519, which hashes with it (RFC 8032 §5.1).
fn half_hash(algorithm: SigningAlgorithm, token: &Secret) -> String {
    let hash = match algorithm {
        SigningAlgorithm::Rs256 | SigningAlgorithm::Es256 => &SHA256,
        SigningAlgorithm::EdDsa => &SHA512,
    };
    let digest = aws_lc_rs::digest::digest(hash, token.expose().as_bytes());
    let (left, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_access_token_hash_is_that_of_openid_connect_core_a_3() {
        let token = Secret::from("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(half_hash(SigningAlgorithm::Rs256, &token), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
