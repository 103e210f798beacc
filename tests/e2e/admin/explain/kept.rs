//! What is kept of refused requests: nothing secret, not too much, not too long, and no answer depends on it.

use std::sync::Arc;

use application::port::{RefusalBounds, Refusals, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::{ClientId, ErrorReference, GrantType, KeptRefusal, RefusalId};
use reqwest::redirect::Policy;
use reqwest::{Method, Response};
use serde_json::Value;
use tests::support::{Browser, Pkce, RelyingParty, TestServer};
use url::Url;

use super::Asked;
use crate::admin::refusal;

#[tokio::test]
async fn the_latest_refusals_of_a_client_are_listed_in_parts_and_similar_ones_are_counted() {
    let asked = Asked::new().await;
    let web = RelyingParty::confidential(&asked.server, "web").await;
    for second in 0..5 {
        asked.server.clock.advance(Duration::seconds(1));
        let sent = format!("https://client.example/{second}");
        asked.why_opened(&web.authorization_url(&[("redirect_uri", &sent)])).await;
    }
    asked.server.clock.advance(Duration::seconds(1));
    let told = asked.why(&web.with_secret("wrong").redeem("x").await).await;
    assert_eq!(told.0["similar"], 0);
    let latest = asked.latest("web").await;
    assert_eq!(latest.len(), 6);
    assert_eq!(latest[0].0["rule"], "client_secret_wrong", "the latest first");
    let told = asked.explain(latest[3].0["reference"].as_str().unwrap()).await;
    assert_eq!(told.0["similar"], 4);
    let (mut path, mut read) = ("/admin/api/clients/web/errors?limit=4".to_owned(), Vec::new());
    loop {
        let part = asked.admin.get(&asked.server, &path).await;
        read.extend(part["items"].as_array().unwrap().iter().map(|item| item["reference"].clone()));
        let Some(next) = part["next"].as_str() else { break };
        path = format!("/admin/api/clients/web/errors?limit=4&cursor={next}");
    }
    assert_eq!(read, latest.iter().map(|told| told.0["reference"].clone()).collect::<Vec<_>>());
    assert!(asked.latest("nobody").await.is_empty());
}

#[tokio::test]
async fn an_explanation_is_forgotten_after_a_day_and_a_reference_tells_strangers_nothing() {
    let asked = Asked::new().await;
    let web = RelyingParty::confidential(&asked.server, "web").await;
    let told = asked.why(&web.with_secret("wrong").redeem("x").await).await;
    let reference = told.0["reference"].as_str().unwrap().to_owned();
    let page = |reference: &str| {
        let url = asked.server.url(&format!("/errors/{reference}"));
        async { reqwest::get(url).await.unwrap().text().await.unwrap() }
    };
    let (known, unknown) = (page(&reference).await, page("AAAAAAAAAAAA").await);
    assert_eq!(known.replace(&reference, "AAAAAAAAAAAA"), unknown);
    for (path, status) in
        [("AAAAAAAAAAAA", 404), ("short", 404), ("%00%00%00%00%00%00%00%00%00%00%00%00", 404)]
    {
        let path = format!("/admin/api/errors/{path}");
        refusal(
            &asked.admin.answered(&asked.server, (Method::GET, &path), None, status).await,
            "invalid_request",
        );
    }
    let nobody = asked.server.url(&format!("/admin/api/errors/{reference}"));
    assert_eq!(reqwest::get(nobody).await.unwrap().status(), 401);
    let reference = reference.parse().unwrap();
    let found = |after| asked.server.ports.refusals.find(&reference, asked.server.now() + after);
    assert!(found(Duration::hours(23)).await.unwrap().is_some());
    assert!(found(Duration::hours(24)).await.unwrap().is_none());
}

#[tokio::test]
async fn without_a_retention_nothing_is_kept() {
    let off = TestServer::with(|settings| settings.refusal_retention = Duration::zero()).await;
    let asked = Asked::of(off).await;
    let web = RelyingParty::confidential(&asked.server, "web").await;
    let refused = web.with_secret("wrong").redeem("x").await;
    let path = format!("/admin/api/errors/{}", refused.headers()["error-reference"].to_str().unwrap());
    asked.admin.answered(&asked.server, (Method::GET, &path), None, 404).await;
}

#[tokio::test]
async fn a_flood_of_strangers_leaves_a_bounded_number_and_the_refusals_of_others() {
    let asked = Asked::new().await;
    let web = RelyingParty::confidential(&asked.server, "web").await;
    let quiet = web.calling_from("127.0.0.2".parse().unwrap());
    let told = asked.why(&quiet.with_secret("wrong").redeem("x").await).await;
    // More than wait at once, and more than are kept of a network.
    for _ in 0..3 {
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..300 {
            let stranger = RelyingParty::registered(&asked.server.issuer, "flood", Some("x".into()), "");
            all.spawn(async move { stranger.redeem("x").await.status() });
        }
        assert!(all.join_all().await.iter().all(|status| *status == 401));
        asked.server.reporter.flush().await;
    }
    let flood: ClientId = "flood".parse().unwrap();
    let kept = asked.server.ports.refusals.latest(&flood, None, 2_000, asked.server.now()).await.unwrap();
    assert!((250..=500).contains(&kept.len()), "{}", kept.len());
    asked.explain(told.0["reference"].as_str().unwrap()).await;
}

/// A store that does not answer.
struct Broken;

#[async_trait]
impl Refusals for Broken {
    async fn record(&self, _: &[KeptRefusal], _: RefusalBounds) -> Result<(), Unavailable> {
        broken()
    }

    async fn find(&self, _: &ErrorReference, _: DateTime<Utc>) -> Result<Option<KeptRefusal>, Unavailable> {
        broken()
    }

    async fn latest(
        &self,
        _: &ClientId,
        _: Option<RefusalId>,
        _: u32,
        _: DateTime<Utc>,
    ) -> Result<Vec<KeptRefusal>, Unavailable> {
        broken()
    }
}

fn broken<T>() -> Result<T, Unavailable> {
    Err(Unavailable { component: "broken", reason: "out of order".to_owned() })
}

#[tokio::test]
async fn no_answer_depends_on_the_store_of_refusals() {
    let down = TestServer::with_ports(|ports| ports.stores.refusals = Arc::new(Broken)).await;
    let (down, up) = (Asked::of(down).await, Asked::new().await);
    let mut answers = Vec::new();
    for asked in [&up, &down] {
        let web = RelyingParty::confidential(&asked.server, "web").await;
        let refused = web.with_secret("wrong").redeem("x").await;
        asked.server.reporter.flush().await;
        let challenge = refused.headers()["www-authenticate"].to_str().unwrap().to_owned();
        let (status, mut body) = (refused.status(), refused.json::<Value>().await.unwrap());
        body.as_object_mut().unwrap().remove("error_uri");
        let url = web.authorization_url(&[("redirect_uri", "x:y")]);
        let page = Browser::new(&asked.server.issuer).open(&url).await.page();
        let challenge = challenge.replace(&asked.server.issuer, "");
        answers.push((status, body, challenge, page.status, page.text("#description")));
    }
    assert_eq!(answers[0], answers[1]);
    down.admin.answered(&down.server, (Method::GET, "/admin/api/errors/AAAAAAAAAAAA"), None, 503).await;
}

/// Every parameter that some endpoint reads.
const PARAMETERS: [&str; 30] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "grant_type",
    "code",
    "code_verifier",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    "refresh_token",
    "device_code",
    "username",
    "password",
    "scope",
    "resource",
    "audience",
    "token",
    "token_type_hint",
    "id_token_hint",
    "post_logout_redirect_uri",
    "state",
    "nonce",
    "login_hint",
    "response_type",
    "response_mode",
    "prompt",
    "max_age",
    "request",
    "request_uri",
];

