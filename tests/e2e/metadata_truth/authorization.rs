//! What the metadata says about authorization requests and the tokens they lead to.

use std::collections::BTreeSet;

use domain::pkce::PkcePolicy;
use domain::subject::SubjectType;
use domain::{KeySource, SigningAlgorithm};
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value, json};
use tests::support::{Browser, Landed, request_claims};

use super::walk::{SIGNERS, Walk, jwks};

const MODES: [&str; 8] =
    ["query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt", "web_message"];

const TYPES: [&str; 8] = [
    "code",
    "token",
    "id_token",
    "none",
    "code token",
    "code id_token",
    "id_token token",
    "code id_token token",
];

pub(super) async fn each_listed_response_mode_and_type_works_and_no_other(walk: &Walk) {
    walk.granted(&walk.web, &[]).await; // agreed to, from here on
    let listed = walk.list("response_modes_supported");
    assert!(
        listed.iter().all(|mode| MODES.contains(&mode.as_str())),
        "this test does not try all of {listed:?}"
    );
    for mode in MODES {
        let landed = walk.ask(&walk.web, &[("response_mode", mode)]).await;
        let why = format!("{}: {mode}", walk.name);
        match landed {
            Ok(Landed::Client(url)) => {
                let found = if url.query().is_some() { "query" } else { "fragment" };
                assert!(url.as_str().contains("code="), "{why}: {url}");
                assert_eq!(found, mode, "{why}");
                assert!(listed.contains(mode), "{why}");
                let iss = url.as_str().contains("iss=");
                assert_eq!(walk.member("authorization_response_iss_parameter_supported"), iss, "{why}");
            }
            Ok(Landed::Page(page)) => {
                assert!(page.has("input[type=hidden][name=code]"), "{why}: {}", page.html);
                assert_eq!(page.attribute("form", "action"), walk.web.redirect_uri, "{why}");
                assert_eq!(mode, "form_post", "{why}");
                assert!(listed.contains(mode), "{why}");
            }
            Err(error) => {
                assert!(!listed.contains(mode), "{why}: {error}");
                assert_eq!(error, "invalid_request", "{why}");
            }
        }
    }
    let listed = walk.list("response_types_supported");
    assert!(
        listed.iter().all(|kind| TYPES.contains(&kind.as_str())),
        "this test does not try all of {listed:?}"
    );
    for kind in TYPES {
        let why = format!("{}: {kind}", walk.name);
        match walk.ask(&walk.web, &[("response_type", kind)]).await {
            Ok(landed) => {
                assert!(landed.client().as_str().contains("code="), "{why}");
                assert!(listed.contains(kind), "{why}");
            }
            Err(error) => {
                assert!(!listed.contains(kind), "{why}: {error}");
                assert_eq!(error, "unsupported_response_type", "{why}");
            }
        }
    }
}

pub(super) async fn each_listed_prompt_works_and_no_other(walk: &Walk) {
    let listed = walk.list("prompt_values_supported");
    let known = ["none", "login", "consent", "select_account", "create"];
    assert!(
        listed.iter().all(|prompt| known.contains(&prompt.as_str())),
        "this test does not try all of {listed:?}"
    );
    for prompt in known {
        let why = format!("{}: {prompt}", walk.name);
        let landed = walk.ask(&walk.web, &[("prompt", prompt)]).await;
        assert_eq!(landed.is_ok(), listed.contains(prompt), "{why}");
        match (prompt, landed) {
            ("none", Ok(landed)) => assert!(landed.client().as_str().contains("code="), "{why}"),
            // With passwords, the user chooses an account by signing in to it.
            ("login" | "select_account", Ok(landed)) => assert!(landed.page().has("#login"), "{why}"),
            ("consent", Ok(landed)) => assert!(landed.page().has("#allow"), "{why}"),
            (_, Ok(_)) => panic!("{why}: what should it do?"),
            (_, Err(error)) => assert_eq!(error, "invalid_request", "{why}"),
        }
    }
    // With `none`, a user who is not signed in sees no page.
    if walk.member("require_pushed_authorization_requests") == false {
        let silent = walk.web.authorization_url(&[("prompt", "none")]);
        let url = Browser::new(&walk.server.issuer).open(&silent).await.client();
        assert!(url.as_str().contains("error=login_required"), "{url}");
    }
}

pub(super) async fn each_listed_challenge_method_works_and_no_other(walk: &Walk) {
    let listed = walk.list("code_challenge_methods_supported");
    assert!(listed.iter().all(|method| ["S256", "plain"].contains(&method.as_str())), "{listed:?}");
    for method in ["S256", "plain", "s256", "S512"] {
        let asked = walk.ask(&walk.web, &[("code_challenge_method", method)]).await;
        let why = format!("{}: {method}", walk.name);
        assert_eq!(asked.is_ok(), listed.contains(method), "{why}");
        match asked {
            Ok(landed) => assert!(landed.client().as_str().contains("code="), "{why}"),
            Err(error) => assert_eq!(error, "invalid_request", "{why}"),
        }
    }
    // The policy decides whether an operator may exempt a client.
    let lenient = walk.trusted("lenient", |_| {}).await;
    let id = lenient.id.parse().unwrap();
    let exempted = walk.server.update_client(&id, |client| client.require_pkce = false).await.is_ok();
    assert_eq!(exempted, walk.server.settings.pkce == PkcePolicy::PerClient, "{}", walk.name);
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(walk.ask(&lenient, &bare).await.is_ok(), exempted, "{}", walk.name);
    assert_eq!(walk.ask(&walk.web, &bare).await.err().as_deref(), Some("invalid_request"), "{}", walk.name);
}

