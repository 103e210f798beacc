//! What a registered client may request.

use serde_json::json;

use super::{empty, full, secret};
use crate::client::{Client, ClientAuthentication, RedirectUriProblem, SecretMethod, StoredSecret};
use crate::redirect_uri::RedirectUriRules;
use crate::subject::{Naming, Sector};
use crate::{Issuer, KeySource, RedirectUri, SigningAlgorithm};

fn uris(texts: &[&str]) -> Vec<RedirectUri> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn a_redirect_uri_may_be_left_out_only_if_there_is_one_and_it_is_no_openid_request() {
    use RedirectUriProblem::{Missing, Unregistered};
    let (a, b, loopback) = ("https://a.example/cb", "https://b.example/cb", "http://127.0.0.1/cb");
    for (registered, presented, openid, outcome) in [
        (&[a][..], None, false, Ok(a)),
        (&[a], None, true, Err(Missing)),
        (&[a, b], None, false, Err(Missing)),
        (&[], None, false, Err(Missing)),
        (&[a, b], Some(b), true, Ok(b)),
        (&[a, b], Some("https://b.example/cb/"), false, Err(Unregistered)),
        (&[a, loopback], Some("http://127.0.0.1:49152/cb"), true, Ok("http://127.0.0.1:49152/cb")),
        (&[], Some(a), false, Err(Unregistered)),
    ] {
        let client = Client { redirect_uris: uris(registered), ..empty() };
        let verified = client.verify_redirect_uri(presented, openid);
        let verified = verified.as_ref().map(|uri| uri.as_str()).map_err(|reason| *reason);
        assert_eq!(verified, outcome, "{presented:?} of {registered:?}");
    }
}

#[test]
fn without_scope_a_client_gets_what_it_registered_except_what_is_about_the_user() {
    for (registered, default) in [
        ("openid profile email address phone groups offline_access read write", "read write"),
        ("openid", ""),
        ("groups read", "read"),
    ] {
        let client = Client { scope: registered.parse().unwrap(), ..empty() };
        assert_eq!(client.default_scope().to_string(), default, "{registered}");
    }
}

#[test]
fn a_client_names_its_resources_and_the_issuer_and_no_other() {
    let issuer: Issuer = "https://login.example".parse().unwrap();
    for (resource, may) in [
        ("https://api.example", true),
        ("https://login.example/", true),
        ("https://api.example/v1", false),
        ("https://other.example", false),
    ] {
        assert_eq!(full().may_name(&resource.parse().unwrap(), &issuer), may, "{resource}");
    }
}

#[test]
fn consent_is_remembered_unless_any_application_could_pose_as_the_client() {
    let confidential = full();
    let public = Client { authentication: ClientAuthentication::None, ..full() };
    for (uri, for_public) in [
        ("https://a.example/cb", true),
        ("http://127.0.0.1/cb", false),
        ("http://localhost/cb", false),
        ("com.example.app:/cb", false),
    ] {
        let uri = RedirectUri::parse(uri, RedirectUriRules::default()).unwrap().verified();
        assert_eq!(public.consent_can_be_remembered(&uri), for_public, "{uri:?}");
        assert!(confidential.consent_can_be_remembered(&uri), "{uri:?}");
    }
}

#[test]
fn an_operator_vouches_for_a_client_that_they_registered_or_marked() {
    let by_operator = Client { registration: None, first_party: false, ..full() };
    let itself = Client { first_party: false, ..full() };
    assert!(by_operator.is_vetted() && !itself.is_vetted());
    assert!(Client { first_party: true, ..itself }.is_vetted());
}

#[test]
fn a_disabled_client_may_not_act() {
    let client = full();
    assert!(client.is_enabled());
    assert!(!Client { disabled_at: Some(client.created_at), ..client }.is_enabled());
}

#[test]
fn the_server_signs_for_a_client_with_each_algorithm_that_it_registered() {
    use SigningAlgorithm::{EdDsa, Es256, Rs256};
    let answers = |userinfo_signed_response_alg, introspection_signed_response_alg| {
        let client = Client {
            userinfo_signed_response_alg,
            introspection_signed_response_alg,
            ..Client { id_token_signed_response_alg: Rs256, ..empty() }
        };
        client.signing_algorithms()
    };
    assert_eq!(answers(None, None), [Rs256].into());
    assert_eq!(answers(Some(Es256), None), [Rs256, Es256].into());
    assert_eq!(answers(Some(Rs256), Some(EdDsa)), [Rs256, EdDsa].into());
}

#[test]
fn a_pairwise_client_knows_users_by_the_names_of_its_sector() {
    assert_eq!(full().naming(), Ok(Naming::Pairwise(Sector::Host("a.example".to_owned()))));
    assert_eq!(empty().naming(), Ok(Naming::Public));
}

#[test]
fn only_a_confidential_client_has_a_credential_and_each_method_has_its_name() {
    let keys = KeySource::JwksUri("https://a.example/jwks".parse().unwrap());
    let by = |method| ClientAuthentication::Secret { method, secret: StoredSecret::Generated(secret()) };
    for (authentication, name, has_secret) in [
        (ClientAuthentication::None, "none", false),
        (by(SecretMethod::ClientSecretBasic), "client_secret_basic", true),
        (by(SecretMethod::ClientSecretPost), "client_secret_post", true),
        (ClientAuthentication::PrivateKeyJwt { keys: keys.clone() }, "private_key_jwt", false),
    ] {
        let client = Client { authentication, ..empty() };
        assert_eq!((client.authentication.as_str(), client.is_public()), (name, name == "none"));
        assert_eq!(client.authentication.is_by_secret(), has_secret, "{name}");
        let is_by_keys = name == "private_key_jwt";
        assert_eq!(client.keys(), is_by_keys.then_some(&keys), "{name}");
        // Only a confidential client is exempt from PKCE, and only if it has the exemption.
        let exempt = Client { require_pkce: false, ..client.clone() };
        assert_eq!((exempt.is_exempt_from_pkce(), client.is_exempt_from_pkce()), (name != "none", false));
    }
    let signing = Client { authentication: ClientAuthentication::None, ..full() };
    assert_eq!(signing.keys(), signing.request_objects.keys.as_ref(), "those of its request objects");
}

#[test]
fn the_response_types_follow_from_the_grant_types() {
    let written = |grant: &str| {
        let client = super::created(json!({"grant_types": [grant], "redirect_uris": ["https://a.example/"]}));
        super::document(&client.unwrap())["response_types"].clone()
    };
    assert_eq!(written("authorization_code"), json!(["code"]));
    assert_eq!(written("client_credentials"), json!([]));
}
