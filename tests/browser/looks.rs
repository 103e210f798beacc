//! Every page on a phone and on a desk: nothing is wider than the screen. The pictures stay for whoever wants to look.

use std::fs;
use std::path::{Path, PathBuf};

use domain::GrantType;
use serde_json::json;
use tests::support::{RelyingParty, TestServer};

use crate::chromium::Chromium;
use crate::{ClientApp, USERNAME, set_up};

/// Widths and heights in CSS pixels.
const SCREENS: [(&str, u32, u32); 2] = [("phone", 390, 844), ("desk", 1280, 900)];

struct Photographer {
    browser: Chromium,
    folder: PathBuf,
}

impl Photographer {
    async fn takes(&self, name: &str) {
        for (screen, width, height) in SCREENS {
            let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
            self.browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
            let picture = self.browser.page().screenshot().await.expect("a picture");
            fs::write(self.folder.join(format!("{name}-{screen}.png")), picture).expect("a file");
            let script = "return document.documentElement.scrollWidth";
            let widest = self.browser.page().execute(script, Vec::new()).await;
            let widest = widest.expect("an execution").as_u64().expect("a number");
            assert!(widest <= u64::from(width), "{name} is {widest} wide on a {screen}");
        }
    }
}

/// A television's application, with links and without a redirect URI.
async fn tv(server: &TestServer) -> RelyingParty {
    RelyingParty::register(server, "tv", |client| {
        client.name = Some("Harbour Television".to_owned());
        client.authentication = None;
        client.grant_types = [GrantType::DeviceCode, GrantType::RefreshToken].into();
        client.redirect_uris.clear();
        client.links.policy = Some("https://tv.example/privacy".to_owned());
        client.links.tos = Some("https://tv.example/terms".to_owned());
    })
    .await
}

#[tokio::test]
async fn every_page_fits_on_a_phone_and_on_a_desk() {
    let server = TestServer::in_real_time().await;
    let client = ClientApp::start(&server, "notes").await;
    let link = set_up::link(&server).await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    fs::create_dir_all(&folder).expect("a folder");
    println!("pictures in {}", folder.display());
    let browser = Chromium::start().await;
    let camera = Photographer { browser, folder };
    let browser = &camera.browser;

    browser.open(&link).await;
    browser.sees("#create").await;
    camera.takes("setup").await;
    server.user(USERNAME).await;

    let scope = "openid profile email phone address offline_access read";
    browser.open(&client.registered.authorization_url(&[("scope", scope)])).await;
    browser.sees("#login").await;
    camera.takes("login").await;
    browser.signs_in_with("not it at all").await;
    browser.sees("#problem").await;
    camera.takes("login-refused").await;
    browser.signs_in().await;
    browser.sees("#allow").await;
    camera.takes("consent").await;

    let tv = tv(&server).await;
    let answer = tv.post("/oauth/device_authorization", &[("scope", scope)]).await;
    let device = RelyingParty::successful(answer).await;
    browser.open(&server.url("/oauth/device/verify")).await;
    browser.sees("#user_code").await;
    camera.takes("device-code").await;
    browser.types("#user_code", "bcdf ghjk").await;
    browser.clicks("#continue").await;
    browser.sees("#problem").await;
    camera.takes("device-code-refused").await;
    browser.types("#user_code", &device.text("user_code").to_lowercase()).await;
    browser.clicks("#continue").await;
    browser.sees("#allow").await;
    camera.takes("device-approval").await;
    browser.clicks("#allow").await;
    browser.sees("#device-allowed").await;
    camera.takes("device-allowed").await;
    let device = RelyingParty::successful(tv.post("/oauth/device_authorization", &[]).await).await;
    browser.open(device.text("verification_uri_complete")).await;
    browser.clicks("#deny").await;
    browser.sees("#device-denied").await;
    camera.takes("device-denied").await;

    browser.open(&server.url("/oauth/authorize?client_id=nobody")).await;
    browser.sees("#error").await;
    camera.takes("error").await;
    browser.open(&server.url("/")).await;
    camera.takes("home").await;
    browser.open(&server.url("/oauth/logout")).await;
    browser.sees("#logout").await;
    camera.takes("logout").await;
    browser.clicks("#logout").await;
    browser.sees("#logged-out").await;
    camera.takes("logged-out").await;
    camera.browser.end().await;
}
