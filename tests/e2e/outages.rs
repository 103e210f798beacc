//! A store that fails while a request waits for its answer is told to the application: its redirect URI is known
//! (RFC 6749 §4.1.2.1).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::port::{
    AuthorizationCodes, Consents, Finished, Interactions, IssuedCode, KeptCode, Redeemed, Unavailable,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::interaction::Ending;
use domain::self_registration::SelfRegistration;
use domain::{Actor, AuditEvent, AuthorizationCode, Client, ClientId, Consent, Digest, UserId};
use serde_json::json;
use tests::support::{Browser, Callback, Landed, Page, RelyingParty, TestServer, logged};
use url::Url;

/// A browser in which Ada is signed in.
async fn signed_in(server: &TestServer) -> Browser {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    browser
}

/// Stores that do not answer.
struct Broken;

fn broken<T>() -> Result<T, Unavailable> {
    Err(Unavailable { component: "broken", reason: "secret host name".to_owned() })
}

#[async_trait]
impl AuthorizationCodes for Broken {
    async fn issue(&self, _: Digest, _: &AuthorizationCode) -> Result<(), Unavailable> {
        broken()
    }

    async fn find(&self, _: Digest) -> Result<Option<KeptCode>, Unavailable> {
        broken()
    }

    async fn redeem(&self, _: Digest) -> Result<Redeemed, Unavailable> {
        broken()
    }
}

/// It finds that nothing has ended, and keeps no answer.
#[async_trait]
impl Interactions for Broken {
    async fn find_ending(&self, _: Digest, _: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        Ok(None)
    }

    async fn finish(&self, _: Digest, _: &Ending, _: Option<&IssuedCode>) -> Result<Finished, Unavailable> {
        broken()
    }
}

#[async_trait]
impl Consents for Broken {
    async fn find(&self, _: UserId, _: &ClientId) -> Result<Option<Consent>, Unavailable> {
        broken()
    }

    async fn grant(&self, _: &Consent, _: &Client) -> Result<(), Unavailable> {
        broken()
    }

    async fn list(&self, _: UserId, _: Option<&ClientId>, _: u32) -> Result<Vec<Consent>, Unavailable> {
        broken()
    }

    async fn withdraw(&self, _: UserId, _: &ClientId, _: &AuditEvent) -> Result<bool, Unavailable> {
        broken()
    }
}

fn assert_outage(url: &Url) {
    let callback = Callback::from_url(url);
    assert_eq!(callback.get("error"), Some("temporarily_unavailable"), "{url}");
    assert_eq!(callback.get("state"), Some("state-1"), "{url}");
    assert!(!url.as_str().contains("secret"), "{url}");
    let line = logged(callback.get("error_uri").unwrap().rsplit('/').next().unwrap());
    assert_eq!((&line["level"], &line["client"]), (&json!("ERROR"), &json!("web")), "{line}");
    assert!(line["reason"].as_str().unwrap().contains("secret host name"), "{line}");
}

#[tokio::test]
async fn a_store_that_cannot_answer_is_told_to_the_application_once_its_redirect_uri_is_known() {
    let server = TestServer::with_ports(|ports| {
        ports.stores.authorization_codes = Arc::new(Broken);
        ports.stores.interactions = Arc::new(Broken);
    })
    .await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    assert_outage(&browser.allow(&consent).await.client());
    // A consent is remembered with its answer only; a client of the operator needs none.
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#allow"));
    server.update_client(&web.id.parse().unwrap(), |client| client.first_party = true).await.unwrap();
    assert_outage(&browser.open(&web.authorization_url(&[])).await.client());
    assert_outage(&browser.open(&web.authorization_url(&[("prompt", "none")])).await.client());

    let server = TestServer::with_ports(|ports| ports.stores.consents = Arc::new(Broken)).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = signed_in(&server).await;
    assert_outage(&browser.open(&web.authorization_url(&[])).await.client());
    // The login is the last page before the answer.
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    assert_outage(&browser.sign_in(&login, "ada").await.client());
}

/// Makes a client of the operator one that registered itself.
async fn becomes_self_registered(server: &TestServer, client: &RelyingParty) {
    let id: ClientId = client.id.parse().unwrap();
    let before = server.clients.show(&id).await.unwrap();
    let registration = SelfRegistration::new(Digest::of(b"x"), Default::default());
    let after = Client { registration: Some(registration), ..before.clone() };
    let event = AuditEvent::new(server.now(), Actor::CommandLine, "client.update", &id);
    assert!(server.ports.clients.amend(&before, &after, &event).await.unwrap());
}

