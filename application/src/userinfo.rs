//! UserInfo (OpenID Connect Core §5.3), plain or signed, as the client registered.

use std::sync::Arc;

use domain::refusal::BearerTokenCause;
use domain::scope::OPENID;
use domain::{ErrorCode, Person, Scope, SigningAlgorithm};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::{Error, Refusal, broken_key};
use crate::keys::Keys;
use crate::keys::jose::JwtType;
use crate::port::{Grantee, TokenStatus, Users};
use crate::token::access_token::AccessTokens;

/// The UserInfo endpoint.
pub struct UserInfoEndpoint {
    /// Checks access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// Finds the groups of a user.
    pub users: Arc<dyn Users>,
    /// The keys that sign answers.
    pub keys: Arc<Keys>,
    /// The issuer.
    pub context: Context,
}

/// The answer (§5.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserInfo {
    /// The claims as a JSON object.
    Plain(Map<String, Value>),
    /// The claims as a JWT, for a client that registered `userinfo_signed_response_alg`.
    Signed(String),
}

/// The claims of a signed response. It has only `iss`, `sub` and `aud` of the required claims of an ID token: without
/// `exp`, `iat` and `nonce`, no client accepts it as an ID token.
#[derive(Serialize)]
struct SignedClaims<'a> {
    iss: &'a str,
    aud: &'a str,
    #[serde(flatten)]
    claims: &'a Map<String, Value>,
}

impl UserInfoEndpoint {
    /// The claims that an access token with `openid` gives access to: `sub`, the claims of its scopes, and the claims
    /// that the client requested individually.
    ///
    /// # Errors
    /// `invalid_token`, also if the token is not for the issuer; `insufficient_scope` for a token without `openid` or
    /// without a user.
    pub async fn userinfo(&self, token: &str) -> Result<UserInfo, Error> {
        let judged = self.access_tokens.judge_for_us(token).await?;
        let judged = judged.ok_or_else(|| Refusal::invalid_token(self.access_tokens.why_invalid(token)))?;
        let insufficient = |has_user| {
            Refusal::new(ErrorCode::InsufficientScope, "the access token needs the scope openid")
                .because(BearerTokenCause::Scope { needed: OPENID.to_owned(), has_user })
        };
        match judged.status {
            TokenStatus::User(grantee) if judged.claims.scope.contains(OPENID) => {
                let claims = self.claims(judged.claims.sub, &grantee, &judged.claims.scope).await?;
                match grantee.client.userinfo_signed_response_alg {
                    None => Ok(UserInfo::Plain(claims)),
                    Some(algorithm) => self.sign(&claims, &grantee, algorithm).await,
                }
            }
            TokenStatus::User(_) => Err(insufficient(true).into()),
            TokenStatus::Client => Err(insufficient(false).into()),
            TokenStatus::Revoked => Err(Refusal::invalid_token(BearerTokenCause::Revoked).into()),
        }
    }

    async fn claims(
        &self,
        sub: String,
        grantee: &Grantee,
        scope: &Scope,
    ) -> Result<Map<String, Value>, Error> {
        let Grantee { user, authorization, client } = grantee;
        let declared = &self.context.settings.declared_scopes;
        let opened = declared.claims_in(scope);
        // The operator may have taken a scope away from the client since the request.
        let requested = authorization.claims.clone().within(&client.scope, declared);
        let needs_groups = opened.iter().any(|name| Person::may_come_from_groups(name))
            || requested.names_for_userinfo().any(Person::may_come_from_groups);
        let person = if needs_groups { self.users.find_with_groups(user.id).await? } else { None };
        let person = person.unwrap_or_else(|| Person::without_groups(user.clone()));
        let person = person.seen_with(client.tokens.claim_mapping.as_ref());
        let mut claims = person.claims(opened);
        claims.extend(requested.for_userinfo(person));
        let mut answer = Map::from_iter([("sub".to_owned(), Value::from(sub))]);
        answer.extend(person.mapped(claims));
        Ok(answer)
    }

    async fn sign(
        &self,
        claims: &Map<String, Value>,
        grantee: &Grantee,
        algorithm: SigningAlgorithm,
    ) -> Result<UserInfo, Error> {
        let claims = SignedClaims {
            iss: self.context.settings.issuer.as_str(),
            aud: grantee.client.id.as_str(),
            claims,
        };
        let keys = self.keys.with_signing_key(algorithm).await?;
        let key = keys
            .signing(algorithm)
            .ok_or_else(|| broken_key(&"there is no signing key of the client's algorithm"))?;
        let jwt = key.sign(JwtType::UserInfo, &claims).map_err(|error| broken_key(&error))?;
        Ok(UserInfo::Signed(jwt))
    }
}
