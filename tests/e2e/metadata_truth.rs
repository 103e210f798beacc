//! "Advertised ⇔ works" (RFC 8414 §2, OpenID Connect Discovery §3): with no switch, each switch
//! alone, every pair, and all of them, the server supports everything that the metadata lists and
//! refuses everything that it does not list.

mod authentication;
mod authorization;
mod endpoints;
mod grants;
mod walk;

use walk::Walk;

/// Every setting that the metadata depends on, with its other value.
const SWITCHES: [(&str, &str); 10] = [
    ("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED", "true"),
    ("OAUTH2_PASSWORD_GRANT_ENABLED", "true"),
    ("OAUTH2_ACCESS_TOKENS_OPAQUE", "true"),
    ("OAUTH2_PUBLIC_INTROSPECTION", "true"),
    ("OAUTH2_REQUIRE_PUSHED_AUTHORIZATION_REQUESTS", "true"),
    ("OAUTH2_PKCE_POLICY", "required"),
    ("OAUTH2_ACCESS_TOKEN_ALG", "ES256"),
    ("OAUTH2_SCOPES", "read invoices"),
    ("OAUTH2_DYNAMIC_REGISTRATION", "open"),
    ("OAUTH2_DYNAMIC_REGISTRATION", "disabled"),
];

/// Members that only describe others, or that other tests check.
const NOT_WALKED: [(&str, &str); 9] = [
    ("issuer", "every walk begins with it"),
    ("claim_types_supported", "all of the claims are normal"),
    ("display_values_supported", "authorization_errors::unknown_parameters_and_hints_are_ignored"),
    ("ui_locales_supported", "languages::the_metadata_lists_every_language_there_is"),
    ("request_uri_parameter_supported", "request_objects/by_reference.rs"),
    ("backchannel_logout_supported", "backchannel_logout.rs"),
    ("backchannel_logout_session_supported", "backchannel_logout.rs"),
    ("frontchannel_logout_supported", "frontchannel_logout.rs"),
    ("frontchannel_logout_session_supported", "frontchannel_logout.rs"),
];

/// Checks the metadata of a server with these switches.
async fn walk(switches: &[(&str, &str)]) {
    let walk = Walk::begin(switches).await;
    endpoints::every_endpoint_answers_as_itself(&walk).await;
    endpoints::legacy_names_equal_the_standard_ones(&walk);
    endpoints::clients_register_where_it_says_so(&walk).await;
    grants::each_listed_grant_succeeds_and_every_other_is_unsupported(&walk).await;
    authentication::each_listed_method_is_accepted_and_every_other_refused(&walk).await;
    authentication::each_listed_algorithm_is_accepted_and_every_other_refused(&walk).await;
    authorization::each_listed_response_mode_and_type_works_and_no_other(&walk).await;
    authorization::each_listed_prompt_works_and_no_other(&walk).await;
    authorization::each_listed_challenge_method_works_and_no_other(&walk).await;
    authorization::each_listed_scope_is_granted_and_no_other(&walk).await;
    authorization::each_listed_claim_is_told_and_no_other(&walk).await;
    authorization::each_listed_claim_about_the_user_can_be_asked_for_by_name(&walk).await;
    authorization::each_listed_signing_algorithm_signs(&walk).await;
    authorization::what_is_required_is_refused_otherwise(&walk).await;
    authorization::requests_are_signed_with_each_listed_algorithm_and_no_other(&walk).await;
    walk.nothing_was_left_out();
}

/// Both switches together, unless they are two values of one setting.
async fn walk_pair(one: (&str, &str), other: (&str, &str)) {
    if one.0 != other.0 {
        walk(&[one, other]).await;
    }
}

/// The switch alone, and with each later switch.
async fn alone_and_in_pairs(position: usize) {
    walk(&SWITCHES[position..=position]).await;
    for other in &SWITCHES[position + 1..] {
        walk_pair(SWITCHES[position], *other).await;
    }
}

macro_rules! switches {
    ($($name:ident: $position:expr,)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                alone_and_in_pairs($position).await;
            }
        )*

        #[test]
        fn no_switch_was_left_out() {
            let walked: std::collections::BTreeSet<usize> = [$($position),*].into();
            assert_eq!(walked, (0..SWITCHES.len()).collect());
        }
    };
}

switches! {
    the_refresh_token_grant_alone_and_in_pairs: 0,
    the_password_grant_alone_and_in_pairs: 1,
    opaque_access_tokens_alone_and_in_pairs: 2,
    public_introspection_alone_and_in_pairs: 3,
    required_pushed_requests_alone_and_in_pairs: 4,
    the_pkce_policy_alone_and_in_pairs: 5,
    the_access_token_algorithm_alone_and_in_pairs: 6,
    the_scopes_alone_and_in_pairs: 7,
    open_registration_alone_and_in_pairs: 8,
    disabled_registration_alone_and_in_pairs: 9,
}

#[tokio::test]
async fn nothing_switched() {
    walk(&[]).await;
}

#[tokio::test]
async fn everything_switched() {
    for left_out in ["open", "disabled"] {
        let all: Vec<_> = SWITCHES.into_iter().filter(|(_, value)| *value != left_out).collect();
        assert_eq!(all.len(), SWITCHES.len() - 1);
        walk(&all).await;
    }
}
