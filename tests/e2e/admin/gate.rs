//! Which callers the administrative API accepts, and until when.

use chrono::Duration;
use domain::client::{AccessTokenFormat, ClientAuthentication};
use domain::{Actor, SignInName};
use reqwest::Method;
use serde_json::json;
use tests::support::{Browser, RelyingParty, TestServer};

use super::{ADMINISTRATION, Caller, administrator, events, marked, plain, refusal};

const USERS: &str = "/admin/api/users";

async fn status(server: &TestServer, caller: &Caller) -> u16 {
    caller.send(server, Method::GET, USERS, None).await.status().as_u16()
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_gone_with_the_next_request() {
    let server = TestServer::start().await;
    administrator(&server, "keeper").await;
    let id = administrator(&server, "root").await.parse().unwrap();
    let session = Caller::signed_in(&server, "root").await;
    let console = marked(&server, "console").await;
    let tokens = console.tokens(&Browser::new(&server.issuer), "root", &[ADMINISTRATION]).await;
    let token = Caller::Token(tokens.text("access_token").to_owned());
    let both = async || [status(&server, &session).await, status(&server, &token).await];
    assert_eq!(both().await, [200, 200]);
    let set = async |administrator: bool| {
        let change = |user: &mut domain::User| {
            user.administrator = administrator;
            Ok(())
        };
        server.users.update(id, change, Actor::CommandLine).await.unwrap();
    };
    set(false).await;
    assert_eq!(both().await, [403, 403]);
    set(true).await;
    assert_eq!(both().await, [200, 200]);
    server.users.set_enabled(id, false, Actor::CommandLine).await.unwrap();
    assert_eq!(both().await, [401, 401]);
}

#[tokio::test]
async fn a_mark_that_is_taken_away_is_gone_with_the_next_request() {
    let server = TestServer::start().await;
    let tool = Caller::administrative_client(&server).await;
    let id = "tool".parse().unwrap();
    assert_eq!(status(&server, &tool).await, 200);
    let mark = async |administrative: bool| {
        let change = |client: &mut domain::Client| client.administrative = administrative;
        server.update_client(&id, change).await.unwrap();
    };
    mark(false).await;
    assert_eq!(status(&server, &tool).await, 403);
    mark(true).await;
    assert_eq!(status(&server, &tool).await, 200);
    server.clients.set_enabled(&id, false, Actor::CommandLine).await.unwrap();
    assert_eq!(status(&server, &tool).await, 401);
}

#[tokio::test]
async fn an_opaque_token_is_as_good_and_an_expired_or_revoked_one_is_not() {
    let server = TestServer::start().await;
    let tool = RelyingParty::register(&server, "tool", |client| {
        client.grant_types.insert(domain::GrantType::ClientCredentials);
        client.administrative = true;
        client.tokens.access_token_format = AccessTokenFormat::Opaque;
    })
    .await;
    let caller = Caller::own_token(&tool).await;
    let Caller::Token(token) = &caller else { panic!("no token") };
    assert!(token.starts_with("oaat_"));
    assert_eq!(status(&server, &caller).await, 200);
    assert_eq!(tool.revoke(token).await.status(), 200);
    assert_eq!(status(&server, &caller).await, 401);
    let caller = Caller::own_token(&marked(&server, "signed").await).await;
    assert_eq!(status(&server, &caller).await, 200);
    server.clock.advance(Duration::hours(1));
    assert_eq!(status(&server, &caller).await, 401);
}

#[tokio::test]
async fn another_kind_of_token_opens_nothing() {
    let server = TestServer::start().await;
    administrator(&server, "root").await;
    let console = marked(&server, "console").await;
    let tokens = console.tokens(&Browser::new(&server.issuer), "root", &[ADMINISTRATION]).await;
    for member in ["id_token", "refresh_token"] {
        let caller = Caller::Token(tokens.text(member).to_owned());
        assert_eq!(status(&server, &caller).await, 401, "{member}");
    }
    let in_query = format!("{USERS}?access_token={}", tokens.text("access_token"));
    let answer = Caller::Anonymous.send(&server, Method::GET, &in_query, None).await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn a_session_that_has_ended_or_expired_opens_nothing() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    assert_eq!(status(&server, &root).await, 200);
    server.clock.advance(Duration::hours(12));
    assert_eq!(status(&server, &root).await, 401);
}

#[tokio::test]
async fn a_cookie_and_a_token_together_are_refused() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let Caller::Token(token) = Caller::administrative_client(&server).await else { panic!("no token") };
    let request = root.request(&server, Method::GET, USERS);
    for authorization in
        [format!("Bearer {token}"), "Bearer nonsense".to_owned(), "Basic dG9vbDp4".to_owned()]
    {
        let answer =
            request.try_clone().unwrap().header("authorization", authorization).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        refusal(&answer.json().await.unwrap(), "invalid_request");
    }
    let twice = plain().get(server.url(USERS)).bearer_auth(&token).header("authorization", "Bearer x");
    assert_eq!(twice.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_cookie_changes_nothing_from_another_site() {
    let server = TestServer::start().await;
    let Caller::Session(browser) = Caller::administrator(&server).await else { panic!("no session") };
    let before = events(&server).await;
    let issuer = server.issuer.clone();
    let new = |number: usize| json!({"username": format!("made-{number}")});
    let foreign: [&[(&str, &str)]; 8] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "cross-site"), ("origin", &issuer)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1")],
    ];
    for (number, headers) in foreign.into_iter().enumerate() {
        let mut request = browser.http().post(server.url(USERS)).json(&new(number));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 403, "{headers:?}");
        refusal(&answer.json().await.unwrap(), "access_denied");
    }
    // A browser sends a form to another origin without a preflight request, but not JSON.
    let form = browser.http().post(server.url(USERS)).header("origin", &issuer);
    let form = form.form(&[("username", "made")]).send().await.unwrap();
    assert_eq!(form.status(), 400);
    let text = browser.http().post(server.url(USERS)).header("origin", &issuer);
    let text = text.header("content-type", "text/plain").body(new(0).to_string()).send().await.unwrap();
    assert_eq!(text.status(), 400);
    assert_eq!(events(&server).await, before);
    for (number, headers) in
        [("sec-fetch-site", "same-origin"), ("origin", issuer.as_str())].into_iter().enumerate()
    {
        let request = browser.http().post(server.url(USERS)).json(&new(number)).header(headers.0, headers.1);
        assert_eq!(request.send().await.unwrap().status(), 201, "{headers:?}");
    }
}

