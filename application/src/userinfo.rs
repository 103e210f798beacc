//! UserInfo (OpenID Connect Core §5.3).

use std::sync::Arc;

use domain::scope::OPENID;
use domain::{ErrorCode, Scope, User, claims};
use serde_json::{Map, Value};

use crate::access_token::AccessTokens;
use crate::error::{Error, Refusal};
use crate::port::Standing;

/// Answers UserInfo requests.
pub struct UserInfoEndpoint {
    /// Judges access tokens.
    pub access_tokens: Arc<AccessTokens>,
}

impl UserInfoEndpoint {
    /// The claims that an access token with `openid` opens: `sub`, and those its scopes name.
    ///
    /// # Errors
    /// `invalid_token`, also for one whose audience we are not; `insufficient_scope` for a token without `openid` or without a user.
    pub async fn userinfo(&self, token: &str) -> Result<Map<String, Value>, Error> {
        let judged =
            self.access_tokens.judge_for_us(token).await?.ok_or_else(|| {
                Refusal::invalid_token("not an access token of ours, expired, or for others")
            })?;
        let insufficient =
            || Refusal::new(ErrorCode::InsufficientScope, "the access token needs the scope openid");
        match judged.standing {
            Standing::User(grantee) if judged.claims.scope.contains(OPENID) => {
                Ok(answer(judged.claims.sub, &grantee.user, &judged.claims.scope))
            }
            Standing::User(_) => Err(insufficient().into()),
            Standing::Client => Err(insufficient().because("the token has no user").into()),
            Standing::Revoked => Err(Refusal::invalid_token("revoked, or its grant has ended").into()),
        }
    }
}

fn answer(sub: String, user: &User, scope: &Scope) -> Map<String, Value> {
    let mut answer = Map::from_iter([("sub".to_owned(), Value::from(sub))]);
    for name in claims::named_by(scope) {
        let value = match name {
            "preferred_username" => Some(Value::from(user.username.as_str())),
            "updated_at" => Some(Value::from(user.updated_at.timestamp())),
            kept => user.claims.get(kept).cloned(),
        };
        if let Some(value) = value {
            answer.insert(name.to_owned(), value);
        }
    }
    answer
}
