//! `kill -9` during writes: everything that a client has received still works, and nothing that was
//! spent works again.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};

use reqwest::header::LOCATION;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Pkce, PrivateDatabase, RelyingParty};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use url::Url;

use crate::installation::Installation;
use crate::{ENCRYPTION_KEY, USERNAME};

/// How many times the server is killed.
const ROUNDS: usize = 10;

/// The number of workers of each of the three kinds.
pub(crate) const WORKERS: usize = 3;

/// The maximum number of responses before the kill.
const MAX_RESPONSES: u64 = 250;

/// The scope of every request; `offline_access` makes the grants independent of the sessions.
pub(crate) const SCOPE: (&str, &str) = ("scope", "openid offline_access read");

/// The responses that the clients received completely. Responses that the crash cut off are not
/// included.
#[derive(Clone, Default)]
pub(crate) struct Received {
    pub(crate) access_tokens: Vec<String>,
    /// The latest refresh token of each chain.
    pub(crate) refresh_tokens: Vec<String>,
    /// Codes that no client tried to redeem.
    pub(crate) codes: Vec<String>,
    /// Redeemed codes, each with its access token.
    pub(crate) redeemed: Vec<(String, String)>,
}

/// Counts responses, and signals when the number is reached.
pub(crate) struct Fuse {
    received: Mutex<(Received, u64)>,
    burnt: Notify,
}

/// The connection broke, because the server was killed.
pub(crate) struct Lost;

impl From<reqwest::Error> for Lost {
    fn from(_: reqwest::Error) -> Self {
        Self
    }
}

impl Fuse {
    /// Waits until the number of responses is reached.
    pub(crate) async fn burns(&self) {
        self.burnt.notified().await;
    }

    /// The responses so far.
    pub(crate) fn received(&self) -> Received {
        self.received.lock().expect("a lock").0.clone()
    }

    fn record(&self, what: impl FnOnce(&mut Received)) {
        let mut received = self.received.lock().expect("a lock");
        what(&mut received.0);
        received.1 = received.1.saturating_sub(1);
        if received.1 == 0 {
            self.burnt.notify_one();
        }
    }
}

/// A client under load. It works until the server is killed.
#[derive(Clone)]
struct Worker {
    client: RelyingParty,
    /// The HTTP client of a signed-in browser.
    browser: Client,
    fuse: Arc<Fuse>,
}

impl Worker {
    /// Sends a token request that must succeed unless the server was killed.
    async fn token(&self, fields: &[(&str, &str)]) -> Result<Value, Lost> {
        let url = format!("{}/oauth/token", self.client.issuer);
        let request = self.client.http().post(url);
        let request = request.basic_auth(&self.client.id, self.client.secret.as_deref());
        let answer = request.form(fields).send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        assert_eq!(status, StatusCode::OK, "{body}");
        Ok(serde_json::from_str(&body).expect("JSON"))
    }

    async fn code(&self) -> Result<String, Lost> {
        let url = self.client.authorization_url(&[SCOPE]);
        let answer = self.browser.get(url).send().await?;
        let location = answer.headers().get(LOCATION).expect("a redirect");
        let location = Url::parse(location.to_str().expect("a URL")).expect("a URL");
        Ok(Callback::from_url(&location).code().to_owned())
    }

    async fn asks_for_itself(self) -> Result<(), Lost> {
        loop {
            let fields = [("grant_type", "client_credentials"), ("scope", "read")];
            let tokens = self.token(&fields).await?;
            let access_token = text(&tokens, "access_token");
            self.fuse.record(|received| received.access_tokens.push(access_token));
        }
    }

    async fn redeems_codes(self) -> Result<(), Lost> {
        let verifier = Pkce::new().verifier;
        loop {
            let kept = self.code().await?;
            self.fuse.record(|received| received.codes.push(kept));
            let code = self.code().await?;
            let tokens = self
                .token(&[("grant_type", "authorization_code"), ("code", &code), ("code_verifier", &verifier)])
                .await?;
            let access_token = text(&tokens, "access_token");
            self.fuse.record(|received| {
                received.refresh_tokens.push(text(&tokens, "refresh_token"));
                received.redeemed.push((code, access_token));
            });
        }
    }

    async fn refreshes(self, mut latest: String) -> Result<(), Lost> {
        loop {
            let fields = [("grant_type", "refresh_token"), ("refresh_token", &latest)];
            let tokens = self.token(&fields).await?;
            let next = text(&tokens, "refresh_token");
            self.fuse.record(|received| {
                received.refresh_tokens.retain(|token| *token != latest);
                received.refresh_tokens.push(next.clone());
                received.access_tokens.push(text(&tokens, "access_token"));
            });
            latest = next;
        }
    }
}