#[tokio::test]
async fn an_outage_is_no_open_redirector_for_a_self_registered_client() {
    let server = TestServer::with_ports(|ports| ports.stores.consents = Arc::new(Broken)).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    becomes_self_registered(&server, &web).await;
    let page = signed_in(&server).await.open(&web.authorization_url(&[])).await.page();
    assert_eq!((page.status.as_u16(), page.text("#error-code").as_str()), (503, "temporarily_unavailable"));
    assert!(page.headers.contains_key("retry-after"));
    assert_outage(&Url::parse(&page.attribute("#continue", "href")).unwrap());
}

/// The endings of interactions, in a store that can be made to fail.
struct Failing {
    store: Arc<dyn Interactions>,
    fails: &'static AtomicBool,
}

impl Failing {
    fn answers(&self) -> Result<(), Unavailable> {
        if self.fails.load(Ordering::SeqCst) { broken() } else { Ok(()) }
    }
}

#[async_trait]
impl Interactions for Failing {
    async fn find_ending(&self, id: Digest, now: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        self.answers()?;
        self.store.find_ending(id, now).await
    }

    async fn finish(
        &self,
        id: Digest,
        ending: &Ending,
        code: Option<&IssuedCode>,
    ) -> Result<Finished, Unavailable> {
        self.answers()?;
        self.store.finish(id, ending, code).await
    }
}

async fn decide(browser: &Browser, page: &Page, decision: &str) -> Landed {
    browser.submit(page, &[("decision", decision)]).await
}

#[tokio::test]
async fn a_store_that_fails_at_login_cancel_allow_and_deny_is_told_to_the_application_and_nothing_is_consumed()
 {
    static FAILS: AtomicBool = AtomicBool::new(false);
    let server = TestServer::with_ports(|ports| {
        let store = ports.stores.interactions.clone();
        ports.stores.interactions = Arc::new(Failing { store, fails: &FAILS });
    })
    .await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let url = web.authorization_url(&[]);
    let (ones, other) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let login = ones.open(&url).await.page();
    let held = ones.open(&web.authorization_url(&[("response_type", "token")])).await.page();
    let first = other.open(&url).await.page();
    let consent = other.sign_in(&first, "ada").await.page();

    FAILS.store(true, Ordering::SeqCst);
    assert_outage(&decide(&ones, &login, "cancel").await.client());
    assert_outage(&ones.sign_in(&login, "ada").await.client());
    let url = ones.sign_in(&held, "ada").await.client();
    assert!(url.fragment().unwrap().contains("error=temporarily_unavailable"), "{url}");
    assert_outage(&decide(&other, &consent, "deny").await.client());
    assert_outage(&other.allow(&consent).await.client());
    // The page itself, and the login page of a user who is signed in.
    assert_outage(&other.open(&consent.url).await.client());
    assert_outage(&other.open(&first.url).await.client());
    // Another browser is not sent anywhere, and a login that no client waits for has its page.
    assert!(Browser::new(&server.issuer).open(&consent.url).await.page().has("#error"));
    let own = Browser::new(&server.issuer);
    let page = own.open("/login").await.page();
    let failed = own.sign_in(&page, "ada").await.page();
    assert_eq!(
        (failed.status.as_u16(), failed.text("#error-code").as_str()),
        (503, "temporarily_unavailable")
    );

    FAILS.store(false, Ordering::SeqCst);
    assert!(ones.sign_in(&login, "ada").await.page().has("#allow"));
    let callback = Callback::from_url(&other.allow(&consent).await.client());
    web.redeemed(callback.code()).await;
}

#[tokio::test]
async fn a_user_is_asked_before_an_outage_goes_to_a_client_that_registered_itself_and_a_changed_client_is_not_told()
 {
    static FAILS: AtomicBool = AtomicBool::new(false);
    let server = TestServer::with_ports(|ports| {
        let store = ports.stores.interactions.clone();
        ports.stores.interactions = Arc::new(Failing { store, fails: &FAILS });
    })
    .await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    FAILS.store(true, Ordering::SeqCst);
    becomes_self_registered(&server, &web).await;
    for decision in ["cancel", ""] {
        let page = decide(&browser, &login, decision).await.page();
        assert_eq!(page.status, 503, "{decision}");
        assert_outage(&Url::parse(&page.attribute("#continue", "href")).unwrap());
    }
    server.clients.delete(&web.id.parse().unwrap(), Actor::CommandLine).await.unwrap();
    let page = decide(&browser, &login, "cancel").await.page();
    assert!(page.text("#error-code").contains("unauthorized_client"), "{}", page.html);
}
