//! Drives a real Chromium as a user would: it reads, types and clicks.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tests::support::PASSWORD;
use url::{ParseError, Url};

use crate::USERNAME;
use crate::driver::Driver;

/// How long a page may take before the test fails. A working page never takes this long.
const PAGE_TIMEOUT: Duration = Duration::from_secs(20);

/// The values of `prefers-color-scheme`.
pub(crate) const SCHEMES: [&str; 2] = ["light", "dark"];

/// A browser with its own profile.
pub(crate) struct Chromium {
    page: Client,
    _driver: Driver,
    _profile: TempDir,
}

/// A command that the WebDriver client does not have: of chromedriver, or of Web Authentication Level 3 §11.
#[derive(Debug)]
struct Extension {
    method: http::Method,
    path: String,
    body: Value,
}

impl Extension {
    fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: http::Method::POST, path: path.into(), body }
    }
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &Url) -> (http::Method, Option<String>) {
        (self.method.clone(), Some(self.body.to_string()).filter(|_| self.method == http::Method::POST))
    }
}

impl Chromium {
    /// Starts a browser with the default preferences.
    pub(crate) async fn start() -> Self {
        Self::with_preferences(&json!({})).await
    }

    /// Starts a browser with JavaScript switched off.
    pub(crate) async fn without_javascript() -> Self {
        Self::with_preferences(&json!({"profile.managed_default_content_settings.javascript": 2})).await
    }

    /// Starts a browser that prefers this language.
    pub(crate) async fn reading(language: &str) -> Self {
        Self::with_preferences(
            &json!({"intl.accept_languages": language, "intl.selected_languages": language}),
        )
        .await
    }

