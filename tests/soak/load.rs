//! Runs every flow repeatedly, at a rate that does not depend on the response times.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::Utc;
use serde_json::json;
use tests::support::{ASSERTION_TYPE, Browser, Pkce, RelyingParty, Tokens};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use crate::actors::{Actors, person};

/// The grant of devices.
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Longer than the replay window of a spent refresh token.
const AFTER_THE_WINDOW: Duration = Duration::from_millis(2500);

/// Less than the lifetime of a session, even if a step takes long.
const BEFORE_THE_SESSION_EXPIRES: Duration = Duration::from_secs(40);

#[derive(Default)]
struct Counts {
    done: AtomicU64,
    failed: AtomicU64,
    over: AtomicBool,
}

/// All workers.
pub(crate) struct Load {
    workers: JoinSet<()>,
    counts: Arc<Counts>,
    told: u64,
}

impl Load {
    /// Starts all workers, at this multiple of the usual rate.
    pub(crate) fn begin(actors: &Arc<Actors>, rate: f64) -> Self {
        let mut load = Self { workers: JoinSet::new(), counts: Arc::default(), told: 0 };
        let every = |millis: f64| Duration::from_secs_f64(millis / 1000.0 / rate);
        for worker in 0..2 {
            load.spawn(actors, worker, every(500.0), signs_in);
            load.spawn(actors, worker, every(500.0), guesses);
            load.spawn(actors, worker, every(200.0), pushes);
            load.spawn(actors, worker, every(100.0), acts_for_itself);
        }
        for worker in 0..4 {
            load.spawn(actors, worker, every(4000.0), reuses);
            load.spawn(actors, worker, every(4000.0), watches_television);
        }
        load.spawn(actors, 0, every(100.0), asserts);
        for worker in 0..4 {
            let kept = Mutex::new((Instant::now(), actors.browser(worker)));
            let works = move |actors: Arc<Actors>, number| {
                let mut kept = kept.lock().expect("a lock");
                if kept.0.elapsed() > BEFORE_THE_SESSION_EXPIRES {
                    *kept = (Instant::now(), actors.browser(worker));
                }
                uses_an_application(actors, kept.1.clone(), worker, number)
            };
            load.spawn(actors, worker, every(200.0), works);
        }
        load
    }

