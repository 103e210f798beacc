//! Protected resource metadata (RFC 9728): of this server, and of registered resources.

use reqwest::header::HOST;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

const PATH: &str = "/.well-known/oauth-protected-resource";

async fn ask(server: &TestServer, host: Option<&str>, behind: &str) -> Response {
    let request = Client::new().get(format!("{}{PATH}{behind}", server.listening));
    let request = match host {
        Some(host) => request.header(HOST, host),
        None => request,
    };
    request.send().await.unwrap()
}

async fn document(server: &TestServer, host: Option<&str>, behind: &str) -> Value {
    let answer = ask(server, host, behind).await;
    assert_eq!(answer.status(), 200, "{host:?} {behind}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn our_own_document_says_what_userinfo_takes() {
    let server = TestServer::start().await;
    let issuer = &server.issuer;
    let own = document(&server, None, "").await;
    let expected = json!({
        "resource": issuer,
        "authorization_servers": [issuer],
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "scopes_supported": ["openid", "profile", "email", "address", "phone", "groups"],
        "bearer_methods_supported": ["header", "body"],
        "resource_name": "User information",
        "resource_documentation": format!("{issuer}/docs"),
    });
    assert_eq!(own, expected);
}

#[tokio::test]
async fn what_our_own_document_says_works() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let own = document(&server, None, "").await;
    let resource = own["resource"].as_str().unwrap();
    let scopes: Vec<_> = own["scopes_supported"].as_array().unwrap().iter().collect();
    let scopes = scopes.iter().map(|scope| scope.as_str().unwrap()).collect::<Vec<_>>().join(" ");
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let asked = [("scope", scopes.as_str()), ("resource", resource)];
    let tokens = web.tokens(&browser, "ada", &asked).await;
    let token = tokens.text("access_token");
    let userinfo = server.url("/oauth/userinfo");
    for method in own["bearer_methods_supported"].as_array().unwrap() {
        let request = match method.as_str().unwrap() {
            "header" => web.http().get(&userinfo).bearer_auth(token),
            "body" => web.http().post(&userinfo).form(&[("access_token", token)]),
            other => panic!("{other} is not tried"),
        };
        assert_eq!(request.send().await.unwrap().status(), 200, "{method}");
    }
    for link in ["jwks_uri", "resource_documentation"] {
        assert_eq!(reqwest::get(own[link].as_str().unwrap()).await.unwrap().status(), 200, "{link}");
    }
    let [authorization_server] = &own["authorization_servers"].as_array().unwrap()[..] else {
        panic!("one authorization server: {own}")
    };
    let at = format!("{}/.well-known/oauth-authorization-server", authorization_server.as_str().unwrap());
    let metadata: Value = reqwest::get(at).await.unwrap().json().await.unwrap();
    assert_eq!(&metadata["issuer"], authorization_server);
}

#[tokio::test]
async fn a_challenge_of_userinfo_leads_to_it() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let plain = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "read")]).await;
    let with = |token: &str| web.http().get(server.url("/oauth/userinfo")).bearer_auth(token);
    for (request, status) in [
        (web.http().get(server.url("/oauth/userinfo")), 401),
        (with("nonsense"), 401),
        (with(plain.text("access_token")), 403),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(challenge.starts_with("Bearer realm="), "{challenge}");
        let (_, url) = challenge.split_once("resource_metadata=\"").unwrap();
        let found: Value = reqwest::get(url.trim_end_matches('"')).await.unwrap().json().await.unwrap();
        assert_eq!(found["resource"], json!(server.issuer));
    }
    // A URL that is no protected resource does not link to such metadata.
    let registration = web.http().get(server.url("/connect/register/web")).send().await.unwrap();
    let challenge = registration.headers()["www-authenticate"].to_str().unwrap();
    assert!(!challenge.contains("resource_metadata"), "{challenge}");
}

#[tokio::test]
async fn a_registered_resource_is_found_at_its_own_host_or_at_ours() {
    let server = TestServer::start().await;
    let here = |path: &str| format!("{}{path}", server.issuer);
    let (v1, slash, query) = (here("/api/v1"), here("/api/v1/"), here("/api?tenant=a"));
    for id in [
        v1.as_str(),
        &slash,
        &query,
        "https://api.example",
        "https://api.example/v1",
        "https://files.example/",
        "https://files.example:8443/a%2Fb",
        "http://localhost:9000/api",
    ] {
        server.resource(id, |_| {}).await;
    }
    for (host, behind, resource) in [
        (None, "/api/v1", v1.as_str()),
        (None, "/api/v1/", &slash),
        (None, "/api?tenant=a", &query),
        (Some("an.upstream.example:1234"), "/api/v1", &v1),
        (Some("api.example"), "", "https://api.example"),
        (Some("api.example"), "/v1", "https://api.example/v1"),
        // The well-known URL leaves out the slash after the host (RFC 9728 §3.1).
        (Some("files.example"), "", "https://files.example/"),
        (Some("files.example"), "/", "https://files.example/"),
        (Some("files.example:8443"), "/a%2Fb", "https://files.example:8443/a%2Fb"),
        (Some("localhost:9000"), "/api", "http://localhost:9000/api"),
        (Some("an.upstream.example:1234"), "", &server.issuer),
        (None, "/", &server.issuer),
    ] {
        let found = document(&server, host, behind).await;
        assert_eq!(found["resource"], json!(resource), "{host:?} {behind}");
        assert_eq!(found["authorization_servers"], json!([server.issuer]));
    }
}

