//! Warnings about a registration that is valid, but does not do what its operator may expect.

use domain::{Client, GrantType};

use crate::settings::Settings;

/// Logs one line for each. On the command line, the operator reads them beside the answer.
pub(super) fn log(settings: &Settings, client: &Client) {
    let warn = |warning: String| tracing::warn!(client_id = %client.id, "{warning}");
    for (grant, is_on, setting) in [
        (GrantType::RefreshToken, settings.refresh_token_grant, "refresh_token_grant_enabled"),
        (GrantType::Password, settings.password_grant, "password_grant_enabled"),
    ] {
        if !is_on && client.grant_types.contains(&grant) {
            let remedy = format!("set OAUTH2_{}=true", setting.to_uppercase());
            warn(format!("the grant type {grant} is switched off on this server; {remedy}"));
        }
    }
    for uri in client.redirect_uris.iter().filter(|uri| uri.verified().host().as_deref() == Some("localhost"))
    {
        warn(format!(
            "the redirect URI {uri} matches with exactly this port only; for any port, register it with 127.0.0.1 \
             (RFC 8252 section 7.3)"
        ));
    }
}
