//! A module: a browser without cookies and JavaScript, and clients that register themselves. Every
//! response passes through the checks that all modules share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jsonwebtoken::jwk::JwkSet;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tests::support::{Browser, Landed, Page, RelyingParty, Tokens, Wire};
use url::Url;

use super::checks;
use super::suite::{Suite, USERNAME};

/// As long as the longest state of the suite, with every character that a URL leaves unescaped.
const STATE: &str = "0123456789-._~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\
0123456789-._~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV";

/// The response mode of authorization requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// In the query of the redirect.
    Query,
    /// In a form that the browser posts.
    FormPost,
}

/// A running module.
pub(super) struct Module {
    pub(super) suite: Arc<Suite>,
    pub(super) browser: Browser,
    pub(super) client: Registered,
    pub(super) mode: Mode,
    path: String,
    others: Vec<Registered>,
    ended: bool,
}

/// A client, and its registration response.
#[derive(Clone)]
pub(super) struct Registered {
    pub(super) party: RelyingParty,
    pub(super) document: Value,
}

/// The parameters of an authorization response, each once.
#[derive(Debug)]
pub(super) struct Answer(BTreeMap<String, String>);

impl Answer {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    pub(super) fn code(&self) -> &str {
        self.get("code").unwrap_or_else(|| panic!("the response has no code: {self:?}"))
    }

    pub(super) fn error(&self) -> &str {
        self.get("error").unwrap_or_else(|| panic!("the response has no error: {self:?}"))
    }
}

impl Module {
    /// Starts a module, with a client that registers this metadata and one redirect URI.
    pub(super) async fn begin(mode: Mode, metadata: Value) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let suite = Suite::running().await;
        let wire = Wire::trusting(&suite.certificate);
        let browser = Browser::new(&suite.server.issuer).over(wire.clone());
        let nobody = RelyingParty::registered(&suite.server.issuer, "", None, "").over(wire);
        let client = Registered { party: nobody, document: Value::Null };
        let path = format!("/test/a/{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut module = Self { suite, browser, client, mode, path, others: Vec::new(), ended: true };
        module.client = module.registered(metadata).await;
        module.ended = false;
        module
    }

    /// A URL at the suite's host, for this module only.
    pub(super) fn at_the_suite(&self, path: &str) -> String {
        format!("https://suite.example{}/{path}", self.path)
    }

    /// Registers a client with this metadata; without `redirect_uris` it gets one.
    pub(super) async fn register(&self, mut metadata: Value) -> Response {
        if metadata.get("redirect_uris").is_none() {
            metadata["redirect_uris"] = json!([self.at_the_suite("callback")]);
        }
        metadata["client_name"] = json!("The conformance suite");
        metadata["contacts"] = json!(["certification@suite.example"]);
        let party = &self.client.party;
        let request = party.http().post(self.suite.server.url("/connect/register")).json(&metadata);
        party.send(request).await
    }

    async fn registered(&self, metadata: Value) -> Registered {
        let document = json_of(self.register(metadata).await, 201).await;
        checks::registration(&document);
        let secret = document["client_secret"].as_str().map(str::to_owned);
        let redirect_uri = document["redirect_uris"][0].as_str().unwrap_or_default();
        let id = document["client_id"].as_str().unwrap();
        let party = RelyingParty::registered(&self.suite.server.issuer, id, secret, redirect_uri);
        let party = party.over(Wire::trusting(&self.suite.certificate));
        Registered { party, document }
    }

    /// Registers a second client.
    pub(super) async fn second_client(&mut self, metadata: Value) -> Registered {
        let second = self.registered(metadata).await;
        self.others.push(second.clone());
        second
    }

    /// Deletes the registrations of all clients.
    pub(super) async fn end(mut self) {
        self.ended = true;
        let clients: Vec<_> = self.others.drain(..).chain([self.client.clone()]).collect();
        for Registered { party, document } in clients {
            let text = |member: &str| document[member].as_str().unwrap();
            let request = party.http().delete(text("registration_client_uri"));
            let request = request.bearer_auth(text("registration_access_token"));
            assert_eq!(party.send(request).await.status(), 204);
        }
    }