    async fn with_preferences(preferences: &Value) -> Self {
        let driver = Driver::start().await;
        let profile = tempfile::tempdir().expect("a temporary folder");
        let folder = format!("--user-data-dir={}", profile.path().display());
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // The shared memory of a container is often too small for a page.
            "--disable-dev-shm-usage",
            &folder,
        ];
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"args": flags, "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        let Value::Object(capabilities) = capabilities else { unreachable!() };
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .expect("a browser");
        Self { page, _driver: driver, _profile: profile }
    }

    /// Opens a URL and waits until it is loaded.
    pub(crate) async fn open(&self, url: &str) {
        self.page.goto(url).await.expect("the page opens");
    }

    /// Waits for an element. After a click, wait for an element that the previous page did not
    /// have.
    pub(crate) async fn sees(&self, css: &str) -> Element {
        let until = Instant::now() + PAGE_TIMEOUT;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.page.wait().at_most(left).for_element(Locator::Css(css)).await {
                Ok(element) => return element,
                // The page submitted itself while we searched it: search the next page.
                Err(CmdError::NotW3C(_)) if !left.is_zero() => {}
                Err(error) => {
                    let (url, source) = (self.page.current_url().await, self.page.source().await);
                    panic!("no {css} on {url:?} ({error}):\n{}", source.unwrap_or_default())
                }
            }
        }
    }

    /// Whether an element is on the page now.
    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.page.find_all(Locator::Css(css)).await.expect("an answer").is_empty()
    }

    /// The text of an element, once it is there.
    pub(crate) async fn reads(&self, css: &str) -> String {
        self.sees(css).await.text().await.expect("its text")
    }

    /// Replaces the text of a field.
    pub(crate) async fn types(&self, css: &str, text: &str) {
        let field = self.sees(css).await;
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("a filled field");
    }

    /// Clicks on an element, once it is there.
    pub(crate) async fn clicks(&self, css: &str) {
        self.sees(css).await.click().await.expect("a click");
    }

    /// Signs in on the login page.
    pub(crate) async fn signs_in(&self) {
        self.signs_in_with(PASSWORD).await;
    }

    /// Signs in as this user.
    pub(crate) async fn signs_in_as(&self, username: &str) {
        self.submits_login(username, PASSWORD).await;
    }

    /// Tries this password on the login page.
    pub(crate) async fn signs_in_with(&self, password: &str) {
        self.submits_login(USERNAME, password).await;
    }

    async fn submits_login(&self, username: &str, password: &str) {
        self.types("#username", username).await;
        self.types("#password", password).await;
        self.clicks("#login").await;
    }

    /// Sets the colour scheme that the user prefers.
    pub(crate) async fn likes(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
        // Colours change with an animation; finish it, so that the test sees the final colours.
        let script = "for (const one of document.getAnimations()) one.finish();";
        self.page.execute(script, Vec::new()).await.expect("an execution");
    }

    /// The WebDriver client, for commands that this type does not offer.
    pub(crate) const fn page(&self) -> &Client {
        &self.page
    }

    /// Sends a command of the Chrome DevTools Protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) {
        let body = json!({"cmd": command, "params": parameters});
        self.page.issue_cmd(Extension::post("goog/cdp/execute", body)).await.expect("a DevTools command");
    }

    /// The lines that pages wrote to the console since the last call.
    pub(crate) async fn console(&self) -> Vec<String> {
        let body = json!({"type": "browser"});
        let entries = self.page.issue_cmd(Extension::post("se/log", body)).await.expect("the log");
        let entries: Vec<Map<String, Value>> = serde_json::from_value(entries).expect("entries");
        let message = |entry: &Map<String, Value>| entry["message"].as_str().map(str::to_owned);
        entries.iter().filter_map(message).collect()
    }

    /// Gives the browser an authenticator like that of a phone, with these changes; its id is the answer.
    pub(crate) async fn has_an_authenticator(&self, changes: &Value) -> String {
        let mut body = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "isUserConsenting": true,
        });
        for (name, value) in changes.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let id = self.page.issue_cmd(Extension::post("webauthn/authenticator", body)).await;
        id.expect("an authenticator").as_str().expect("its id").to_owned()
    }

    /// Sets whether the authenticator can verify its user.
    pub(crate) async fn verifies_users(&self, authenticator: &str, verifies: bool) {
        let path = format!("webauthn/authenticator/{authenticator}/uv");
        let set = self.page.issue_cmd(Extension::post(path, json!({"isUserVerified": verifies}))).await;
        set.expect("another authenticator");
    }

    /// Gives the authenticator this credential.
    pub(crate) async fn gets_credential(&self, authenticator: &str, credential: &Value) {
        let path = format!("webauthn/authenticator/{authenticator}/credential");
        self.page.issue_cmd(Extension::post(path, credential.clone())).await.expect("a credential");
    }

    /// The credentials of the authenticator.
    pub(crate) async fn credentials(&self, authenticator: &str) -> Vec<Value> {
        let answer = self.authenticator(http::Method::GET, &format!("{authenticator}/credentials")).await;
        answer.as_array().expect("credentials").clone()
    }

    /// Removes all credentials of the authenticator.
    pub(crate) async fn loses_credentials(&self, authenticator: &str) {
        self.authenticator(http::Method::DELETE, &format!("{authenticator}/credentials")).await;
    }

    /// Takes the authenticator away.
    pub(crate) async fn loses_authenticator(&self, authenticator: &str) {
        self.authenticator(http::Method::DELETE, authenticator).await;
    }

    async fn authenticator(&self, method: http::Method, path: &str) -> Value {
        let path = format!("webauthn/authenticator/{path}");
        self.page.issue_cmd(Extension { method, path, body: Value::Null }).await.expect("an answer")
    }

    /// Waits until a page has made the authenticator forget its credentials.
    pub(crate) async fn waits_until_it_has_no_credentials(&self, authenticator: &str) {
        let until = Instant::now() + PAGE_TIMEOUT;
        while !self.credentials(authenticator).await.is_empty() {
            assert!(Instant::now() < until, "the authenticator still has a credential");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The text of an element, once it has one.
    pub(crate) async fn sees_text(&self, css: &str) -> String {
        self.sees(&format!("{css}:not(:empty)")).await.text().await.expect("its text")
    }

    /// Closes the browser; fails if a page broke a Content-Security-Policy.
    pub(crate) async fn end(self) {
        let console = self.console().await;
        let violations = violations(&console);
        assert!(violations.is_empty(), "{violations:#?}");
        self.page.close().await.expect("the browser closes");
    }
}

/// The lines of a console that report a violated Content-Security-Policy.
pub(crate) fn violations(console: &[String]) -> Vec<&String> {
    let is_about_policy = |line: &&String| line.contains("Content Security Policy");
    console.iter().filter(is_about_policy).collect()
}
