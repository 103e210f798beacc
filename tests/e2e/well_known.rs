//! What programs look for at every host: WebFinger (RFC 7033), `security.txt` (RFC 9116), `robots.txt`, the icon, the place
//! to change a password; and what they get where nothing is.

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tests::support::{Browser, TestServer};

const ISSUER: &str = "http://openid.net/specs/connect/1.0/issuer";

async fn get(url: &str) -> Response {
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    http.get(url).header("origin", "https://spa.example").send().await.unwrap()
}

async fn finger(server: &TestServer, query: &str) -> Response {
    get(&format!("{}/.well-known/webfinger{query}", server.listening)).await
}

fn resource(resource: &str) -> String {
    format!("?resource={}", resource.replace('%', "%25").replace('&', "%26").replace('#', "%23"))
}

#[tokio::test]
async fn webfinger_names_the_issuer_of_every_account_of_the_host() {
    let hosts = ["example.com", "b\u{fc}cher.example"].map(str::to_owned);
    let server = TestServer::with(|settings| settings.webfinger_hosts = hosts.to_vec()).await;
    server.user("ada").await;
    let host = server.listening.strip_prefix("http://").unwrap();
    for known in [
        "acct:ada@127.0.0.1".to_owned(),
        format!("acct:ada@{host}"),
        "acct:nobody@127.0.0.1".to_owned(),
        "acct:ada+tag@127.0.0.1".to_owned(),
        "ACCT:Ada@Example.COM".to_owned(),
        "mailto:ada@example.com".to_owned(),
        "acct:ada@BU\u{308}CHER.example".to_owned(),
        "acct:ada@xn--bcher-kva.example".to_owned(),
        format!("http://{host}/ada?x"),
        server.issuer.clone(),
    ] {
        let answer = finger(&server, &resource(&known)).await;
        assert_eq!(answer.status(), 200, "{known}");
        assert_eq!(answer.headers()["content-type"], "application/jrd+json", "{known}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{known}");
        let document: Value = answer.json().await.unwrap();
        let links = json!([{"rel": ISSUER, "href": server.issuer}]);
        assert_eq!(document, json!({"subject": known, "links": links}), "{known}");
    }
    for unknown in [
        "acct:ada@other.example",
        "acct:ada@example.com.evil.example",
        "acct:ada@127.0.0.1:1",
        "acct:example.com",
        "https://other.example/ada",
        "urn:example:ada",
    ] {
        let answer = finger(&server, &resource(unknown)).await;
        assert_eq!(answer.status(), 404, "{unknown}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{unknown}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["error"], "invalid_request", "{unknown}");
    }
}

#[tokio::test]
async fn webfinger_never_says_whether_an_account_exists() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let of = async |name: &str| {
        let answer = finger(&server, &resource(&format!("acct:{name}@127.0.0.1"))).await;
        let (status, length) = (answer.status(), answer.headers()["content-length"].clone());
        (status, length, answer.text().await.unwrap().replace(name, ""))
    };
    assert_eq!(of("ada").await, of("eve").await);
}

#[tokio::test]
async fn webfinger_has_one_resource_and_the_relations_that_are_asked_for() {
    let server = TestServer::start().await;
    let account = "resource=acct:ada@127.0.0.1";
    for (query, linked) in [
        (format!("?{account}&rel={ISSUER}"), true),
        (format!("?rel=other&{account}&rel={ISSUER}"), true),
        (format!("?{account}&rel=other"), false),
        (format!("?{account}&unknown=1&unknown=2"), true),
    ] {
        let document: Value = finger(&server, &query).await.json().await.unwrap();
        assert_eq!(document["links"].as_array().unwrap().len(), usize::from(linked), "{query}");
    }
    for query in ["", "?", "?resource=", "?resource=ada", "?resource=%ff", &format!("?{account}&{account}")] {
        let answer = finger(&server, query).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_request", "{query}");
    }
}

#[tokio::test]
async fn the_contacts_for_vulnerabilities_are_those_of_the_operator() {
    let contacts = ["mailto:security@example.com", "https://example.com/report"].map(str::to_owned);
    let server = TestServer::with(|settings| settings.security_contacts = contacts.to_vec()).await;
    let answer = get(&format!("{}/.well-known/security.txt", server.listening)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    let text = answer.text().await.unwrap();
    for contact in &contacts {
        assert!(text.contains(&format!("Contact: {contact}\n")), "{text}");
    }
    let expires = text.lines().find_map(|line| line.strip_prefix("Expires: ")).unwrap();
    let expires: chrono::DateTime<chrono::Utc> = expires.parse().unwrap();
    assert!(expires > server.now() && expires < server.now() + chrono::Duration::days(365), "{text}");
    let without = TestServer::start().await;
    let answer = get(&format!("{}/.well-known/security.txt", without.listening)).await;
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn robots_the_icon_and_the_place_to_change_a_password_are_at_the_root_of_the_host() {
    for server in [TestServer::start().await, TestServer::below("/tenant/auth").await] {
        let root = &server.listening;
        let robots = get(&format!("{root}/robots.txt")).await;
        assert_eq!(robots.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(robots.text().await.unwrap(), "User-agent: *\nDisallow: /\n");
        let icon = get(&format!("{root}/favicon.ico")).await;
        assert_eq!(icon.headers()["content-type"], "image/vnd.microsoft.icon");
        assert_eq!(icon.bytes().await.unwrap()[..4], [0, 0, 1, 0]);
        let change = get(&format!("{root}/.well-known/change-password")).await;
        assert_eq!(change.status(), 303);
        let place = change.headers()["location"].to_str().unwrap();
        let page = Browser::new(&server.issuer).open(&format!("{root}{place}")).await.page();
        assert!(
            place.ends_with("/account/security/password") && page.has("#login"),
            "{place}: {}",
            page.html
        );
        assert_eq!(finger(&server, "?resource=acct:ada@127.0.0.1").await.status(), 200);
        // Password managers ask for this to learn whether the statuses can be relied on.
        let nothing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
        assert_eq!(get(&format!("{root}{nothing}")).await.status(), 404);
    }
}

#[tokio::test]
async fn nothing_is_json_where_programs_call_and_a_page_where_people_go() {
    for server in [TestServer::start().await, TestServer::below("/tenant").await] {
        for (path, media_type) in [
            ("/oauth/tokens", "application/json"),
            ("/oauth/token/", "application/json"),
            ("/connect/registration", "application/json"),
            ("/admin/api", "application/json"),
            ("/admin/api/nothing", "application/json"),
            ("/admin/api/users/1/nothing", "application/json"),
            ("/admin/clients/nothing", "application/json"),
            ("/.well-known/nothing", "application/json"),
            ("/nothing", "text/html; charset=utf-8"),
            ("/login/nothing", "text/html; charset=utf-8"),
            ("/oauth", "text/html; charset=utf-8"),
        ] {
            let answer = get(&server.url(path)).await;
            assert_eq!(answer.status(), 404, "{path}");
            assert_eq!(answer.headers()["content-type"], media_type, "{path}");
            let reference = answer.headers()["error-reference"].to_str().unwrap().to_owned();
            let body = answer.text().await.unwrap();
            assert!(body.contains(&reference), "{path}: {body}");
            if media_type == "application/json" {
                let body: Value = serde_json::from_str(&body).unwrap();
                assert_eq!(body["error"], "invalid_request", "{path}");
            }
        }
    }
}
