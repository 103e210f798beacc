//! A stored value that lacks a member is not read. A default would decide in the place of the server that wrote the value,
//! and most defaults decide for more: no session to end with, no PKCE challenge, an operator's client, a public name.

use std::collections::BTreeSet;
use std::fmt::Debug;

use domain::device::State;
use domain::prompt::Prompt;
use domain::self_registration::{RegistrationLimits, SelfRegistration};
use domain::{
    AuthorizationRequest, Client, DeviceCode, PushedRequest, ResourceIncarnations, ResponseMode, ReturnTo,
    SubjectIdentifier, UiLocales,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tests::contract::fixture::{
    after, authorization, claims_request, client, code, code_challenge, device_code, digest, now,
    redirect_uri, resources, scope, session, user,
};

/// The JSON pointers of all members of objects in `value`.
fn members(at: &str, value: &Value, found: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        members(&pointer, member, found);
        found.push(pointer);
    }
}

/// The members without which `value` is read all the same.
fn dispensable<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> BTreeSet<String> {
    let whole = serde_json::to_value(value).unwrap();
    assert_eq!(&serde_json::from_value::<T>(whole.clone()).unwrap(), value);
    let mut pointers = Vec::new();
    members("", &whole, &mut pointers);
    assert!(!pointers.is_empty());
    let is_read = |pointer: &String| {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut lacking = whole.clone();
        let object = lacking.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        object.remove(&name.replace("~1", "/").replace("~0", "~")).unwrap();
        serde_json::from_value::<T>(lacking).is_ok()
    };
    pointers.into_iter().filter(is_read).collect()
}

/// Asserts that only these members of `value` may be missing: what users see, and entries of maps.
fn assert_dispensable<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, expected: &[&str]) {
    let expected: BTreeSet<_> = expected.iter().map(|&pointer| pointer.to_owned()).collect();
    assert_eq!(dispensable(value), expected);
}

/// What may be missing in an authorization at `at`.
fn of_authorization(at: &str) -> Vec<String> {
    [
        "acr",
        "claims/id_token/sub",
        "claims/userinfo/name",
        "claims/userinfo/email_verified",
        "incarnations/https:~1~1api.example",
        "incarnations/https:~1~1api.example~1v1",
    ]
    .map(|member| format!("{at}/{member}"))
    .to_vec()
}

fn self_registered() -> Client {
    let limits = RegistrationLimits { scope: Some(scope("openid")), grant_types: [].into() };
    let registration = Some(SelfRegistration::new(digest("token"), limits));
    Client { registration, disabled_at: Some(now()), name: Some("Web".to_owned()), ..client("web") }
}

#[test]
fn a_client_is_read_only_with_everything_that_limits_it() {
    let shown = [
        "/details/client_uri",
        "/details/initiate_login_uri",
        "/details/localized/client_name#ja",
        "/details/software_id",
        "/details/software_version",
        "/logo_uri",
        "/name",
        "/policy_uri",
        "/tos_uri",
    ];
    assert_dispensable(&self_registered(), &shown);
    assert_dispensable(&client("web"), &shown);
}

#[test]
fn an_authorization_is_read_only_with_its_session_and_names_and_a_code_only_with_what_binds_it() {
    let (web, ada) = (client("web"), user("ada"));
    let granted = authorization("a", &web, &ada, Some(&session("s", &ada)), "openid");
    let expected = of_authorization("");
    assert_dispensable(&granted, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    let expected = of_authorization("/authorization");
    assert_dispensable(&code(&granted), &expected.iter().map(String::as_str).collect::<Vec<_>>());

    let counted = DeviceCode { counter: Some(digest("counter")), ..device_code("BCDF-GHJK", &web) };
    assert_dispensable(&counted, &["/incarnations/https:~1~1api.example"]);
    let approved = DeviceCode { state: State::Approved(Box::new(granted)), ..counted };
    let mut expected = of_authorization("/state/approved");
    expected.push("/incarnations/https:~1~1api.example".to_owned());
    assert_dispensable(&approved, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_pushed_request_is_read_only_with_all_that_was_checked() {
    let request = AuthorizationRequest {
        client: client("web").id,
        incarnation: client("web").incarnation,
        is_vetted: true,
        return_to: ReturnTo::new(redirect_uri().verified(), ResponseMode::Query, Some("state".to_owned())),
        names_redirect_uri: true,
        scope: scope("openid"),
        resources: resources(&["https://api.example"]),
        incarnations: ResourceIncarnations::default(),
        code_challenge: Some(code_challenge()),
        nonce: Some("nonce".to_owned()),
        prompt: Prompt::default(),
        max_age_seconds: Some(60),
        hinted_subject: Some(SubjectIdentifier::public(user("ada").id)),
        login_hint: Some("ada".to_owned()),
        claims: claims_request(),
        acr_values: vec!["gold".parse().unwrap()],
        ui_locales: UiLocales::parse("de"),
        pushed: Some(digest("pushed")),
    };
    let at = "/request";
    let expected = [
        format!("{at}/claims/id_token/sub"),
        format!("{at}/claims/userinfo/name"),
        format!("{at}/claims/userinfo/email_verified"),
        format!("{at}/login_hint"),
        format!("{at}/return_to/state"),
    ];
    let pushed = PushedRequest { request, expires_at: after(60) };
    assert_dispensable(&pushed, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}
