//! The refresh token that begins a family (RFC 6749 §5.1, §6).

use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::{Authorization, Client, RefreshToken, Secret};

use crate::port::Entropy;
use crate::settings::Settings;

/// A refresh token for a new authorization, and what is kept of it: where the grant is switched on and the client's.
pub(super) fn first_refresh_token(
    settings: &Settings,
    entropy: &dyn Entropy,
    client: &Client,
    authorization: &Authorization,
    now: DateTime<Utc>,
) -> Option<(Secret, RefreshToken)> {
    settings.may_refresh(client).then(|| {
        let token = BearerKind::RefreshToken.token(entropy.bytes());
        let lifetimes = &settings.lifetimes;
        let kept = RefreshToken {
            digest: token.digest(),
            authorization: authorization.id,
            client: client.id.clone(),
            scope: authorization.scope.clone(),
            issued_at: now,
            expires_at: now + lifetimes.refresh_token_idle.min(lifetimes.refresh_token),
            spent: None,
        };
        (token, kept)
    })
}