    /// Fetches a JSON document from the server.
    pub(super) async fn fetched(&self, url: &str) -> Value {
        json_of(self.client.party.send(self.client.party.http().get(url)).await, 200).await
    }

    pub(super) async fn metadata(&self) -> Value {
        self.fetched(&self.suite.server.url("/.well-known/openid-configuration")).await
    }

    pub(super) async fn jwks(&self) -> JwkSet {
        let jwks = self.fetched(&self.suite.server.url("/.well-known/jwks.json")).await;
        checks::jwks(&jwks);
        serde_json::from_value(jwks).unwrap()
    }

    /// An authorization request of the module's client: without PKCE, in the plan's response mode.
    /// A field given here replaces the default; an empty field removes it.
    pub(super) fn url(&self, fields: &[(&str, &str)]) -> String {
        let mut all = vec![
            ("code_challenge", ""),
            ("code_challenge_method", ""),
            ("scope", "openid"),
            ("state", STATE),
        ];
        if self.mode == Mode::FormPost {
            all.push(("response_mode", "form_post"));
        }
        all.extend(fields);
        let last = |name: &str| all.iter().rev().find(|(other, _)| *other == name).copied();
        let mut unique: Vec<(&str, &str)> = all.iter().filter_map(|(name, _)| last(name)).collect();
        unique.sort_unstable();
        unique.dedup();
        self.client.party.authorization_url(&unique)
    }

    /// Opens an authorization request.
    pub(super) async fn open(&self, fields: &[(&str, &str)]) -> Landed {
        self.browser.open(&self.url(fields)).await
    }

    /// The page that an authorization request shows.
    pub(super) async fn page(&self, fields: &[(&str, &str)]) -> Page {
        let page = self.open(fields).await.page();
        assert!(!page.has("form[action^='https://suite.example']"), "an answer: {}", page.html);
        page
    }

    /// The authorization response to a request that needs no page.
    pub(super) async fn answered(&self, fields: &[(&str, &str)]) -> Answer {
        let landed = self.open(fields).await;
        self.answer(landed, fields)
    }

    /// Signs in on a login page, consents if necessary, and returns the authorization response.
    pub(super) async fn sign_in(&self, login: &Page, fields: &[(&str, &str)]) -> Answer {
        checks::login_page(login);
        let landed = self.browser.sign_in(login, USERNAME).await;
        self.agree(landed, fields).await
    }

    /// Signs in and consents if necessary, and returns the authorization response.
    pub(super) async fn sign_in_and_consent(&self, fields: &[(&str, &str)]) -> Answer {
        let landed = self.open(fields).await;
        match &landed {
            Landed::Page(page) if page.has("#login") => self.sign_in(page, fields).await,
            Landed::Page(_) | Landed::Client(_) => self.agree(landed, fields).await,
        }
    }

    async fn agree(&self, landed: Landed, fields: &[(&str, &str)]) -> Answer {
        let landed = match landed {
            Landed::Page(page) if page.has("#allow") => {
                checks::consent_page(&page);
                self.browser.allow(&page).await
            }
            landed @ (Landed::Page(_) | Landed::Client(_)) => landed,
        };
        self.answer(landed, fields)
    }

