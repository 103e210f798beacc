//! The pages and their headers (RFC 9700 §4.2.4, §4.13, §4.16, §4.17).

use domain::GrantType;
use domain::client::ClientAuthentication;
use tests::support::{Browser, Page, RelyingParty, TestServer};

use super::{answered, server};

/// One page of every kind.
async fn pages(server: &TestServer, web: &RelyingParty, browser: &Browser) -> Vec<Page> {
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let form_post =
        browser.open(&web.authorization_url(&[("response_mode", "form_post"), ("scope", "admin")])).await;
    let error = browser.open(&web.authorization_url(&[("client_id", "nobody")])).await;
    let device = browser.open(&server.url("/oauth/device/verify")).await;
    let logout = browser.open(&server.url("/oauth/logout")).await;
    [form_post, error, device, logout].into_iter().fold(vec![login, consent], |mut all, landed| {
        all.push(landed.page());
        all
    })
}

#[tokio::test]
async fn section_4_16_no_page_can_be_framed_but_an_answer_by_the_client_that_it_goes_to() {
    let (server, web, browser) = server().await;
    for page in pages(&server, &web, &browser).await {
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        if page.url.contains("response_mode=form_post") {
            assert!(policy.contains("frame-ancestors https://client.example;"), "{}: {policy}", page.url);
        } else {
            assert!(policy.contains("frame-ancestors 'none'"), "{}: {policy}", page.url);
            assert_eq!(page.headers["x-frame-options"], "DENY", "{}", page.url);
        }
        assert_eq!(page.headers["cross-origin-resource-policy"], "same-origin", "{}", page.url);
        let devices = page.headers["permissions-policy"].to_str().unwrap();
        assert!(devices.contains("camera=()") && devices.contains("geolocation=()"), "{devices}");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{}: {policy}",
            page.url
        );
    }
}

#[tokio::test]
async fn section_4_2_4_no_page_tells_another_site_where_the_browser_was() {
    let (server, web, browser) = server().await;
    for page in pages(&server, &web, &browser).await {
        let told = page.headers["referrer-policy"].to_str().unwrap();
        assert!(["same-origin", "no-referrer"].contains(&told), "{}: {told}", page.url);
        assert_eq!(page.headers["cache-control"], "no-store", "{}", page.url);
        let foreign =
            |address: &&String| !address.starts_with(&server.issuer) && !address.starts_with("data:");
        let foreign: Vec<_> = page.addresses().iter().filter(foreign).cloned().collect();
        // Only the form that carries the authorization response may leave the server.
        assert!(foreign.iter().all(|address| address == &web.redirect_uri), "{}: {foreign:?}", page.url);
    }
}

#[tokio::test]
async fn section_4_13_a_header_that_any_caller_can_write_is_not_believed() {
    let (server, ..) = server().await;
    let device = RelyingParty::register(&server, "device", |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await;
    let address = format!("{}/oauth/device_authorization", server.issuer);
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "/admin/users"),
        ("host", "evil.example"),
    ] {
        let request = device.http().post(&address).header(name, value);
        let answer = request.form(&[("client_id", &device.id)]).send().await.unwrap();
        let body = answer.text().await.unwrap();
        assert!(body.contains(&format!("\"verification_uri\":\"{}/", server.issuer)), "{name}: {body}");
        assert!(!body.contains("evil.example"), "{name}: {body}");
    }
}

#[tokio::test]
async fn section_4_17_no_answer_travels_between_windows() {
    let (_server, web, browser) = server().await;
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for mode in ["web_message", "jwt"] {
        let answer = answered(&browser, &web.authorization_url(&[("response_mode", mode)])).await;
        assert_eq!(answer.get("error"), Some("invalid_request"), "{mode}");
        assert_eq!(answer.get("code"), None, "{mode}");
    }
}