pub(super) async fn each_listed_scope_is_granted_and_no_other(walk: &Walk) {
    let listed = walk.list("scopes_supported");
    let all = listed.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let tokens = walk.tokens(&walk.web, &[("scope", &all)]).await;
    assert_eq!(tokens.0["scope"], all, "{}", walk.name);
    for scope in &listed {
        let tokens = walk.tokens(&walk.web, &[("scope", &format!("openid {scope}"))]).await;
        let granted: BTreeSet<_> = tokens.text("scope").split(' ').collect();
        assert_eq!(granted, ["openid", scope].into(), "{}", walk.name);
    }
    for scope in
        ["admin", "READ", "write:all"].into_iter().chain((!listed.contains("write")).then_some("write"))
    {
        assert!(!listed.contains(scope));
        let refused = walk.ask(&walk.web, &[("scope", scope)]).await.err();
        assert_eq!(refused.as_deref(), Some("invalid_scope"), "{}: {scope}", walk.name);
        let tokens = walk.tokens(&walk.web, &[("scope", &format!("openid {scope}"))]).await;
        assert_eq!(tokens.0["scope"], "openid", "{}: {scope}", walk.name);
    }
    // If it cannot apply, the server ignores it instead of refusing it (OpenID Connect Core §11),
    // so it is not listed.
    if !listed.contains("offline_access") {
        let tokens = walk.tokens(&walk.web, &[("scope", "openid offline_access")]).await;
        assert_eq!(tokens.0["scope"], "openid", "{}", walk.name);
    }
}

pub(super) async fn each_listed_claim_is_told_and_no_other(walk: &Walk) {
    let mut listed = walk.list("claims_supported");
    let tokens = walk.tokens(&walk.web, &[("scope", "openid profile email address phone groups")]).await;
    let id_token = tokens.claims("id_token");
    let userinfo = walk.web.userinfo(tokens.text("access_token")).await;
    let userinfo: Value = userinfo.json().await.unwrap();
    let names = |claims: &Value| claims.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let told: BTreeSet<_> = names(&id_token).union(&names(&userinfo)).cloned().collect();
    // `azp` is only present in tokens with several audiences.
    listed.remove("azp");
    assert_eq!(told, listed, "{}", walk.name);
    assert!(walk.list("acr_values_supported").contains(id_token["acr"].as_str().unwrap()));

    // Public subjects: every client gets the same identifier of ada.
    let types = ["public", "pairwise"].map(str::to_owned);
    assert_eq!(walk.list("subject_types_supported"), types.into());
    let other = walk.trusted("other", |_| {}).await;
    assert_eq!(walk.tokens(&other, &[]).await.claims("id_token")["sub"], id_token["sub"]);
    // Pairwise subjects: a client of another host gets another identifier.
    let pairwise = |client: &mut domain::Client| client.subject.subject_type = SubjectType::Pairwise;
    let private = walk.trusted("private", pairwise).await;
    assert_ne!(walk.tokens(&private, &[]).await.claims("id_token")["sub"], id_token["sub"]);
}

pub(super) async fn each_listed_signing_algorithm_signs(walk: &Walk) {
    let listed = walk.list("id_token_signing_alg_values_supported");
    let every: BTreeSet<_> = SigningAlgorithm::ALL.map(|alg| alg.as_str().to_owned()).into();
    assert_eq!(listed, every, "what can be registered is what is listed");
    for algorithm in SigningAlgorithm::ALL {
        let id = format!("wants-{algorithm}");
        let client = walk.trusted(&id, |client| client.id_token_signed_response_alg = algorithm).await;
        let tokens = walk.tokens(&client, &[]).await;
        let header = jsonwebtoken::decode_header(tokens.text("id_token")).unwrap();
        assert_eq!(format!("{:?}", header.alg), algorithm.as_str(), "{}", walk.name);
    }

    assert_eq!(walk.list("userinfo_signing_alg_values_supported"), every, "{}", walk.name);
    for algorithm in SigningAlgorithm::ALL {
        let id = format!("wants-userinfo-{algorithm}");
        let client = walk.trusted(&id, |client| client.userinfo_signed_response_alg = Some(algorithm)).await;
        let tokens = walk.tokens(&client, &[]).await;
        let answer = client.userinfo(tokens.text("access_token")).await.text().await.unwrap();
        let header = jsonwebtoken::decode_header(answer).unwrap();
        assert_eq!(format!("{:?}", header.alg), algorithm.as_str(), "{}", walk.name);
    }

    assert_eq!(walk.list("introspection_signing_alg_values_supported"), every, "{}", walk.name);
    for algorithm in SigningAlgorithm::ALL {
        let id = format!("wants-introspection-{algorithm}");
        let reader =
            walk.trusted(&id, |client| client.introspection_signed_response_alg = Some(algorithm)).await;
        let request = reader.http().post(walk.endpoint("introspection_endpoint"));
        let request = request.basic_auth(&id, reader.secret.as_deref()).form(&[("token", "x")]);
        let answer = request.header("accept", "application/token-introspection+jwt").send().await.unwrap();
        let header = jsonwebtoken::decode_header(answer.text().await.unwrap()).unwrap();
        assert_eq!(format!("{:?}", header.alg), algorithm.as_str(), "{}", walk.name);
    }
}

