//! Minting the tokens of a response: the access token, and the ID token where a user granted `openid`.

use domain::scope::OPENID;
use domain::{Audience, Authorization, Client, Person, Scope, Secret};
use serde_json::{Map, Value};

use super::access_token::NewAccessToken;
use super::endpoint::{AuthenticatedClient, TokenEndpoint, TokenResponse};
use super::id_token::NewIdToken;
use crate::error::Error;
use crate::resource::target::Target;
use crate::users::subject_identifiers::ClientSubjects;

/// The input of minting: proven by a grant, and recorded.
#[derive(Default)]
pub(super) struct Granted {
    /// The user's authorization; none where the client acts for itself.
    pub(super) authorization: Option<Box<Authorization>>,
    /// The scope of the access token.
    pub(super) scope: Scope,
    /// What the access token is for.
    pub(super) target: Target,
    pub(super) nonce: Option<String>,
    pub(super) refresh_token: Option<Secret>,
    /// The user, if the ID token has claims about them.
    pub(super) user: Option<Person>,
}

impl TokenEndpoint {
    pub(super) async fn mint(
        &self,
        caller: &AuthenticatedClient,
        granted: Granted,
    ) -> Result<TokenResponse, Error> {
        let AuthenticatedClient { client, now, keys } = caller;
        let settings = &self.context.settings;
        let user = granted.authorization.as_deref();
        let subjects = match user {
            Some(authorization) => self.subject_identifiers.for_naming(&authorization.naming).await?,
            None => ClientSubjects::Public,
        };
        let user = user.map(|authorization| (authorization, subjects.subject_for(authorization.user)));
        let Granted { target, scope, .. } = &granted;
        let access_token = NewAccessToken {
            user: user.as_ref().map(|(authorization, sub)| (*authorization, sub)),
            scope,
            audience: Audience::new(&target.resources, &settings.issuer, scope),
            resources: target.incarnations().all(),
            typ: target.access_token_typ(client),
        };
        let access_token = self.access_tokens.issue(keys, client, access_token, *now).await?;
        let id_token = match user {
            Some((authorization, sub)) if scope.contains(OPENID) => {
                let id_token = NewIdToken {
                    authorization,
                    sub,
                    sid: authorization.sid.as_deref().map(|sid| subjects.sid_for(sid)),
                    nonce: granted.nonce.as_deref(),
                    user: granted
                        .user
                        .as_ref()
                        .map(|user| self.claims(user, authorization, client, scope))
                        .unwrap_or_default(),
                    access_token: &access_token,
                };
                Some(self.id_tokens.issue(keys, client, id_token, *now)?)
            }
            Some(_) | None => None,
        };
        Ok(TokenResponse {
            access_token,
            expires_in: settings.lifetimes.access_token,
            scope: granted.scope,
            refresh_token: granted.refresh_token,
            id_token,
        })
    }

    /// The claims about the user in an ID token, as the client wants them: those that it requested in it by name and may still have,
    /// and, if the client registered that, those that the scope opens.
    fn claims(
        &self,
        user: &Person,
        authorization: &Authorization,
        client: &Client,
        scope: &Scope,
    ) -> Map<String, Value> {
        let declared = &self.context.settings.declared_scopes;
        let user = user.seen_with(client.tokens.claim_mapping.as_ref());
        let mut claims = authorization.claims.clone().within(&client.scope, declared).for_id_token(user);
        if client.tokens.id_token_claims {
            claims.extend(user.claims(declared.claims_in(scope)));
        }
        user.mapped(claims)
    }
}