fn text(tokens: &Value, member: &str) -> String {
    tokens[member].as_str().expect("a token").to_owned()
}

/// Starts all workers, with a fuse for this number of responses.
pub(crate) async fn load(
    client: &RelyingParty,
    browsers: &[Browser],
    responses: u64,
) -> (Arc<Fuse>, JoinSet<Result<(), Lost>>) {
    let fuse =
        Arc::new(Fuse { received: Mutex::new((Received::default(), responses)), burnt: Notify::new() });
    let mut workers = JoinSet::new();
    for browser in browsers {
        let worker = Worker { client: client.clone(), browser: browser.http().clone(), fuse: fuse.clone() };
        let first = client.tokens(browser, USERNAME, &[SCOPE]).await;
        let first = first.text("refresh_token").to_owned();
        fuse.record(|received| received.refresh_tokens.push(first.clone()));
        workers.spawn(worker.clone().asks_for_itself());
        workers.spawn(worker.clone().redeems_codes());
        workers.spawn(worker.refreshes(first));
    }
    (fuse, workers)
}

/// Starts all workers, and kills the server after this number of responses.
async fn round(
    installation: &Installation,
    client: &RelyingParty,
    browsers: &[Browser],
    responses: u64,
) -> Received {
    let running = installation.serves().await;
    let (fuse, mut workers) = load(client, browsers, responses).await;
    tokio::select! {
        () = fuse.burns() => {}
        early = workers.join_next() => panic!("a worker stopped before the crash: {:?}", early.map(|end| end.is_ok())),
    }
    running.crashes().await;
    while let Some(end) = workers.join_next().await {
        assert!(end.expect("a worker failed").is_err(), "a worker ended without a reason");
    }
    fuse.received()
}

/// After the restart: asserts that everything received works, and everything spent stays spent.
async fn verify(client: &RelyingParty, received: &Received) {
    let issued = received.redeemed.iter().map(|(_, access_token)| access_token);
    for access_token in received.access_tokens.iter().chain(issued) {
        assert_eq!(client.introspect(access_token).await["active"], true, "an access token is lost");
    }
    for refresh_token in &received.refresh_tokens {
        // If the crash cut off the response to a refresh, this is the legitimate retry.
        RelyingParty::successful(client.refresh(refresh_token).await).await;
    }
    for code in &received.codes {
        client.redeemed(code).await;
    }
    // This comes last, because a replay revokes the tokens that were issued from the code.
    for (code, access_token) in &received.redeemed {
        let replay = client.redeem(code).await;
        assert_eq!(replay.status(), 400, "a code was redeemed twice");
        let replay: Value = replay.json().await.expect("JSON");
        assert_eq!(replay["error"], "invalid_grant");
        let introspected = client.introspect(access_token).await;
        assert_eq!(
            introspected,
            json!({"active": false}),
            "the replay did not revoke the tokens of its code"
        );
    }
}

/// Long enough for the slowest machine between the crash and the checks.
pub(crate) const LIFETIMES: [(&str, &str); 2] =
    [("OAUTH2_AUTHORIZATION_CODE_TTL_SECS", "600"), ("OAUTH2_REFRESH_REPLAY_WINDOW_SECS", "60")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_handed_out_before_a_kill_works_after_it_and_what_was_spent_stays_spent() {
    survives(Installation::with(&LIFETIMES)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_handed_out_before_a_kill_works_after_it_on_postgres_too() {
    let private = PrivateDatabase::empty().await;
    let settings = [("OAUTH2_DATABASE_URL", private.url()), ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY)];
    survives(Installation::with(&[&settings[..], &LIFETIMES[..]].concat())).await;
}

async fn survives(installation: Installation) {
    let client = crate::client(&installation, &["--first-party"]).await;
    crate::user(&installation).await;
    let running = installation.serves().await;
    let browsers: Vec<_> = (0..WORKERS).map(|_| Browser::new(&installation.issuer)).collect();
    for browser in &browsers {
        client.tokens(browser, USERNAME, &[SCOPE]).await;
    }
    running.crashes().await;

    for number in 1..=ROUNDS {
        let responses = WORKERS as u64 + RandomState::new().hash_one(number) % MAX_RESPONSES;
        let received = round(&installation, &client, &browsers, responses).await;
        println!(
            "round {number}: killed after {responses} responses: {} access tokens, {} chains of refresh tokens, \
             {} unspent and {} spent codes",
            received.access_tokens.len() + received.redeemed.len(),
            received.refresh_tokens.len(),
            received.codes.len(),
            received.redeemed.len(),
        );
        let running = installation.serves().await;
        verify(&client, &received).await;
        running.crashes().await;
    }
    let ended = installation.serves().await.ends().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
}
