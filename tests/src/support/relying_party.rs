//! A relying party: a registered client, and the requests that it sends.

use std::collections::HashMap;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::client::{ClientAuthentication, ClientDraft, SecretMethod, StoredSecret};
use domain::{Actor, CodeVerifier, Digest, GrantType, Incarnation};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use url::Url;

use super::caller::caller;
use super::client_document::document;
use super::{Browser, TestServer, Wire};

/// The redirect URI of every relying party in the tests. No server listens there.
const REDIRECT_URI: &str = "https://client.example/callback";

/// A registered client.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    /// The `client_id`.
    pub id: String,
    /// The `client_secret`; none for a public client.
    pub secret: Option<String>,
    /// The redirect URI.
    pub redirect_uri: String,
    /// The issuer of the server that the client is registered with.
    pub issuer: String,
    http: Client,
    wire: Wire,
}

/// A PKCE verifier and its challenge.
#[derive(Debug, Clone)]
pub struct Pkce {
    /// The `code_verifier`.
    pub verifier: String,
    /// The `code_challenge`.
    pub challenge: String,
}

/// The parameters that the server sent to the redirect URI.
#[derive(Debug, Clone)]
pub struct Callback(HashMap<String, String>);

/// A token response.
#[derive(Debug, Clone)]
pub struct Tokens(pub Value);

impl Pkce {
    /// A fixed pair. Codes are random, so verifiers need not be.
    #[must_use]
    pub fn new() -> Self {
        Self::from_seed(9)
    }

    /// Another fixed pair.
    #[must_use]
    pub fn from_seed(seed: u8) -> Self {
        let verifier = CodeVerifier::from_random([seed; 32]);
        let challenge = serde_json::to_value(verifier.challenge()).expect("a challenge");
        Self {
            verifier: verifier.expose().to_owned(),
            challenge: challenge.as_str().expect("a text").to_owned(),
        }
    }
}

impl Default for Pkce {
    fn default() -> Self {
        Self::new()
    }
}

impl Callback {
    /// Parses the query and the fragment of a redirect.
    #[must_use]
    pub fn from_url(url: &Url) -> Self {
        let fragment = form_urlencoded::parse(url.fragment().unwrap_or_default().as_bytes());
        let pairs = url.query_pairs().chain(fragment);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The value of a parameter; none if it is missing.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The authorization code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.get("code").unwrap_or_else(|| panic!("the response has no code: {self:?}"))
    }
}

impl Tokens {
    /// A string member.
    #[must_use]
    pub fn text(&self, member: &str) -> &str {
        self.0[member].as_str().unwrap_or_else(|| panic!("no {member} in {}", self.0))
    }

    /// A member, if it is there.
    #[must_use]
    pub fn member(&self, member: &str) -> Option<Value> {
        self.0.get(member).cloned()
    }

    /// The claims of a member that is a JWT, without verifying it.
    #[must_use]
    pub fn claims(&self, member: &str) -> Value {
        let payload = self.text(member).split('.').nth(1).expect("a JWT");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
    }
}

impl RelyingParty {
    /// A confidential client with the code and refresh token grants and every scope.
    pub async fn confidential(server: &TestServer, id: &str) -> Self {
        Self::register(server, id, |_| {}).await
    }

    /// A public client with the code and refresh token grants and every scope.
    pub async fn public(server: &TestServer, id: &str) -> Self {
        Self::register(server, id, |client| client.authentication = ClientAuthentication::None).await
    }

    /// A client that may use the client credentials grant.
    pub async fn service(server: &TestServer, id: &str) -> Self {
        Self::register(server, id, |client| {
            client.grant_types = [GrantType::ClientCredentials].into();
            client.redirect_uris.clear();
        })
        .await
    }

    /// A confidential client with a changed registration.
    pub async fn register(server: &TestServer, id: &str, change: impl FnOnce(&mut domain::Client)) -> Self {
        Self::register_with(server, id, None, change).await
    }

    /// As [`register`](Self::register), with a secret that the operator chose.
    pub async fn register_with(
        server: &TestServer,
        id: &str,
        chosen: Option<&str>,
        change: impl FnOnce(&mut domain::Client),
    ) -> Self {
        let mut new = domain::Client {
            name: Some(format!("The {id} application")),
            authentication: ClientAuthentication::Secret {
                method: SecretMethod::ClientSecretBasic,
                secret: StoredSecret::Generated(Digest::of(b"replaced")),
            },
            redirect_uris: vec![REDIRECT_URI.parse().expect("a redirect URI")],
            post_logout_redirect_uris: vec!["https://client.example/bye".parse().expect("a URI")],
            grant_types: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
            scope: "openid profile email address phone groups offline_access read write"
                .parse()
                .expect("a scope"),
            ..domain::Client::new(
                id.parse().expect("a client id"),
                Incarnation::from_random([0; 16]),
                server.now(),
            )
        };
        change(&mut new);
        let redirect_uri = new.redirect_uris.first().map(ToString::to_string).unwrap_or_default();
        let mut draft = ClientDraft::from(document(&new));
        if let Some(chosen) = chosen {
            draft.set("client_secret", chosen);
        }
        let (client, secret) = server.clients.create(&draft, Actor::CommandLine).await.expect("a client");
        let secret = secret.map(|secret| secret.expose().to_owned()).or(chosen.map(str::to_owned));
        Self::registered(&server.issuer, client.id.as_str(), secret, &redirect_uri)
    }

