//! Clients that work while a store fails, and the tokens and codes they have received.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{LOCATION, RETRY_AFTER};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Pkce, RelyingParty};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use url::Url;

use crate::installation::PROCESS_TIMEOUT;

/// `offline_access` makes the grants independent of the sessions.
pub(super) const SCOPE: (&str, &str) = ("scope", "openid offline_access read");

/// The data that the store may have lost after the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgets {
    /// The store lost nothing.
    Nothing,
    /// Unredeemed codes and the marks of redeemed ones are lost: the server may refuse a code that
    /// was never used, and refuses a replay without detecting it as one.
    UnfinishedFlows,
}

/// The responses that the clients received completely.
pub(super) struct Received {
    forgets: Forgets,
    /// Access tokens that no client revoked.
    access_tokens: Vec<String>,
    /// The latest refresh token of each chain.
    refresh_tokens: Vec<String>,
    /// Redeemed codes, each with its access token.
    redeemed: Vec<(String, String)>,
    /// Access tokens whose revocation the server confirmed.
    revoked: Vec<String>,
}

#[derive(Default)]
struct Counts {
    answers: AtomicUsize,
    refusals: AtomicUsize,
    cut: AtomicUsize,
    forgotten: AtomicUsize,
    over: AtomicBool,
}

/// Clients at work.
pub(super) struct Load {
    workers: JoinSet<Received>,
    forgets: Forgets,
    counts: Arc<Counts>,
}

impl Load {
    /// Starts one worker per browser. The browsers are signed in.
    pub(super) fn begin(client: &RelyingParty, browsers: &[Browser], forgets: Forgets) -> Self {
        let (mut workers, counts) = (JoinSet::new(), Arc::new(Counts::default()));
        for browser in browsers {
            let (client, browser) = (client.clone(), browser.http().clone());
            let worker = Worker { client, browser, counts: counts.clone(), received: Received::new(forgets) };
            workers.spawn(worker.works());
        }
        Self { workers, forgets, counts }
    }

    /// Waits for this number of further successes.
    pub(super) async fn answers(&self, more: usize) {
        self.reach(&self.counts.answers, more, "successes").await;
    }

    /// Waits for this number of further refusals.
    pub(super) async fn refusals(&self, more: usize) {
        self.reach(&self.counts.refusals, more, "refusals").await;
    }

    /// The number of refusals so far.
    pub(super) fn refused(&self) -> usize {
        self.counts.refusals.load(Ordering::Relaxed)
    }

    /// The number of responses that the end of a node cut off.
    pub(super) fn cut(&self) -> usize {
        self.counts.cut.load(Ordering::Relaxed)
    }

