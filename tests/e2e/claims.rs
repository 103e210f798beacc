//! The `claims` request parameter (OpenID Connect Core §5.5), including `acr` and `sub`.

use domain::acr;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer, Tokens};

async fn userinfo(client: &RelyingParty, tokens: &Tokens) -> Value {
    client.userinfo(tokens.text("access_token")).await.json().await.unwrap()
}

fn names(claims: &Value) -> Vec<&str> {
    claims.as_object().unwrap().keys().map(String::as_str).filter(|name| *name != "sub").collect()
}

fn error(landed: Landed) -> String {
    Callback::from_url(&landed.client()).get("error").unwrap().to_owned()
}

#[tokio::test]
async fn claims_are_told_where_they_were_asked_for_without_their_scope() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let claims = json!({
        "userinfo": {"name": {"essential": true}, "email": null, "unknown": {"essential": true}, "iss": null},
        "id_token": {"given_name": null, "phone_number_verified": {"value": false}, "auth_time": {"essential": true}},
        "other": 7,
    });
    let fields = [("scope", "openid"), ("claims", &*claims.to_string())];
    let tokens = web.tokens(&browser, "ada", &fields).await;
    assert_eq!(names(&userinfo(&web, &tokens).await), ["email", "email_verified", "name"]);
    let id_token = tokens.claims("id_token");
    assert_eq!((&id_token["given_name"], &id_token["phone_number_verified"]), (&json!("Ada"), &json!(false)));
    assert_eq!((id_token.get("name"), id_token.get("email")), (None, None));
    assert!(id_token["auth_time"].is_i64());
    assert_eq!(tokens.0["scope"], "openid");

    // A refresh keeps the requested claims.
    let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
    assert_eq!(refreshed.claims("id_token")["given_name"], "Ada");
    assert_eq!(names(&userinfo(&web, &refreshed).await), ["email", "email_verified", "name"]);

    // The next request has no `claims` parameter, so its tokens lack these claims.
    let plain = web.tokens(&browser, "ada", &[("scope", "openid")]).await;
    assert!(names(&userinfo(&web, &plain).await).is_empty());
    assert_eq!(plain.claims("id_token").get("given_name"), None);
}

#[tokio::test]
async fn a_claim_is_told_with_a_wanted_value_or_not_at_all() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let claims = json!({"userinfo": {
        "given_name": {"values": ["Grace", "Ada"]}, "family_name": {"value": "Hopper", "essential": true},
    }});
    let fields = [("scope", "openid"), ("claims", &*claims.to_string())];
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &fields).await;
    assert_eq!(names(&userinfo(&web, &tokens).await), ["given_name"]);
}