#[tokio::test]
async fn what_a_cookie_reads_is_for_our_own_pages_only() {
    let server = TestServer::start().await;
    let Caller::Session(browser) = Caller::administrator(&server).await else { panic!("no session") };
    let request = browser.http().get(server.url(USERS)).header("origin", "https://evil.example");
    let answer = request.header("sec-fetch-site", "cross-site").send().await.unwrap();
    let headers = answer.headers();
    assert!(!headers.contains_key("access-control-allow-origin"));
    assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn the_mark_is_for_confidential_clients_of_operators_only() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let public = json!({
        "token_endpoint_auth_method": "none", "redirect_uris": ["https://a.example/"], "administrative": true,
    });
    let body = root.post(&server, "/admin/api/clients", &public, 400).await;
    refusal(&body, "invalid_client_metadata");
    assert!(body["error_description"].as_str().unwrap().starts_with("administrative:"), "{body}");
    // Nor can an administrative client become public.
    let change = |client: &mut domain::Client| client.authentication = ClientAuthentication::None;
    let unmasked = server.update_client(&"tool".parse().unwrap(), change).await;
    assert!(unmasked.is_err());
}

#[tokio::test]
async fn of_two_administrators_who_demote_each_other_at_once_one_stays() {
    let server = TestServer::start().await;
    for round in 0..5 {
        let names = [format!("a-{round}"), format!("b-{round}")];
        let mut callers = Vec::new();
        for name in &names {
            administrator(&server, name).await;
            callers.push(Caller::signed_in(&server, name).await);
        }
        // Removes the administrator that the previous round left.
        let all = server.users.list(None, 200).await.unwrap();
        for user in all
            .iter()
            .filter(|user| user.administrator && !names.contains(&user.username.as_str().to_owned()))
        {
            server.users.delete(user.id, Actor::CommandLine).await.unwrap();
        }
        let id = async |name: &str| {
            let name: SignInName = name.parse().unwrap();
            server.users.find_by_sign_in_name(&name).await.unwrap().id
        };
        let (a, b) = (format!("{USERS}/{}", id(&names[0]).await), format!("{USERS}/{}", id(&names[1]).await));
        let demote = json!({"admin": false});
        let (one, other) = tokio::join!(
            callers[0].send(&server, Method::PATCH, &b, Some(&demote)),
            callers[1].send(&server, Method::PATCH, &a, Some(&demote)),
        );
        let mut statuses = [one.status().as_u16(), other.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200);
        // The later request was refused: its caller was no administrator any more, or would have
        // removed the last one.
        assert!([403, 409].contains(&statuses[1]), "{statuses:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_also_for_another_resource_is_refused() {
    let server = TestServer::start().await;
    let api = "https://api.example";
    server.resource(api, |_| {}).await;
    let tool = RelyingParty::register(&server, "tool", |client| {
        client.grant_types.insert(domain::GrantType::ClientCredentials);
        client.administrative = true;
        client.resources.allowed.insert(api.parse().unwrap());
    })
    .await;
    for (resources, expected) in [
        (vec![], 200),
        (vec![server.issuer.as_str()], 200),
        (vec![api], 401),
        (vec![api, &server.issuer], 401),
    ] {
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(resources.iter().map(|resource| ("resource", *resource)));
        let tokens = tool.token(&form).await;
        assert_eq!(tokens.status(), 200, "{resources:?}");
        let tokens: serde_json::Value = tokens.json().await.unwrap();
        let caller = Caller::Token(tokens["access_token"].as_str().unwrap().to_owned());
        assert_eq!(status(&server, &caller).await, expected, "{resources:?}");
    }
}

#[tokio::test]
async fn every_refusal_of_a_request_or_a_caller_carries_a_challenge() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let tool = Caller::administrative_client(&server).await;
    let eve = {
        server.user("eve").await;
        Caller::signed_in(&server, "eve").await
    };
    let (clients, keys) = ("/admin/api/clients", "/admin/api/keys/rotate");
    let bad = (400, Some("invalid_request"));
    for (caller, method, path, body, (status, error)) in [
        (&Caller::Anonymous, Method::GET, USERS, None, (401, None)),
        (&Caller::Token("nonsense".to_owned()), Method::GET, USERS, None, (401, Some("invalid_token"))),
        (&eve, Method::GET, USERS, None, (403, Some("insufficient_scope"))),
        (&tool, Method::GET, "/admin/api/users?limit=0", None, bad),
        (&root, Method::GET, "/admin/api/audit?cursor=%21", None, bad),
        (&tool, Method::POST, USERS, Some(json!([])), bad),
        (&root, Method::POST, USERS, Some(json!({"username": ""})), bad),
        (&tool, Method::POST, keys, Some(json!({"alg": "HS256"})), bad),
        // What the description quotes cannot break the header.
        (&tool, Method::POST, clients, Some(json!({"scope": "\u{1F511}\"\\ \r\nX: y"})), bad),
        (&root, Method::POST, clients, Some(json!({"redirect_uris": ["not a \"URI\""]})), bad),
    ] {
        let answer = caller.send(&server, method.clone(), path, body.as_ref()).await;
        assert_eq!(answer.status(), status, "{method} {path} {body:?}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
        let realm = format!("Bearer realm=\"{}\"", server.issuer);
        match error {
            None => assert_eq!(challenge, realm),
            Some(error) => {
                let begins = format!("{realm}, error=\"{error}\", error_description=\"");
                assert!(challenge.starts_with(&begins), "{method} {path}: {challenge}");
                let described = challenge.strip_prefix(&begins).unwrap().strip_suffix('"').unwrap();
                assert!(!described.is_empty() && !described.contains(['"', '\\']), "{challenge}");
            }
        }
    }
    // What no other caller may do either is answered without a challenge.
    for (method, path, status) in [
        (Method::GET, "/admin/api/users/nobody", 404),
        (Method::DELETE, "/admin/api/clients/nobody", 404),
        (Method::PATCH, USERS, 405),
    ] {
        let answer = tool.send(&server, method.clone(), path, None).await;
        assert_eq!(answer.status(), status, "{method} {path}");
        assert!(!answer.headers().contains_key("www-authenticate"), "{method} {path}");
    }
}

#[tokio::test]
async fn no_page_tells_the_version_of_the_server() {
    let server = TestServer::start().await;
    let version = env!("CARGO_PKG_VERSION");
    server.user("eve").await;
    let home = async |browser: &Browser| browser.open("/").await.page().html;
    assert!(!home(&Browser::new(&server.issuer)).await.contains(version));
    let Caller::Session(browser) = Caller::signed_in(&server, "eve").await else { panic!("no session") };
    assert!(!home(&browser).await.contains(version));
    for path in ["/.well-known/openid-configuration", "/health", "/ready", "/docs", "/login", "/nothing"] {
        let answer = plain().get(server.url(path)).send().await.unwrap();
        assert!(
            answer.headers().values().all(|value| !value.to_str().unwrap_or("").contains(version)),
            "{path}"
        );
        assert!(!answer.headers().contains_key("server"), "{path}");
        assert!(!answer.text().await.unwrap().contains(&format!("\"{version}\"")), "{path}");
    }
}

#[tokio::test]
async fn pages_of_a_sign_in_keep_the_window_that_opened_them_and_other_pages_do_not() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    server.user("eve").await;
    let browser = Browser::new(&server.issuer);
    let policy = |page: &tests::support::Page| {
        page.headers.get("cross-origin-opener-policy").map(|value| value.to_str().unwrap().to_owned())
    };
    let login = browser.open(&web.authorization_url(&[])).await.page();
    assert_eq!(policy(&login), None, "the login page");
    let consent = browser.sign_in(&login, "eve").await.page();
    assert_eq!(policy(&consent), None, "the consent page");
    // An error on the way is shown in the window of the sign-in too.
    let error = browser.open(&web.authorization_url(&[("client_id", "nobody")])).await.page();
    assert_eq!(policy(&error), None, "an error page");
    for path in ["/", "/docs", "/setup?token=x", "/errors/abcdefghijkl"] {
        let page = browser.open(path).await.page();
        assert_eq!(policy(&page).as_deref(), Some("same-origin"), "{path}");
    }
}