    async fn reach(&self, count: &AtomicUsize, more: usize, what: &str) {
        let goal = count.load(Ordering::Relaxed) + more;
        let reached = async {
            while count.load(Ordering::Relaxed) < goal {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let reached = timeout(PROCESS_TIMEOUT, reached).await;
        assert!(reached.is_ok(), "{} of {goal} {what}", count.load(Ordering::Relaxed));
    }

    /// Lets every worker finish its current flow.
    pub(super) async fn end(self) -> Received {
        self.counts.over.store(true, Ordering::Relaxed);
        let mut all = Received::new(self.forgets);
        for received in self.workers.join_all().await {
            all.access_tokens.extend(received.access_tokens);
            all.refresh_tokens.extend(received.refresh_tokens);
            all.redeemed.extend(received.redeemed);
            all.revoked.extend(received.revoked);
        }
        println!(
            "{} successes, {} times 503, {} answers cut off, {} forgotten codes: \
             {} access tokens, {} revoked ones, {} redeemed codes",
            self.counts.answers.load(Ordering::Relaxed),
            self.counts.refusals.load(Ordering::Relaxed),
            self.counts.cut.load(Ordering::Relaxed),
            self.counts.forgotten.load(Ordering::Relaxed),
            all.access_tokens.len(),
            all.revoked.len(),
            all.redeemed.len(),
        );
        all
    }
}

/// The store is unavailable (503 with `Retry-After`), the node ended before its response, or the
/// store lost the data of the flow.
struct Away;

struct Worker {
    client: RelyingParty,
    browser: Client,
    counts: Arc<Counts>,
    received: Received,
}

impl Worker {
    async fn works(mut self) -> Received {
        let mut latest = None;
        while !self.counts.over.load(Ordering::Relaxed) {
            // A refusal in the middle of a flow ends the flow; the user starts another one.
            let _away = self.asks_and_revokes().await;
            let _away = self.redeems_and_refreshes(&mut latest).await;
        }
        self.received.refresh_tokens.extend(latest);
        self.received
    }

    async fn asks_and_revokes(&mut self) -> Result<(), Away> {
        let fields = [("grant_type", "client_credentials"), ("scope", "read")];
        let kept = self.tokens(self.client.token(&fields).await).await?;
        self.received.access_tokens.push(text(&kept, "access_token"));
        let tokens = self.tokens(self.client.token(&fields).await).await?;
        let access_token = text(&tokens, "access_token");
        self.expect(200, &self.client.revoke(&access_token).await)?;
        self.received.revoked.push(access_token);
        Ok(())
    }

    async fn redeems_and_refreshes(&mut self, latest: &mut Option<String>) -> Result<(), Away> {
        if let Some(refresh_token) = latest.as_deref() {
            // If the client missed the response to a refresh, this is its legitimate retry.
            let tokens = self.tokens(self.client.refresh(refresh_token).await).await?;
            self.received.access_tokens.push(text(&tokens, "access_token"));
            *latest = Some(text(&tokens, "refresh_token"));
        }
        let url = self.client.authorization_url(&[SCOPE]);
        let answer = self.browser.get(url).send().await.expect("an answer");
        let code = self.code(&answer)?;
        let answer = self.client.redeem(&code).await;
        if answer.status() == 400 && self.received.forgets == Forgets::UnfinishedFlows {
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(body["error"], "invalid_grant");
            self.counts.forgotten.fetch_add(1, Ordering::Relaxed);
            return Err(Away);
        }
        let tokens = self.tokens(answer).await?;
        self.received.redeemed.push((code, text(&tokens, "access_token")));
        if latest.is_none() {
            *latest = Some(text(&tokens, "refresh_token"));
        }
        Ok(())
    }

    /// The code of an authorization response. While the store is away, the response is an error.
    fn code(&self, answer: &Response) -> Result<String, Away> {
        if answer.status() != 303 {
            self.expect(303, answer)?;
        }
        let location = answer.headers()[LOCATION].to_str().expect("a URL");
        let callback = Callback::from_url(&Url::parse(location).expect("a URL"));
        if callback.get("error") == Some("temporarily_unavailable") {
            self.counts.refusals.fetch_add(1, Ordering::Relaxed);
            return Err(Away);
        }
        self.counts.answers.fetch_add(1, Ordering::Relaxed);
        Ok(callback.code().to_owned())
    }

    async fn tokens(&self, answer: Response) -> Result<Value, Away> {
        self.expect(200, &answer)?;
        Ok(answer.json().await.expect("JSON"))
    }

    /// Accepts a success, or 503 with `Retry-After`: the server sends nothing else. The load
    /// balancer sends 502 if a node ended before its response.
    fn expect(&self, success: u16, answer: &Response) -> Result<(), Away> {
        if answer.status() == success {
            self.counts.answers.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        if answer.status() == 502 {
            self.counts.cut.fetch_add(1, Ordering::Relaxed);
            return Err(Away);
        }
        assert_eq!(answer.status(), 503, "{}", answer.url());
        assert!(answer.headers().contains_key(RETRY_AFTER), "503 without Retry-After");
        self.counts.refusals.fetch_add(1, Ordering::Relaxed);
        Err(Away)
    }
}

fn text(tokens: &Value, member: &str) -> String {
    tokens[member].as_str().expect("a token").to_owned()
}

impl Received {
    const fn new(forgets: Forgets) -> Self {
        Self {
            forgets,
            access_tokens: Vec::new(),
            refresh_tokens: Vec::new(),
            redeemed: Vec::new(),
            revoked: Vec::new(),
        }
    }

    /// Asserts that everything received works, everything spent stays spent, and everything revoked
    /// stays revoked.
    pub(super) async fn verify(&self, client: &RelyingParty) {
        let redeemed = self.redeemed.iter().map(|(_, access_token)| access_token);
        for access_token in self.access_tokens.iter().chain(redeemed) {
            assert_eq!(client.introspect(access_token).await["active"], true, "an access token is lost");
        }
        for access_token in &self.revoked {
            assert_eq!(
                client.introspect(access_token).await,
                json!({"active": false}),
                "a revoked token is back"
            );
        }
        for refresh_token in &self.refresh_tokens {
            RelyingParty::successful(client.refresh(refresh_token).await).await;
        }
        let verifier = Pkce::new().verifier;
        // This comes last, because a replay revokes the tokens that were issued from the code.
        for (code, access_token) in &self.redeemed {
            let fields = [("grant_type", "authorization_code"), ("code", code), ("code_verifier", &verifier)];
            assert_eq!(client.token(&fields).await.status(), 400, "a code was redeemed twice");
            if self.forgets == Forgets::Nothing {
                assert_eq!(
                    client.introspect(access_token).await,
                    json!({"active": false}),
                    "a replay did not revoke the tokens of its code"
                );
            }
        }
    }
}