    /// Parses the authorization response in the plan's response mode, at the redirect URI of the
    /// request.
    pub(super) fn answer(&self, landed: Landed, fields: &[(&str, &str)]) -> Answer {
        let sent =
            |name: &str| fields.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| *value);
        let redirect_uri = sent("redirect_uri").unwrap_or(&self.client.party.redirect_uri);
        let pairs = match (self.mode, landed) {
            (Mode::Query, Landed::Client(url)) => beyond(&url, redirect_uri),
            (Mode::FormPost, Landed::Page(page)) => checks::form_post_page(&page, redirect_uri),
            (_, landed) => panic!("no answer in {:?}: {landed:?}", self.mode),
        };
        let names = pairs.len();
        let answer = Answer(pairs.into_iter().collect());
        assert_eq!(answer.0.len(), names, "a parameter occurs twice: {answer:?}");
        let state = sent("state").unwrap_or(STATE);
        checks::authorization_response(&answer, &self.suite.server.issuer, state);
        answer
    }

    /// Tokens of the signed-in user, by the whole flow, with all checks.
    pub(super) async fn tokens(&self, fields: &[(&str, &str)]) -> Tokens {
        let answer = self.sign_in_and_consent(fields).await;
        self.redeemed(&answer, fields).await
    }

    /// Redeems the code of a response to a request with these fields. Returns the tokens.
    pub(super) async fn redeemed(&self, answer: &Answer, fields: &[(&str, &str)]) -> Tokens {
        let tokens = json_of(self.redeem(answer).await, 200).await;
        self.checked(tokens, fields).await
    }

    /// Redeems a code without a PKCE verifier.
    pub(super) async fn redeem(&self, answer: &Answer) -> Response {
        let party = &self.client.party;
        let redirect_uri = ("redirect_uri", party.redirect_uri.as_str());
        party.token(&[("grant_type", "authorization_code"), ("code", answer.code()), redirect_uri]).await
    }

    /// Checks a token response, including the ID token if there is one.
    pub(super) async fn checked(&self, tokens: Value, fields: &[(&str, &str)]) -> Tokens {
        checks::token_response(&tokens);
        let tokens = Tokens(tokens);
        let nonce =
            fields.iter().rev().find(|(name, _)| *name == "nonce").map_or("nonce-1", |(_, value)| *value);
        let refreshed = fields.iter().any(|(name, _)| *name == "grant_type");
        let expected = checks::Expected {
            issuer: &self.suite.server.issuer,
            client: &self.client,
            nonce: Some(nonce).filter(|nonce| !nonce.is_empty() && !refreshed),
            now: self.suite.server.now().timestamp(),
        };
        checks::id_token(&tokens, &self.jwks().await, &expected);
        tokens
    }

    /// Requests UserInfo with the Authorization header.
    pub(super) async fn userinfo(&self, tokens: &Tokens) -> Value {
        let answer = self.client.party.userinfo(tokens.text("access_token")).await;
        let userinfo = json_of(answer, 200).await;
        checks::userinfo(&userinfo, tokens);
        userinfo
    }

    /// An error page of the server, without a redirect to the client.
    pub(super) async fn error_page(&self, fields: &[(&str, &str)]) -> Page {
        let page = self.page(fields).await;
        checks::error_page(&page, &self.suite.server.issuer);
        page
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        assert!(self.ended || std::thread::panicking(), "the module has not unregistered its client");
    }
}

/// The parameters that a redirect added to the registered URI, whose own query must be unchanged.
fn beyond(landed: &Url, redirect_uri: &str) -> Vec<(String, String)> {
    let rest = landed.as_str().strip_prefix(redirect_uri);
    let rest = rest.unwrap_or_else(|| panic!("{landed} is not {redirect_uri}"));
    let (separator, added) = rest.split_at_checked(1).unwrap_or_default();
    assert_eq!(separator, if redirect_uri.contains('?') { "&" } else { "?" }, "{landed}");
    assert_eq!(landed.fragment(), None);
    form_urlencoded::parse(added.as_bytes()).into_owned().collect()
}

/// The JSON body of a response with this status.
pub(super) async fn json_of(answer: Response, status: u16) -> Value {
    let found = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(found, status, "{text}");
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

/// A request with these form fields, and without the client's usual credentials.
pub(super) fn form(party: &RelyingParty, url: &str, fields: &[(&str, &str)]) -> RequestBuilder {
    party.http().post(url).form(fields)
}
