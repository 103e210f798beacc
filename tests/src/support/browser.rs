//! A simple browser: it keeps cookies, follows redirects within the server, and submits forms. It
//! runs no scripts.

use std::net::IpAddr;
use std::sync::Arc;

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{LOCATION, ORIGIN};
use reqwest::{Client, RequestBuilder, Response};
use url::Url;

use super::caller::builder;
use super::server::PASSWORD;
use super::{Page, Wire};

/// A browser with its own cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    http: Client,
    jar: Arc<Jar>,
    wire: Wire,
    issuer: String,
}

/// The end of a chain of redirects.
#[derive(Debug, Clone)]
pub enum Landed {
    /// On a page of the server.
    Page(Page),
    /// At a client's redirect URI: the URL.
    Client(Url),
}

impl Landed {
    /// Returns the page; panics if the browser was redirected to a client.
    #[must_use]
    pub fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Client(url) => panic!("the browser was sent to the client: {url}"),
        }
    }

    /// Returns the client's URL; panics if the browser stayed on the server.
    #[must_use]
    pub fn client(self) -> Url {
        match self {
            Self::Client(url) => url,
            Self::Page(page) => {
                panic!("the browser stayed on {} ({}):\n{}", page.url, page.status, page.html)
            }
        }
    }
}

impl Browser {
    /// A browser with an empty cookie jar.
    #[must_use]
    pub fn new(issuer: &str) -> Self {
        Self::with_address(issuer, None)
    }

    /// A browser with an empty cookie jar that calls from this local IP address.
    #[must_use]
    pub fn calling_from(issuer: &str, address: IpAddr) -> Self {
        Self::with_address(issuer, Some(address))
    }

    /// A browser that already has these cookies of the server.
    #[must_use]
    pub fn with_cookies(issuer: &str, cookies: &[(String, String)]) -> Self {
        let browser = Self::new(issuer);
        let url = Url::parse(issuer).expect("an issuer");
        for (name, value) in cookies {
            browser.jar.add_cookie_str(&format!("{name}={value}; Path=/"), &url);
        }
        browser
    }

    fn with_address(issuer: &str, address: Option<IpAddr>) -> Self {
        let jar = Arc::new(Jar::default());
        let http = builder(address).cookie_provider(jar.clone()).build();
        let (http, wire) = (http.expect("an HTTP client"), Wire::default());
        Self { http, jar, wire, issuer: issuer.to_owned() }
    }

    /// The same browser with another transport to the server.
    #[must_use]
    pub fn over(self, wire: Wire) -> Self {
        Self { wire, ..self }
    }

    /// The same browser and cookies for another issuer.
    #[must_use]
    pub fn at(&self, issuer: &str) -> Self {
        Self { issuer: issuer.to_owned(), ..self.clone() }
    }

    /// The HTTP client with this browser's cookies, for requests that a test builds itself.
    #[must_use]
    pub const fn http(&self) -> &Client {
        &self.http
    }

    /// The names and values of the cookies that the browser sends to the server.
    #[must_use]
    pub fn cookies(&self) -> Vec<(String, String)> {
        let url = Url::parse(&self.issuer).expect("an issuer");
        let header = self.jar.cookies(&url);
        let header = header.as_ref().map_or("", |value| value.to_str().expect("cookies"));
        let pairs = header.split("; ").filter_map(|cookie| cookie.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Opens a URL.
    pub async fn open(&self, url: &str) -> Landed {
        let answer = self.send(self.http.get(self.absolute(url))).await;
        self.follow(answer).await
    }

    /// Submits the form of a page with these fields and its hidden fields.
    pub async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Landed {
        let (action, mut all) = page.form();
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post(&page.resolved(&action), &all).await
    }

    /// Posts a form to a URL, as a page of the server would.
    pub async fn post(&self, url: &str, fields: &[(String, String)]) -> Landed {
        let origin = Url::parse(&self.issuer).expect("an issuer").origin().ascii_serialization();
        let request = self.http.post(self.absolute(url)).header(ORIGIN, origin).form(fields);
        let answer = self.send(request).await;
        self.follow(answer).await
    }

    /// Signs in on a login page with [`PASSWORD`].
    pub async fn sign_in(&self, page: &Page, username: &str) -> Landed {
        self.submit(page, &[("username", username), ("password", PASSWORD)]).await
    }

    /// Allows on a consent page.
    pub async fn allow(&self, page: &Page) -> Landed {
        assert!(page.has("#allow"), "no consent page, but {}:\n{}", page.url, page.html);
        self.submit(page, &[("decision", "allow")]).await
    }

    /// Opens an authorization URL, and signs in and consents if the server asks for it. Returns the
    /// client's URL.
    pub async fn sign_in_and_consent(&self, url: &str, username: &str) -> Url {
        let mut landed = self.open(url).await;
        if matches!(&landed, Landed::Page(page) if page.has("#login")) {
            landed = self.sign_in(&landed.page(), username).await;
        }
        if matches!(&landed, Landed::Page(page) if page.has("#allow")) {
            landed = self.allow(&landed.page()).await;
        }
        landed.client()
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        self.wire.send(request, Some(&self.jar)).await
    }

    async fn follow(&self, mut answer: Response) -> Landed {
        for _ in 0..10 {
            let Some(location) = answer.headers().get(LOCATION) else {
                return Landed::Page(Page {
                    url: answer.url().to_string(),
                    status: answer.status(),
                    headers: answer.headers().clone(),
                    html: answer.text().await.expect("a body"),
                });
            };
            assert!(matches!(answer.status().as_u16(), 302 | 303), "redirected with {}", answer.status());
            let location = location.to_str().expect("a location").to_owned();
            let url = answer.url().join(&location).expect("a URL");
            // Every URL outside the issuer's path belongs to another site, even on the same host.
            if !url.as_str().starts_with(&format!("{}/", self.issuer)) {
                return Landed::Client(url);
            }
            answer = self.send(self.http.get(url)).await;
        }
        panic!("the server redirects in circles");
    }

    /// Resolves a path below the issuer.
    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.issuer) } else { url.to_owned() }
    }
}
