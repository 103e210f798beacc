//! Warnings about a registration that is valid, but does not do what its operator may expect.

use domain::{Client, ClientId, GrantType, Secret};

use super::chosen_secret::is_weak;
use crate::settings::Settings;

/// Logs that a secret is weak which an operator chose.
pub(super) fn about_secret(client: &ClientId, chosen: &Secret) {
    if is_weak(chosen.expose()) {
        tracing::warn!(
            client_id = %client,
            "the client secret seems to have fewer than 128 bits, and programs guess such secrets; let the server generate it: \
             client rotate-secret"
        );
    }
}

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
    client.caveats().into_iter().for_each(warn);
    for uri in client.redirect_uris.iter().filter(|uri| uri.verified().host().as_deref() == Some("localhost"))
    {
        warn(format!(
            "the redirect URI {uri} matches with exactly this port only; for any port, register it with 127.0.0.1 \
             (RFC 8252 section 7.3)"
        ));
    }
}