pub(super) async fn what_is_required_is_refused_otherwise(walk: &Walk) {
    // Pushing is always possible, and required if the metadata says so.
    let required = walk.member("require_pushed_authorization_requests") == true;
    let plain = walk.browser.open(&walk.web.authorization_url(&[])).await.client();
    assert_eq!(plain.as_str().contains("error=invalid_request"), required, "{}: {plain}", walk.name);
    assert_eq!(plain.as_str().contains("code="), !required, "{}: {plain}", walk.name);
    let pushed = walk.push(&walk.web, &walk.web.authorization_url(&[])).await;
    assert_eq!(pushed.status(), 201, "{}", walk.name);

    // The server only follows a request_uri that its client registered, and refuses one in a pushed
    // request (RFC 9126 §2.1).
    assert_eq!(
        walk.member("require_request_uri_registration"),
        true,
        "this test does not try unregistered ones"
    );
    let refused = walk.ask(&walk.web, &[("request_uri", "https://client.example/r")]).await.err();
    let error = if required { "invalid_request" } else { "invalid_request_uri" };
    assert_eq!(refused.as_deref(), Some(error), "{}", walk.name);
}

pub(super) async fn requests_are_signed_with_each_listed_algorithm_and_no_other(walk: &Walk) {
    assert_eq!(walk.member("request_parameter_supported"), true, "this test does not try a refusal");
    let listed = walk.list("request_object_signing_alg_values_supported");
    let keys = KeySource::Jwks(jwks());
    let signs = walk.trusted("signs", |client| client.request_objects.keys = Some(keys)).await;
    let claims = request_claims(&walk.server.issuer, &signs.authorization_url(&[]));
    for (position, algorithm) in [
        (0, Algorithm::RS256),
        (0, Algorithm::RS512),
        (0, Algorithm::PS256),
        (0, Algorithm::PS384),
        (1, Algorithm::ES256),
        (2, Algorithm::ES384),
        (3, Algorithm::EdDSA),
    ] {
        let (signer, alg) = (&SIGNERS[position], format!("{algorithm:?}"));
        let object = signer.sign_as(algorithm, &json!({"alg": alg, "kid": signer.jwk()["kid"]}), &claims);
        let asked = walk.ask(&signs, &[("request", &object)]).await;
        assert_eq!(asked.is_ok(), listed.contains(&alg), "{}: {alg}", walk.name);
        match asked {
            Ok(landed) => assert!(landed.client().as_str().contains("code="), "{}: {alg}", walk.name),
            Err(error) => assert_eq!(error, "invalid_request_object", "{}: {alg}", walk.name),
        }
    }
}

pub(super) async fn each_listed_claim_about_the_user_can_be_asked_for_by_name(walk: &Walk) {
    assert_eq!(walk.member("claims_parameter_supported"), true, "this test does not try that it is ignored");
    let protocol = [
        "acr",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "azp",
        "exp",
        "iat",
        "iss",
        "jti",
        "nonce",
        "sid",
        "sub",
    ];
    let mut about = walk.list("claims_supported");
    about.retain(|name| !protocol.contains(&name.as_str()));
    let each: Map<_, _> = about.iter().map(|name| (name.clone(), Value::Null)).collect();
    for place in ["userinfo", "id_token"] {
        let claims = json!({ place: each }).to_string();
        let tokens = walk.tokens(&walk.web, &[("scope", "openid"), ("claims", &claims)]).await;
        let userinfo: Value = walk.web.userinfo(tokens.text("access_token")).await.json().await.unwrap();
        let mut told = (userinfo, tokens.claims("id_token"));
        if place == "id_token" {
            std::mem::swap(&mut told.0, &mut told.1);
        }
        let (there, not_there) = told;
        for name in &about {
            assert!(there.get(name).is_some(), "{}: no {name} in {place}", walk.name);
            assert!(not_there.get(name).is_none(), "{}: {name} beside {place}", walk.name);
        }
    }
    let malformed = walk.ask(&walk.web, &[("claims", "[]")]).await.err();
    assert_eq!(malformed.as_deref(), Some("invalid_request"), "{}", walk.name);
}
