//! A configuration, its metadata, and the actors that test it.

use domain::client::ClientAuthentication;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::{GrantType, KeySource};
use jsonwebtoken::Algorithm;
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{
    ASSERTION_TYPE, Browser, Callback, ClientSigner, Landed, RelyingParty, TestServer, Tokens,
};
use url::Url;

use super::NOT_WALKED;

/// A key of each type that a client may have. They are shared, because RSA keys are slow to
/// generate.
pub(super) static SIGNERS: LazyLock<Vec<ClientSigner>> = LazyLock::new(|| {
    [Algorithm::RS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA].map(ClientSigner::new).into()
});

pub(super) struct Walk {
    /// The switches, for assertion messages.
    pub(super) name: String,
    pub(super) server: TestServer,
    /// The metadata.
    pub(super) document: Value,
    /// A browser in which ada is signed in.
    pub(super) browser: Browser,
    /// A confidential client with every grant and scope, to which ada has consented.
    pub(super) web: RelyingParty,
    /// A public client with the same registration.
    pub(super) app: RelyingParty,
    /// A client that signs its assertions with [`SIGNERS`].
    pub(super) keys: RelyingParty,
    looked_at: RefCell<BTreeSet<String>>,
    assertions: RefCell<u32>,
}

impl Walk {
    pub(super) async fn begin(switches: &[(&str, &str)]) -> Self {
        let server = TestServer::configured(switches).await;
        server.user("ada").await;
        let url = server.url("/.well-known/openid-configuration");
        let document: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        assert_eq!(document["issuer"], server.issuer);
        let everything = |client: &mut domain::Client| {
            client.grant_types = GrantType::ALL.into();
            client.scope = server.settings.scopes.clone();
        };
        let web = RelyingParty::register(&server, "web", everything).await;
        let app = RelyingParty::register(&server, "app", |client| {
            everything(client);
            client.authentication = ClientAuthentication::None;
            client.grant_types.remove(&GrantType::ClientCredentials);
            client.grant_types.remove(&GrantType::Password);
        })
        .await;
        let keys = RelyingParty::register(&server, "keys", |client| {
            everything(client);
            client.authentication = ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(jwks()) };
        })
        .await;
        let browser = Browser::new(&server.issuer);
        let login = browser.open("/login").await.page();
        browser.sign_in(&login, "ada").await;
        let name = format!("{switches:?}");
        let (looked_at, assertions) = (RefCell::default(), RefCell::default());
        Self { name, server, document, browser, web, app, keys, looked_at, assertions }
    }

    /// A member of the metadata.
    pub(super) fn member(&self, name: &str) -> &Value {
        self.looked_at.borrow_mut().insert(name.to_owned());
        &self.document[name]
    }

    /// A list in the metadata.
    pub(super) fn list(&self, name: &str) -> BTreeSet<String> {
        let list = self.member(name).as_array().unwrap_or_else(|| panic!("{}: no {name}", self.name));
        let set: BTreeSet<_> = list.iter().map(|value| value.as_str().unwrap().to_owned()).collect();
        assert_eq!(set.len(), list.len(), "{}: {name} has a duplicate", self.name);
        set
    }

    /// An endpoint in the metadata.
    pub(super) fn endpoint(&self, name: &str) -> &str {
        self.member(name).as_str().unwrap_or_else(|| panic!("{}: no {name}", self.name))
    }

    /// Asserts that the test has read every member of the metadata, except the explained ones.
    pub(super) fn nothing_was_left_out(&self) {
        let looked_at = self.looked_at.borrow();
        for member in self.document.as_object().unwrap().keys() {
            let explained = NOT_WALKED.iter().any(|(name, _)| name == member);
            assert!(explained || looked_at.contains(member), "{}: no test checked {member}", self.name);
        }
    }

    /// Sends an authorization request, pushed first if the metadata requires it. Returns the error,
    /// on a page or at the client, if it is refused.
    pub(super) async fn ask(&self, client: &RelyingParty, fields: &[(&str, &str)]) -> Result<Landed, String> {
        let mut url = client.authorization_url(fields);
        if self.member("require_pushed_authorization_requests") == true {
            let answer = self.push(client, &url).await;
            let body: Value = answer.json().await.unwrap();
            let Some(request_uri) = body["request_uri"].as_str() else {
                return Err(body["error"].as_str().unwrap().to_owned());
            };
            let short = [("client_id", client.id.as_str()), ("request_uri", request_uri)];
            let endpoint = self.endpoint("authorization_endpoint");
            url = Url::parse_with_params(endpoint, short).unwrap().into();
        }
        match self.browser.open(&url).await {
            Landed::Client(url) => match Callback::from_url(&url).get("error") {
                Some(error) => Err(error.to_owned()),
                None => Ok(Landed::Client(url)),
            },
            Landed::Page(page) if page.has("#error") => Err(page.text("#error-code")),
            Landed::Page(page) => Ok(Landed::Page(page)),
        }
    }

    /// Pushes the parameters in the query of this URL.
    pub(super) async fn push(&self, client: &RelyingParty, url: &str) -> Response {
        let pairs: Vec<_> = Url::parse(url).unwrap().query_pairs().into_owned().collect();
        let mut form: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        form.retain(|(name, _)| *name != "client_id"); // the support names the client
        client.post("/oauth/par", &form).await
    }

    /// The authorization response to a request that must succeed. ada consents if asked.
    pub(super) async fn granted(&self, client: &RelyingParty, fields: &[(&str, &str)]) -> Callback {
        let mut landed = self.ask(client, fields).await;
        if let Ok(Landed::Page(page)) = &landed
            && page.has("#allow")
        {
            landed = Ok(self.browser.allow(page).await);
        }
        match landed {
            Ok(landed) => Callback::from_url(&landed.client()),
            Err(error) => panic!("{}: {fields:?} was refused with {error}", self.name),
        }
    }

    /// Tokens of ada.
    pub(super) async fn tokens(&self, client: &RelyingParty, fields: &[(&str, &str)]) -> Tokens {
        client.redeemed(self.granted(client, fields).await.code()).await
    }

    /// A confidential client that needs no consent.
    pub(super) async fn trusted(&self, id: &str, change: impl FnOnce(&mut domain::Client)) -> RelyingParty {
        RelyingParty::register(&self.server, id, |client| {
            client.scope = self.server.settings.scopes.clone();
            client.first_party = true;
            change(client);
        })
        .await
    }

    /// An access token that the confidential client got with the client credentials grant.
    pub(super) async fn own_token(&self) -> String {
        let form = [("grant_type", "client_credentials"), ("scope", "read")];
        RelyingParty::successful(self.web.token(&form).await).await.text("access_token").to_owned()
    }

    /// The claims of a valid assertion of this client, with a new `jti`.
    pub(super) fn claims(&self, client: &RelyingParty) -> Value {
        let mut number = self.assertions.borrow_mut();
        *number += 1;
        let now = self.server.now().timestamp();
        json!({
            "iss": client.id, "sub": client.id, "aud": self.server.issuer, "jti": number.to_string(),
            "iat": now, "exp": now + 60,
        })
    }

    /// Posts a form with no other credentials.
    pub(super) async fn post(&self, url: &str, form: &[(&str, &str)]) -> Response {
        self.web.http().post(url).form(form).send().await.unwrap()
    }

    /// Posts a form with an assertion.
    pub(super) async fn assert_to(&self, url: &str, assertion: &str, form: &[(&str, &str)]) -> Response {
        let mut form = form.to_vec();
        form.extend([("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)]);
        self.post(url, &form).await
    }
}

/// The public keys of [`SIGNERS`]. Without `alg`, the RSA key is valid for every RSA algorithm.
pub(super) fn jwks() -> domain::ClientKeys {
    let public = |signer: &ClientSigner| {
        let mut jwk = signer.jwk().clone();
        jwk.as_object_mut().unwrap().remove("alg");
        jwk
    };
    json!({"keys": SIGNERS.iter().map(public).collect::<Vec<_>>()}).try_into().unwrap()
}

/// The status and the `error` of an error response.
pub(super) async fn error_of(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers().contains_key("www-authenticate"), status == 401);
    let body: Value = answer.json().await.unwrap();
    (status, body["error"].as_str().unwrap_or_default().to_owned())
}