    fn spawn<Step>(
        &mut self,
        actors: &Arc<Actors>,
        worker: u64,
        every: Duration,
        step: impl Fn(Arc<Actors>, u64) -> Step + Send + 'static,
    ) where
        Step: Future<Output = ()> + Send + 'static,
    {
        let (actors, counts) = (actors.clone(), self.counts.clone());
        self.workers.spawn(async move {
            let mut ticks = interval(every);
            // Staggers the workers, so that no two do the same step at the same moment.
            for number in worker * 31.. {
                ticks.tick().await;
                if counts.over.load(Ordering::Relaxed) {
                    return;
                }
                // A step that panics counts as failed; the worker continues.
                let ended = tokio::spawn(step(actors.clone(), number)).await;
                let count = if ended.is_ok() { &counts.done } else { &counts.failed };
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    /// The number of steps that finished since the last call.
    pub(crate) fn steps_since_last_time(&mut self) -> i64 {
        let before = std::mem::replace(&mut self.told, self.counts.done.load(Ordering::Relaxed));
        i64::try_from(self.told - before).unwrap_or_default()
    }

    /// The numbers of steps so far.
    pub(crate) fn summary(&self) -> String {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        format!("{} steps done, {} failed", of(&self.counts.done), of(&self.counts.failed))
    }

    /// Lets all workers finish their current step. Returns the number of failed steps.
    pub(crate) async fn end(mut self, after: Duration) -> u64 {
        self.counts.over.store(true, Ordering::Relaxed);
        while self.workers.join_next().await.is_some() {}
        let done = self.counts.done.load(Ordering::Relaxed);
        println!("{} in {after:.0?}: {:.1} a second", self.summary(), done as f64 / after.as_secs_f64());
        self.counts.failed.load(Ordering::Relaxed)
    }
}

/// A new browser signs in. Half of them sign out again; the other sessions expire.
async fn signs_in(actors: Arc<Actors>, number: u64) {
    let (client, browser) = (actors.application(number), actors.browser(number));
    let tokens = client.tokens(&browser, &person(number), &[]).await;
    assert_eq!(client.userinfo(tokens.text("access_token")).await.status(), 200);
    if number.is_multiple_of(2) {
        let hint = tokens.text("id_token");
        let page = browser.open(&format!("/oauth/logout?id_token_hint={hint}")).await.page();
        assert!(page.has("#logged-out"), "{}", page.html);
        assert_eq!(client.refresh(tokens.text("refresh_token")).await.status(), 400);
    }
}

/// Sends wrong passwords for an unknown and for a known user name, then the right one.
async fn guesses(actors: Arc<Actors>, number: u64) {
    let browser = actors.browser(number);
    let mut page = browser.open(&actors.web.authorization_url(&[])).await.page();
    for username in [format!("nobody-{number}"), person(number)] {
        let fields = [("username", username.as_str()), ("password", "wrong")];
        page = browser.submit(&page, &fields).await.page();
        assert!(page.has("#login"), "{}", page.html);
    }
    let answer = browser.sign_in(&page, &person(number)).await.client();
    assert!(answer.as_str().starts_with(&actors.web.redirect_uri));
}

/// Pushes an authorization request (RFC 9126).
async fn pushes(actors: Arc<Actors>, number: u64) {
    let (client, browser) = (actors.application(number), actors.browser(number));
    let pkce = Pkce::new();
    let fields = [
        ("response_type", "code"),
        ("redirect_uri", &client.redirect_uri),
        ("scope", "openid read"),
        ("code_challenge", &pkce.challenge),
        ("code_challenge_method", "S256"),
    ];
    let pushed = RelyingParty::successful_with(client.post("/oauth/par", &fields).await, 201).await;
    let uri = form_urlencoded::byte_serialize(pushed.text("request_uri").as_bytes()).collect::<String>();
    let url = format!("/oauth/authorize?client_id={}&request_uri={uri}", client.id);
    let url = browser.sign_in_and_consent(&url, &person(number)).await;
    client.redeemed(tests::support::Callback::from_url(&url).code()).await;
}

/// Client credentials, introspection, revocation.
async fn acts_for_itself(actors: Arc<Actors>, number: u64) {
    let web = &actors.web;
    let fields = [("grant_type", "client_credentials"), ("scope", "read")];
    let tokens = RelyingParty::successful(web.token(&fields).await).await;
    let access_token = tokens.text("access_token");
    assert_eq!(web.introspect(access_token).await["active"], true);
    if number.is_multiple_of(2) {
        assert_eq!(web.revoke(access_token).await.status(), 200);
        assert_eq!(web.introspect(access_token).await, json!({"active": false}));
    }
}

/// Authenticates with an assertion, whose `jti` must not be used again (RFC 7523).
async fn asserts(actors: Arc<Actors>, number: u64) {
    let machine = &actors.machine;
    #[allow(clippy::disallowed_methods, reason = "the server is a process with the machine's clock")]
    let now = Utc::now().timestamp();
    let assertion = actors.signer.sign(&json!({
        "iss": machine.id, "sub": machine.id, "aud": machine.issuer, "exp": now + 20, "jti": number.to_string(),
    }));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    let answer = machine.http().post(format!("{}/oauth/token", machine.issuer)).form(&fields).send().await;
    RelyingParty::successful(answer.expect("an answer")).await;
}

/// A browser with a session gets a code, redeems it and refreshes twice. Some codes are never
/// redeemed, and some tokens are revoked.
async fn uses_an_application(actors: Arc<Actors>, browser: Browser, owner: u64, number: u64) {
    let client = actors.application(number);
    let code = client.code(&browser, &person(owner), &[]).await;
    if number.is_multiple_of(10) {
        return;
    }
    let mut tokens = client.redeemed(&code).await;
    for _ in 0..2 {
        tokens = refreshed(client, &tokens).await;
    }
    if number.is_multiple_of(3) {
        assert_eq!(client.revoke(tokens.text("refresh_token")).await.status(), 200);
    }
}

async fn refreshed(client: &RelyingParty, tokens: &Tokens) -> Tokens {
    RelyingParty::successful(client.refresh(tokens.text("refresh_token")).await).await
}

/// Presents a spent refresh token and a spent code again.
async fn reuses(actors: Arc<Actors>, number: u64) {
    let (client, browser) = (actors.application(number), actors.browser(number));
    let code = client.code(&browser, &person(number), &[]).await;
    let spent = client.redeemed(&code).await;
    let latest = refreshed(client, &spent).await;
    sleep(AFTER_THE_WINDOW).await;
    if number.is_multiple_of(2) {
        assert_eq!(client.refresh(spent.text("refresh_token")).await.status(), 400);
    } else {
        assert_eq!(client.redeem(&code).await.status(), 400);
    }
    assert_eq!(client.refresh(latest.text("refresh_token")).await.status(), 400);
}

/// A device polls while its user allows, denies, or never answers (RFC 8628).
async fn watches_television(actors: Arc<Actors>, number: u64) {
    let television = actors.television(number);
    let answer = television.post("/oauth/device_authorization", &[("scope", "openid read")]).await;
    let begun = RelyingParty::successful(answer).await;
    let poll = async || {
        let fields = [("grant_type", DEVICE_CODE), ("device_code", begun.text("device_code"))];
        television.token(&fields).await
    };
    assert_eq!(poll().await.status(), 400, "the user has not allowed it yet");
    let decision = ["allow", "allow", "deny", ""][usize::try_from(number % 4).unwrap_or_default()];
    if decision.is_empty() {
        return;
    }
    let browser = actors.browser(number);
    let login = browser.open(begun.text("verification_uri_complete")).await.page();
    let question = browser.sign_in(&login, &person(number)).await.page();
    let decided = browser.submit(&question, &[("decision", decision)]).await.page();
    assert_eq!(decided.has("#device-allowed"), decision == "allow");
    sleep(Duration::from_millis(1100)).await;
    let answer = poll().await;
    if decision == "allow" {
        RelyingParty::successful(answer).await;
    } else {
        assert_eq!(answer.status(), 400);
    }
}
