//! What the plans of OpenID certification look at, one file per plan and one test per module.

mod basic;
mod third_party_login;

use application::settings::{PkcePolicy, RegistrationMode};
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

const REDIRECT_URI: &str = "https://suite.example/test/a/callback";

/// A server set up for certification, a client that registered itself, and a browser with an empty cookie jar.
struct Plan {
    server: TestServer,
    client: RelyingParty,
    browser: Browser,
}

impl Plan {
    async fn begin(metadata: Value) -> Self {
        let server = TestServer::with(|settings| {
            settings.pkce = PkcePolicy::PerClient;
            settings.registration.mode = RegistrationMode::Open;
            settings.registration.require_pkce = false;
        })
        .await;
        server.user("ada").await;
        let client = RelyingParty::registered(&server.issuer, "suite", None, REDIRECT_URI);
        let browser = Browser::new(&server.issuer);
        let plan = Self { server, client, browser };
        let client = plan.client_of(plan.register(metadata).await).await;
        Self { client, ..plan }
    }

    /// Registers another client, with this metadata beside a redirect URI.
    async fn register(&self, mut metadata: Value) -> Response {
        metadata["redirect_uris"] = json!([REDIRECT_URI]);
        let request = self.client.http().post(self.server.url("/connect/register")).json(&metadata);
        request.send().await.unwrap()
    }

    async fn client_of(&self, registered: Response) -> RelyingParty {
        assert_eq!(registered.status(), 201);
        let registered: Value = registered.json().await.unwrap();
        let secret = registered["client_secret"].as_str().map(str::to_owned);
        let id = registered["client_id"].as_str().unwrap();
        RelyingParty::registered(&self.server.issuer, id, secret, REDIRECT_URI)
    }

    async fn metadata(&self) -> Value {
        let url = self.server.url("/.well-known/openid-configuration");
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }
}
