//! The parameters of an authorization request that count; every other one is ignored (RFC 6749 §3.1).

/// Their names. A request object may have them, and of a posted request only they count.
pub(super) const PARAMETERS: [&str; 20] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "resource",
    "state",
    "response_mode",
    "nonce",
    "prompt",
    "max_age",
    "claims",
    "acr_values",
    "id_token_hint",
    "login_hint",
    "ui_locales",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "registration",
];