    /// A client that was registered by other means, such as the command line.
    #[must_use]
    pub fn registered(issuer: &str, id: &str, secret: Option<String>, redirect_uri: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret,
            redirect_uri: redirect_uri.to_owned(),
            issuer: issuer.to_owned(),
            http: caller(None),
            wire: Wire::default(),
        }
    }

    /// The same client, calling from this local IP address.
    #[must_use]
    pub fn calling_from(&self, address: IpAddr) -> Self {
        Self { http: caller(Some(address)), ..self.clone() }
    }

    /// The URL of an authorization request. A field given here replaces the default; an empty field
    /// removes it.
    #[must_use]
    pub fn authorization_url(&self, fields: &[(&str, &str)]) -> String {
        let pkce = Pkce::new();
        let mut all = vec![
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", "openid profile email"),
            ("state", "state-1"),
            ("nonce", "nonce-1"),
            ("code_challenge", &pkce.challenge),
            ("code_challenge_method", "S256"),
        ];
        for field in fields {
            all.retain(|(name, _)| name != &field.0);
            if !field.1.is_empty() {
                all.push(*field);
            }
        }
        let url = Url::parse_with_params(&format!("{}/oauth/authorize", self.issuer), all);
        url.expect("a URL").into()
    }

    /// The same client, calling the server at another address.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self { issuer: address.to_owned(), ..self.clone() }
    }

    /// The same client with another transport to the server.
    #[must_use]
    pub fn over(self, wire: Wire) -> Self {
        Self { wire, ..self }
    }

    /// The same client with another secret.
    #[must_use]
    pub fn with_secret(&self, secret: &str) -> Self {
        Self { secret: Some(secret.to_owned()), ..self.clone() }
    }

    /// Gets an authorization code: this browser's user signs in and consents.
    pub async fn code(&self, browser: &Browser, username: &str, fields: &[(&str, &str)]) -> String {
        let url = browser.sign_in_and_consent(&self.authorization_url(fields), username).await;
        Callback::from_url(&url).code().to_owned()
    }

    /// Gets tokens with the whole authorization code flow.
    pub async fn tokens(&self, browser: &Browser, username: &str, fields: &[(&str, &str)]) -> Tokens {
        let code = self.code(browser, username, fields).await;
        self.redeemed(&code).await
    }

    /// Redeems a code with the matching verifier.
    pub async fn redeem(&self, code: &str) -> Response {
        let verifier = Pkce::new().verifier;
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &verifier),
        ])
        .await
    }

    /// Redeems a code, and asserts success.
    pub async fn redeemed(&self, code: &str) -> Tokens {
        Self::successful(self.redeem(code).await).await
    }

    /// Redeems a refresh token.
    pub async fn refresh(&self, refresh_token: &str) -> Response {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Sends a token request with this client's credentials.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Response {
        self.post("/oauth/token", fields).await
    }

    /// Introspects a token.
    pub async fn introspect(&self, token: &str) -> Value {
        let answer = self.post("/oauth/introspect", &[("token", token)]).await;
        assert_eq!(answer.status(), 200, "introspection failed");
        answer.json().await.expect("JSON")
    }

    /// Revokes a token.
    pub async fn revoke(&self, token: &str) -> Response {
        self.post("/oauth/revoke", &[("token", token)]).await
    }

    /// Requests UserInfo.
    pub async fn userinfo(&self, access_token: &str) -> Response {
        let url = format!("{}/oauth/userinfo", self.issuer);
        self.send(self.http.get(url).bearer_auth(access_token)).await
    }

    /// Posts a form with this client's credentials: HTTP Basic, or `client_id` for a public client.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.http.post(format!("{}{path}", self.issuer));
        let request = match &self.secret {
            Some(secret) => request.basic_auth(&self.id, Some(secret)).form(fields),
            None => {
                let mut fields = fields.to_vec();
                fields.push(("client_id", &self.id));
                request.form(&fields)
            }
        };
        self.send(request).await
    }

    /// Sends a request that a test has built with [`http`](Self::http).
    pub async fn send(&self, request: RequestBuilder) -> Response {
        self.wire.send(request, None).await
    }

    /// The HTTP client, for requests that a test builds itself.
    #[must_use]
    pub const fn http(&self) -> &Client {
        &self.http
    }

    /// The tokens of a response, which must be a success.
    pub async fn successful(answer: Response) -> Tokens {
        Self::successful_with(answer, 200).await
    }

    /// The members of a response, which must be a success with this status.
    pub async fn successful_with(answer: Response, expected: u16) -> Tokens {
        let status = answer.status();
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(status, expected, "{body}");
        Tokens(body)
    }
}
