//! Browsers and a client that get codes and redeem them, whatever happens to the stores meanwhile.

use std::time::{Duration, Instant};

use reqwest::Response;
use reqwest::header::{LOCATION, RETRY_AFTER};
use serde_json::{Value, json};
use tests::support::{Browser, Callback, RelyingParty};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

use crate::installation::PATIENCE;
use crate::{SCOPE, USERNAME};

/// How many work at once.
const WORKERS: usize = 4;

/// How soon everything has to work again.
const RECOVERY: Duration = Duration::from_secs(5);

/// What the workers were told so far.
#[derive(Debug, Default, Clone)]
pub(crate) struct Told {
    /// How often each of them got tokens.
    tokens: [usize; WORKERS],
    /// How often 503 with `Retry-After`.
    pub(crate) unavailable: usize,
    /// How often that a code cannot be redeemed that nobody had tokens for.
    pub(crate) refused: usize,
    /// The access tokens that have to stand.
    accepted: Vec<String>,
}

impl Told {
    pub(crate) fn has_more_tokens_than(&self, earlier: &Self) -> bool {
        self.tokens.iter().sum::<usize>() > earlier.tokens.iter().sum()
    }

    fn all_got_tokens_since(&self, earlier: &Self) -> bool {
        self.tokens.iter().zip(earlier.tokens).all(|(now, then)| *now > then)
    }
}

/// Workers under way.
pub(crate) struct Load {
    told: watch::Receiver<Told>,
    stop: watch::Sender<bool>,
    workers: JoinSet<()>,
    client: RelyingParty,
}

impl Load {
    /// Signs the workers' browsers in and lets them begin. The client must be first-party.
    pub(crate) async fn begin(client: &RelyingParty) -> Self {
        let (sender, told) = watch::channel(Told::default());
        let (stop, stopped) = watch::channel(false);
        let mut workers = JoinSet::new();
        for number in 0..WORKERS {
            let browser = Browser::new(&client.issuer);
            client.tokens(&browser, USERNAME, &[SCOPE]).await;
            let worker = Worker { number, client: client.clone(), browser, told: sender.clone() };
            workers.spawn(worker.works(stopped.clone()));
        }
        let mut load = Self { told, stop, workers, client: client.clone() };
        load.go_on().await;
        load
    }

    /// What they were told so far.
    pub(crate) fn told(&self) -> Told {
        self.told.borrow().clone()
    }

    /// Waits until they were told this; it has to happen.
    pub(crate) async fn until(&mut self, told: impl FnMut(&Told) -> bool) {
        let waited = timeout(PATIENCE, self.told.wait_for(told)).await;
        let told = waited.map(|told| told.is_ok());
        assert!(told == Ok(true), "it does not happen: {:?}", self.told.borrow());
    }

    /// Waits until each of them got tokens several times.
    pub(crate) async fn go_on(&mut self) {
        for _ in 0..3 {
            let earlier = self.told();
            self.until(|told| told.all_got_tokens_since(&earlier)).await;
        }
    }

    /// What was broken is whole again: within 5 seconds each of them gets tokens. Then they stop, and every access token
    /// that they got stands.
    #[allow(clippy::print_stdout, reason = "the numbers are for whoever runs it with --nocapture")]
    pub(crate) async fn recovers(mut self) -> Told {
        let (whole, earlier) = (Instant::now(), self.told());
        self.until(|told| told.all_got_tokens_since(&earlier)).await;
        let recovery = whole.elapsed();
        println!("recovered within {recovery:?}");
        assert!(recovery < RECOVERY, "{recovery:?}");
        self.go_on().await;
        self.stop.send_replace(true);
        while let Some(end) = self.workers.join_next().await {
            end.expect("a worker failed");
        }
        let told = self.told();
        for access_token in &told.accepted {
            assert_eq!(
                self.client.introspect(access_token).await["active"],
                true,
                "an accepted token is lost"
            );
        }
        println!(
            "{} codes redeemed, {} times 503, {} codes refused, {} access tokens stand",
            told.tokens.iter().sum::<usize>(),
            told.unavailable,
            told.refused,
            told.accepted.len()
        );
        told
    }
}

struct Worker {
    number: usize,
    client: RelyingParty,
    /// Signed in.
    browser: Browser,
    told: watch::Sender<Told>,
}

impl Worker {
    async fn works(self, stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            if let Some(code) = self.code().await {
                self.redeem(&code).await;
            }
        }
    }

    async fn code(&self) -> Option<String> {
        let answer =
            self.browser.http().get(self.client.authorization_url(&[SCOPE])).send().await.expect("an answer");
        let answer = self.served(answer)?;
        assert_eq!(answer.status(), 303, "{}", answer.text().await.expect("a page"));
        let location = answer.headers()[LOCATION].to_str().expect("a URL");
        Some(Callback::of(&Url::parse(location).expect("a URL")).code().to_owned())
    }

    /// As a client does: after a 503 it tries again. Every other time somebody replays the code.
    async fn redeem(&self, code: &str) {
        let (mut redeemed, mut access_token) = (false, None);
        for _ in 0..3 {
            let Some(answer) = self.served(self.client.redeem(code).await) else { continue };
            let status = answer.status();
            let body: Value = answer.json().await.expect("JSON");
            if status != 200 {
                assert_eq!((status.as_u16(), &body["error"]), (400, &json!("invalid_grant")));
                break;
            }
            assert!(!redeemed, "a code was redeemed twice");
            redeemed = true;
            access_token = body["access_token"].as_str().map(str::to_owned);
            if self.told.borrow().tokens[self.number].is_multiple_of(2) {
                break;
            }
            // It is replayed, so what was issued from it is revoked, unless the replay was told 503.
            access_token = None;
        }
        self.told.send_modify(|told| {
            told.tokens[self.number] += usize::from(redeemed);
            told.refused += usize::from(!redeemed);
            told.accepted.extend(access_token);
        });
    }

    /// The answer, unless it is 503; that has to say when to come back.
    fn served(&self, answer: Response) -> Option<Response> {
        if answer.status() != 503 {
            return Some(answer);
        }
        assert!(answer.headers().contains_key(RETRY_AFTER), "503 without Retry-After");
        self.told.send_modify(|told| told.unavailable += 1);
        None
    }
}
