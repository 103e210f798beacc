//! `acr_values` (OpenID Connect Core §3.1.2.1): the authentication contexts that the client prefers, the best first.

use domain::{AuthenticationContext, ClaimsRequest, Client};

use crate::parameters::Parameters;
use crate::settings::Settings;

/// Those of them that this server has. If neither `acr_values` nor `claims` names any, the client's `default_acr_values`
/// (OpenID Connect Dynamic Registration §2). They are preferences, so no value is an error.
pub(super) fn check(
    settings: &Settings,
    client: &Client,
    claims: &ClaimsRequest,
    parameters: &Parameters,
) -> Vec<AuthenticationContext> {
    let defaults = &client.authentication_defaults.acr_values;
    let preferred: Vec<&str> = match parameters.get("acr_values") {
        Some(text) => text.split(' ').collect(),
        None if claims.wanted_contexts().next().is_some() => Vec::new(),
        None => defaults.iter().map(AuthenticationContext::as_str).collect(),
    };
    let supported = settings.authentication_contexts.iter();
    let place = |context: &AuthenticationContext| preferred.iter().position(|name| *name == context.as_str());
    let mut found: Vec<_> =
        supported.filter_map(|context| Some((place(context)?, context.clone()))).collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, context)| context).collect()
}