#[tokio::test]
async fn they_come_through_a_push_an_opaque_token_and_a_posted_request_alike() {
    let server = TestServer::with(|settings| settings.opaque_access_tokens = true).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let claims = r#"{"userinfo":{"nickname":null}}"#;
    let url = web.authorization_url(&[("scope", "openid"), ("claims", claims)]);
    let url = url::Url::parse(&url).unwrap();
    let form: Vec<_> = url.query_pairs().into_owned().collect();

    let fields: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed = RelyingParty::successful_with(web.post("/oauth/par", &fields).await, 201).await;
    let link = format!("/oauth/authorize?client_id=web&request_uri={}", pushed.text("request_uri"));
    let browser = Browser::new(&server.issuer);
    let code = Callback::from_url(&browser.sign_in_and_consent(&link, "ada").await).code().to_owned();
    assert_eq!(names(&userinfo(&web, &web.redeemed(&code).await).await), ["nickname"]);

    let landed = browser.post("/oauth/authorize", &form).await.client();
    let tokens = web.redeemed(Callback::from_url(&landed).code()).await;
    assert_eq!(names(&userinfo(&web, &tokens).await), ["nickname"]);

    let mut malformed = fields.clone();
    malformed.retain(|(name, _)| *name != "claims");
    malformed.push(("claims", r#"{"userinfo":[]}"#));
    let refused: Value = web.post("/oauth/par", &malformed).await.json().await.unwrap();
    assert_eq!(refused["error"], "invalid_request");
}

#[tokio::test]
async fn a_malformed_parameter_is_refused_and_one_outside_of_openid_ignored() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    web.code(&browser, "ada", &[]).await;
    let long = format!(r#"{{"x":"{}"}}"#, "x".repeat(9_000));
    let deep = "[".repeat(4_000);
    for claims in ["x", "null", "[]", r#"{"userinfo":"name"}"#, r#"{"id_token":{"name":1}}"#, &long, &deep] {
        let refused = error(browser.open(&web.authorization_url(&[("claims", claims)])).await);
        assert_eq!(refused, "invalid_request", "{}", &claims[..claims.len().min(60)]);
    }
    let tokens = web.tokens(&browser, "ada", &[("scope", "read"), ("claims", "[]")]).await;
    assert_eq!(tokens.0["scope"], "read");
}

#[tokio::test]
async fn each_claim_is_shown_in_words_and_one_not_shown_before_is_asked_about() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    web.code(&browser, "ada", &[("scope", "openid email")]).await;
    let asking = |claims: &str, prompt: &str| {
        web.authorization_url(&[("scope", "openid"), ("claims", claims), ("prompt", prompt)])
    };
    let birthdate = r#"{"userinfo":{"birthdate":null,"email":null}}"#;
    assert_eq!(error(browser.open(&asking(birthdate, "none")).await), "consent_required");
    let page = browser.open(&asking(birthdate, "")).await.page();
    assert!(page.text("body").contains("See your date of birth"), "{}", page.html);
    let _ = browser.allow(&page).await.client();
    // The user is not asked again about claims that they agreed to, directly or by a scope.
    for claims in
        [birthdate, r#"{"id_token":{"birthdate":{"essential":true}}}"#, r#"{"userinfo":{"email":null}}"#]
    {
        let landed = browser.open(&asking(claims, "none")).await.client();
        assert!(Callback::from_url(&landed).get("code").is_some(), "{claims}: {landed}");
    }
    let gender = r#"{"id_token":{"birthdate":null,"gender":null}}"#;
    let page = browser.open(&asking(gender, "")).await.page();
    assert!(page.text("body").contains("See your gender"), "{}", page.html);
    // The page does not list a claim twice that a requested scope includes.
    let both =
        [("prompt", "consent"), ("scope", "openid email"), ("claims", r#"{"userinfo":{"email":null}}"#)];
    let page = browser.open(&web.authorization_url(&both)).await.page();
    assert_eq!(page.text("body").matches("See your e-mail address").count(), 1);
}

#[tokio::test]
async fn a_client_gets_no_claim_of_a_scope_it_may_not_ask_for() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let small = RelyingParty::register(&server, "small", |client| {
        client.scope = "openid email".parse().unwrap();
        client.first_party = true;
    })
    .await;
    let claims =
        r#"{"userinfo":{"email":null,"phone_number":null},"id_token":{"address":{"essential":true}}}"#;
    let fields = [("scope", "openid"), ("claims", claims)];
    let tokens = small.tokens(&Browser::new(&server.issuer), "ada", &fields).await;
    assert_eq!(names(&userinfo(&small, &tokens).await), ["email", "email_verified"]);
    assert_eq!(tokens.claims("id_token").get("address"), None);
}

#[tokio::test]
async fn a_subject_that_is_asked_for_is_the_only_one_that_is_answered_for() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    web.code(&browser, "ada", &[]).await;
    for place in ["id_token", "userinfo"] {
        let wanting = |id: &str, prompt: &str| {
            let claims = json!({ place: {"sub": {"value": id}} }).to_string();
            web.authorization_url(&[("claims", &claims), ("prompt", prompt)])
        };
        let silent = browser.open(&wanting(&ada.id.to_string(), "none")).await.client();
        assert!(Callback::from_url(&silent).get("code").is_some(), "{silent}");
        let other = eve.id.to_string();
        assert_eq!(error(browser.open(&wanting(&other, "none")).await), "login_required");
        // The user may sign in, but any other user is not the requested one.
        let login = browser.open(&wanting(&other, "")).await.page();
        assert!(login.has("#login"));
        assert_eq!(error(browser.sign_in(&login, "ada").await), "login_required");
    }
}

#[tokio::test]
async fn an_essential_context_that_cannot_be_had_is_an_error_and_a_voluntary_one_never() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let asking = |acr: Value| json!({"id_token": {"acr": acr}}).to_string();
    let gold = asking(json!({"essential": true, "values": ["gold", "silver"]}));
    let login = browser.open(&web.authorization_url(&[("claims", &gold)])).await.page();
    assert_eq!(error(browser.sign_in(&login, "ada").await), "unmet_authentication_requirements");
    for prompt in ["", "none"] {
        let url = web.authorization_url(&[("claims", &gold), ("prompt", prompt)]);
        assert_eq!(error(browser.open(&url).await), "unmet_authentication_requirements");
    }
    for met in [
        json!({"essential": true, "values": ["gold", acr::PASSWORD]}),
        json!({"essential": true}),
        json!({"values": ["gold"]}),
        Value::Null,
    ] {
        let tokens = web.tokens(&browser, "ada", &[("claims", &asking(met))]).await;
        assert_eq!(tokens.claims("id_token")["acr"], acr::PASSWORD);
    }
    let tokens = web.tokens(&browser, "ada", &[("acr_values", "gold silver")]).await;
    assert_eq!(tokens.claims("id_token")["acr"], acr::PASSWORD);
}
