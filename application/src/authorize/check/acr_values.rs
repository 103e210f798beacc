//! `acr_values` (OpenID Connect Core §3.1.2.1): authentication contexts that the client wishes for, the best first.

use domain::{AuthenticationContext, ClaimsRequest, Client};

use crate::parameters::Parameters;
use crate::settings::Settings;

/// Those of them that can be had here; the client's `default_acr_values` if the request names none, in `claims` neither
/// (OpenID Connect Dynamic Registration §2). They are wishes, so nothing about them is an error.
pub(super) fn check(
    settings: &Settings,
    client: &Client,
    claims: &ClaimsRequest,
    parameters: &Parameters,
) -> Vec<AuthenticationContext> {
    let defaults = &client.authentication_defaults.acr_values;
    let wished: Vec<&str> = match parameters.get("acr_values") {
        Some(text) => text.split(' ').collect(),
        None if claims.wanted_contexts().next().is_some() => Vec::new(),
        None => defaults.iter().map(AuthenticationContext::as_str).collect(),
    };
    let here = settings.authentication_contexts.iter();
    let place = |context: &AuthenticationContext| wished.iter().position(|name| *name == context.as_str());
    let mut found: Vec<_> = here.filter_map(|context| Some((place(context)?, context.clone()))).collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, context)| context).collect()
}