#[tokio::test]
async fn what_is_not_registered_is_not_found() {
    let server = TestServer::start().await;
    for id in ["https://api.example/v1", &format!("{}/api", server.issuer)] {
        server.resource(id, |_| {}).await;
    }
    for (host, behind) in [
        (None, "/v1"),
        (None, "/api/"),
        (None, "/API"),
        (None, "/api?x=1"),
        (None, "//"),
        (None, "/api/../api/x"),
        (Some("api.example"), "/v2"),
        (Some("api.example:444"), "/v1"),
        (Some("evil.example"), "/v1"),
    ] {
        let answer = ask(&server, host, behind).await;
        assert_eq!(answer.status(), 404, "{host:?} {behind}");
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "invalid_request");
    }
    assert_eq!(ask(&server, Some("api.example"), "/v1").await.status(), 200);
    // This is no host at all.
    assert_eq!(ask(&server, Some("me@api.example"), "/v1").await.status(), 400);
    let posted = Client::new().post(server.url(PATH)).send().await.unwrap();
    assert_eq!(posted.status(), 405);
}

#[tokio::test]
async fn a_document_says_what_was_registered_and_nothing_else() {
    let server = TestServer::start().await;
    let issuer = &server.issuer;
    server
        .resource("https://full.example/v1", |resource| {
            resource.name = Some("The \"full\" API".to_owned());
            resource.scope = "read write".parse().unwrap();
            resource.documentation = Some("https://full.example/docs".to_owned());
        })
        .await;
    server
        .resource("https://bare.example", |resource| {
            resource.name = None;
            resource.scope = "".parse().unwrap();
        })
        .await;
    let full = json!({
        "resource": "https://full.example/v1", "authorization_servers": [issuer],
        "scopes_supported": ["read", "write"], "bearer_methods_supported": ["header"],
        "resource_name": "The \"full\" API", "resource_documentation": "https://full.example/docs",
    });
    assert_eq!(document(&server, Some("full.example"), "/v1").await, full);
    let bare = json!({
        "resource": "https://bare.example", "authorization_servers": [issuer],
        "bearer_methods_supported": ["header"], "resource_name": "https://bare.example",
    });
    assert_eq!(document(&server, Some("bare.example"), "").await, bare);
}

#[tokio::test]
async fn it_is_cached_compared_and_read_by_scripts_like_the_other_metadata() {
    let server = TestServer::start().await;
    let api = format!("{}/api", server.issuer);
    server.resource(&api, |_| {}).await;
    for behind in ["", "/api"] {
        let http = Client::new();
        let request =
            || http.get(format!("{}{PATH}{behind}", server.issuer)).header("origin", "https://spa.example");
        let answer = request().send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=300");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        let etag = answer.headers()["etag"].clone();
        let known = request().header("if-none-match", etag).send().await.unwrap();
        assert_eq!(known.status(), 304, "{behind}");
        assert_eq!(request().header("if-none-match", "\"other\"").send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn an_issuer_with_a_path_is_found_where_its_path_is_behind_the_well_known_one() {
    let server = TestServer::below("/tenant/auth").await;
    server.user("ada").await;
    let (root, api) = (server.listening.as_str(), format!("{}/api", server.listening));
    server.resource(&api, |_| {}).await;
    for (url, resource) in [
        (format!("{root}{PATH}/tenant/auth"), Some(server.issuer.as_str())),
        (server.url(PATH), Some(&server.issuer)),
        (format!("{root}{PATH}/api"), Some(&api)),
        (format!("{root}{PATH}"), None),
        (format!("{root}{PATH}/tenant"), None),
        (server.url(&format!("{PATH}/api")), None),
    ] {
        let answer = reqwest::get(&url).await.unwrap();
        match resource {
            Some(resource) => {
                assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{url}");
                let document: Value = answer.json().await.unwrap();
                assert_eq!(document["resource"], json!(resource), "{url}");
                assert_eq!(document["authorization_servers"], json!([server.issuer]));
            }
            None => assert_eq!(answer.status(), 404, "{url}"),
        }
    }
    let challenged = reqwest::get(server.url("/oauth/userinfo")).await.unwrap();
    let challenge = challenged.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.ends_with(&format!("resource_metadata=\"{root}{PATH}/tenant/auth\"")), "{challenge}");
}
