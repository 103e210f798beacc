//! Honest clients beside a flood: what they are answered, and how soon.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::cookie::Jar;
use reqwest::header::{HeaderMap, HeaderValue, LOCATION, ORIGIN};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use tests::support::{PASSWORD, SelfSigned, Wire};

/// How long an honest client waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A service and a person.
pub(crate) struct Honest {
    pub(crate) issuer: String,
    pub(crate) secret: String,
    pub(crate) certificate: Option<Arc<SelfSigned>>,
    /// The proxy that they come through.
    pub(crate) proxy: Option<IpAddr>,
}

/// How they fared.
#[derive(Debug, Default)]
pub(crate) struct Served {
    took: Vec<Duration>,
    failed: Vec<String>,
}

type Outcome = Result<(), String>;

/// Keeps its cookies, and its connections between the requests of one login.
struct Visitor {
    http: Client,
    jar: Arc<Jar>,
    wire: Wire,
}

impl Honest {
    /// Client credentials, each on a connection of its own, twenty a second.
    pub(crate) async fn calls(&self, until: Instant) -> Served {
        self.repeatedly(until, Duration::from_millis(50), async |visitor| {
            let form = [("grant_type", "client_credentials"), ("scope", "read")];
            let request = visitor.http.post(format!("{}/oauth/token", self.issuer));
            expect(&visitor.send(request.basic_auth("app", Some(&self.secret)).form(&form)).await?, 200)
        })
        .await
    }

    /// A browser that opens the login page and signs in, once a second.
    pub(crate) async fn logs_in(&self, until: Instant) -> Served {
        self.repeatedly(until, Duration::from_secs(1), async |visitor| self.logs_in_once(visitor).await).await
    }

    async fn logs_in_once(&self, visitor: &Visitor) -> Outcome {
        let mut opened = visitor.send(visitor.http.get(format!("{}/login", self.issuer))).await?;
        if let Some(location) = opened.headers().get(LOCATION) {
            let url = opened.url().join(location.to_str().expect("a URL")).expect("a URL");
            opened = visitor.send(visitor.http.get(url)).await?;
        }
        let url = opened.url().clone();
        let page = opened.text().await.map_err(|error| format!("{error:?}"))?;
        let form: Vec<_> = {
            let page = scraper::Html::parse_document(&page);
            let hidden = scraper::Selector::parse("input[type=hidden]").expect("a selector");
            let hidden = page.select(&hidden).map(|input| {
                let value = |name| input.value().attr(name).unwrap_or_default().to_owned();
                (value("name"), value("value"))
            });
            let known = [("username", "ada"), ("password", PASSWORD)];
            hidden.chain(known.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
        };
        expect(&visitor.send(visitor.http.post(url).header(ORIGIN, &self.issuer).form(&form)).await?, 303)
    }

    fn visitor(&self) -> Visitor {
        let jar = Arc::new(Jar::default());
        let mut headers = HeaderMap::new();
        let mut http =
            Client::builder().redirect(Policy::none()).timeout(TIMEOUT).cookie_provider(jar.clone());
        if let Some(proxy) = self.proxy {
            headers.insert("x-forwarded-for", HeaderValue::from_static("198.51.100.7"));
            http = http.local_address(proxy);
        }
        let http = http.default_headers(headers).no_proxy().build().expect("a client");
        let wire = self.certificate.as_deref().map_or_else(Wire::default, Wire::trusting);
        Visitor { http, jar, wire }
    }

    async fn repeatedly(
        &self,
        until: Instant,
        pause: Duration,
        act: impl AsyncFn(&Visitor) -> Outcome,
    ) -> Served {
        let mut served = Served::default();
        while Instant::now() < until {
            let begun = Instant::now();
            let visitor = self.visitor();
            match act(&visitor).await {
                Ok(()) => served.took.push(begun.elapsed()),
                Err(reason) => served.failed.push(reason),
            }
            tokio::time::sleep(pause).await;
        }
        served
    }
}

impl Visitor {
    async fn send(&self, request: RequestBuilder) -> Result<Response, String> {
        let (wire, jar) = (self.wire.clone(), Arc::clone(&self.jar));
        // A transport panics where a test expects an answer.
        let answer = tokio::spawn(async move { wire.send(request, Some(&jar)).await });
        match tokio::time::timeout(TIMEOUT, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no answer".to_owned()),
        }
    }
}

fn expect(answer: &Response, status: u16) -> Outcome {
    if answer.status() == status { Ok(()) } else { Err(format!("answered {}", answer.status())) }
}

impl Served {
    /// At least 99 of 100, and 99 of 100 of these within this time.
    pub(crate) fn assert_served(&self, latency: Duration) {
        let asked = self.took.len() + self.failed.len();
        assert!(
            self.failed.len() * 100 <= asked,
            "{} of {asked}: {:?}",
            self.failed.len(),
            self.failed.first()
        );
        assert!(self.percentile(99) <= latency, "{self}");
    }

    fn percentile(&self, percent: usize) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        took.get((took.len() * percent / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (half, most) = (self.percentile(50).as_millis(), self.percentile(99).as_millis());
        write!(f, "{} served, {} not, p50 {half} ms, p99 {most} ms", self.took.len(), self.failed.len())
    }
}