/// What is kept under the references of the answers to this text in every parameter of every endpoint.
async fn kept_of(asked: &Asked, web: &RelyingParty, sent: &str) -> Vec<KeptRefusal> {
    let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let mut references = Vec::new();
    let mut remember = |answer: Response| {
        let reference = answer.headers().get("error-reference");
        references.extend(reference.map(|reference| reference.to_str().unwrap().to_owned()));
    };
    for parameter in PARAMETERS {
        // The latest are kept.
        asked.server.clock.advance(Duration::seconds(1));
        for prompt in [("prompt", "none"), ("prompt", "")] {
            let url = web.authorization_url(&[prompt, (parameter, sent)]);
            remember(http.get(url).send().await.unwrap());
        }
        let logout = Url::parse_with_params(&asked.server.url("/oauth/logout"), [(parameter, sent)]).unwrap();
        remember(http.get(logout).send().await.unwrap());
        for path in ["token", "par", "introspect", "revoke", "device_authorization"] {
            let form = [(parameter, sent), ("grant_type", "authorization_code")];
            let form = if parameter == "grant_type" { &form[..1] } else { &form[..] };
            remember(web.post(&format!("/oauth/{path}"), form).await);
            let without_credential = http.post(asked.server.url(&format!("/oauth/{path}"))).form(form);
            remember(without_credential.send().await.unwrap());
        }
        // Fewer than wait at once.
        asked.server.reporter.flush().await;
    }
    asked.server.clock.advance(Duration::seconds(1));
    remember(web.userinfo(sent).await);
    remember(web.with_secret(sent).redeem(sent).await);
    remember(web.refresh(sent).await);
    asked.server.reporter.flush().await;
    let mut kept = Vec::new();
    for reference in references {
        let found = asked.server.ports.refusals.find(&reference.parse().unwrap(), asked.server.now()).await;
        kept.extend(found.unwrap());
    }
    kept
}

#[tokio::test]
async fn nothing_secret_is_kept_whatever_parameter_it_is_sent_in() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    let asked = Asked::of(server).await;
    let web = RelyingParty::register(&asked.server, "web", |client| {
        client.grant_types = GrantType::ALL.into();
    })
    .await;
    let browser = Browser::new(&asked.server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let code = web.code(&browser, "ada", &[]).await;
    let secret = web.secret.clone().unwrap();
    let secrets = [
        secret.clone(),
        code,
        tokens.text("refresh_token").to_owned(),
        tokens.text("access_token").to_owned(),
        Pkce::new().verifier,
        format!("https://client.example/callback?token={secret}"),
        format!("https://ada:{secret}@client.example/callback"),
    ];
    let mut hidden: Vec<&str> = secrets.iter().flat_map(|secret| secret.split('.')).collect();
    hidden.retain(|part| part.len() > 20 && !part.contains(':'));
    for sent in &secrets {
        let kept = kept_of(&asked, &web, sent).await;
        assert!(kept.len() > 200, "{} of {sent}", kept.len());
        let kept = format!("{kept:?}");
        let found: Vec<_> = hidden.iter().filter(|part| kept.contains(**part)).collect();
        assert!(found.is_empty() && !kept.contains(&secret), "{found:?} of {sent}");
    }
    for password in ["the wrong pass phrase", tests::support::PASSWORD] {
        asked.server.clock.advance(Duration::seconds(1));
        let form = [("grant_type", "password"), ("username", "eve"), ("password", password)];
        let told = asked.why(&web.token(&form).await).await;
        assert!(!told.0.to_string().contains(password) && !told.0.to_string().contains("eve"), "{told:?}");
    }
}
