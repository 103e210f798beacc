//! Clients that register themselves and name a resource, as those of the Model Context Protocol do: what they may have,
//! and that what they may not have is left out (RFC 7591 §3.2.1, RFC 6749 §3.3, RFC 8707).

use application::resource::servers::{NewResource, ResourceChange};
use application::settings::{RegistrationMode, Settings};
use domain::self_registration::RegistrationLimits;
use domain::{Actor, Scope};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer, Tokens};
use url::Url;

/// A resource that is open to registered clients.
const MCP: &str = "https://mcp.example.com";
/// One that is not.
const CLOSED: &str = "https://closed.example.com/mcp";
const REDIRECT_URI: &str = "https://claude.ai/api/mcp/auth_callback";

fn scope(text: &str) -> Scope {
    text.parse().unwrap()
}

fn declaring(declared: &'static str, default: &'static str, open: bool) -> impl FnOnce(&mut NewResource) {
    move |resource| {
        resource.scope = scope(declared);
        resource.default_scope = scope(default);
        resource.for_registered_clients = open;
    }
}

async fn server_with(change: impl FnOnce(&mut Settings)) -> TestServer {
    let server = TestServer::with(|settings| {
        settings.registration.mode = RegistrationMode::Open;
        settings.scopes = settings.scopes.union(&scope("mcp:read mcp:write secret"));
        change(settings);
    })
    .await;
    server.user("ada").await;
    server
}

async fn server() -> TestServer {
    let server = server_with(|_| {}).await;
    server.resource(MCP, declaring("mcp:read mcp:write", "mcp:read", true)).await;
    server.resource(CLOSED, declaring("secret", "secret", false)).await;
    server
}

/// What Claude sends, with these members too.
fn document(more: &Value) -> Value {
    let mut document = json!({
        "client_name": "claudeai",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "redirect_uris": [REDIRECT_URI],
    });
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    document
}

async fn post(server: &TestServer, token: Option<&str>, document: &Value) -> Response {
    let request = reqwest::Client::new().post(server.url("/connect/register")).json(document);
    let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
    request.send().await.unwrap()
}

async fn register(server: &TestServer, more: &Value) -> (RelyingParty, Value) {
    let answer = post(server, None, &document(more)).await;
    assert_eq!(answer.status(), 201);
    let registered: Value = answer.json().await.unwrap();
    let id = registered["client_id"].as_str().unwrap();
    (RelyingParty::registered(&server.issuer, id, None, REDIRECT_URI), registered)
}

/// An authorization URL with this scope, or none, that names these resources.
fn request(client: &RelyingParty, scope: &str, named: &[&str]) -> String {
    let mut url = Url::parse(&client.authorization_url(&[("scope", scope)])).unwrap();
    url.query_pairs_mut().extend_pairs(named.iter().map(|id| ("resource", id)));
    url.into()
}

async fn tokens(server: &TestServer, client: &RelyingParty, scope: &str, named: &[&str]) -> Tokens {
    let url = Browser::new(&server.issuer).sign_in_and_consent(&request(client, scope, named), "ada").await;
    client.redeemed(Callback::from_url(&url).code()).await
}

async fn error(server: &TestServer, client: &RelyingParty, scope: &str, named: &[&str]) -> String {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    // Before the user has agreed to a client that registered itself, the way to it is a link (RFC 9700 §4.11.2).
    let callback = match browser.open(&request(client, scope, named)).await {
        Landed::Client(url) => url,
        Landed::Page(page) => page.attribute("#continue", "href").parse().unwrap(),
    };
    let callback = Callback::from_url(&callback);
    callback.get("error").unwrap_or_else(|| panic!("{scope} at {named:?} is allowed")).to_owned()
}

async fn refresh(client: &RelyingParty, tokens: &Tokens) -> Response {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
    client.token(&[&fields[..], &[("resource", MCP)]].concat()).await
}

#[tokio::test]
async fn a_resource_is_open_to_registered_clients_where_the_operator_says_so() {
    let server = server().await;
    let (client, _) = register(&server, &json!({})).await;
    for (asked, named, expected, audience) in [
        ("mcp:read mcp:write", &[MCP][..], "mcp:read mcp:write", json!(MCP)),
        ("mcp:write", &["HTTPS://MCP.example.com/"], "mcp:write", json!(MCP)),
        ("openid email mcp:read", &[MCP], "email mcp:read openid", json!([server.issuer, MCP])),
    ] {
        let tokens = tokens(&server, &client, asked, named).await;
        assert_eq!((tokens.text("scope"), &tokens.claims("access_token")["aud"]), (expected, &audience));
        let renewed = RelyingParty::successful(refresh(&client, &tokens).await).await;
        assert_eq!(renewed.text("scope"), expected);
    }
    for named in [&[CLOSED][..], &[MCP, CLOSED], &["https://unknown.example"]] {
        assert_eq!(error(&server, &client, "mcp:read", named).await, "invalid_target", "{named:?}");
    }
    // A client of an operator may name only what is in its registration.
    let operated = RelyingParty::confidential(&server, "operated").await;
    assert_eq!(error(&server, &operated, "openid", &[MCP]).await, "invalid_target");
}

#[tokio::test]
async fn what_it_may_not_have_is_left_out_of_its_registration() {
    let server = server().await;
    let all = "address email groups offline_access openid phone profile";
    for (sent, registered) in [
        (json!({"scope": "claudeai"}), all),
        (json!({"scope": "read write secret"}), all),
        (json!({"scope": ""}), all),
        (json!({}), all),
        (json!({"scope": "openid claudeai secret mcp:read"}), "openid"),
    ] {
        let (_, answer) = register(&server, &sent).await;
        assert_eq!(answer["scope"], registered, "{sent}");
        let uri = answer["registration_client_uri"].as_str().unwrap();
        let token = answer["registration_access_token"].as_str().unwrap();
        let update = reqwest::Client::new().put(uri).bearer_auth(token).json(&document(&sent));
        let updated: Value = update.send().await.unwrap().json().await.unwrap();
        assert_eq!(updated["scope"], registered, "an update obeys the same limits");
    }
}

#[tokio::test]
async fn it_may_ask_for_everything_that_is_advertised_and_gets_what_it_may_have() {
    let server = server().await;
    let metadata = reqwest::get(server.url("/.well-known/oauth-authorization-server")).await.unwrap();
    let metadata: Value = metadata.json().await.unwrap();
    let advertised: Vec<_> =
        metadata["scopes_supported"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    let advertised = advertised.join(" ");
    assert!(advertised.contains("secret"));
    let (client, registered) = register(&server, &json!({"scope": advertised})).await;
    let everywhere = tokens(&server, &client, &advertised, &[]).await;
    assert_eq!(everywhere.text("scope"), registered["scope"]);
    let there = tokens(&server, &client, &advertised, &[MCP]).await;
    let expected = "address email groups mcp:read mcp:write offline_access openid phone profile";
    assert_eq!(there.text("scope"), expected, "openid makes the issuer an audience too");
    let issuer = server.issuer.as_str();
    let ours = tokens(&server, &client, "read offline_access", &[issuer]).await;
    assert_eq!(ours.text("scope"), "offline_access", "the scopes of another resource do not count here");
    assert_eq!(ours.claims("access_token")["aud"], issuer);
    // Nothing is left, and there is no resource that could say what else.
    assert_eq!(error(&server, &client, "read secret", &[]).await, "invalid_scope");
}

#[tokio::test]
async fn without_a_scope_that_it_may_have_it_gets_what_the_resource_grants_then_else_none() {
    let server = server_with(|settings| {
        settings.registration.allowed_scopes = scope("openid offline_access");
    })
    .await;
    let bare = "https://bare.example.com";
    let (granting, silent) = ("https://granting.example.com", "https://silent.example.com");
    server.resource(granting, declaring("mcp:read mcp:write", "mcp:read", true)).await;
    server.resource(silent, declaring("secret", "", true)).await;
    server.resource(bare, declaring("", "", true)).await;
    let (client, _) = register(&server, &json!({"scope": "openid offline_access"})).await;
    for (asked, named, expected) in [
        ("", granting, Some("mcp:read")),
        ("claudeai", granting, Some("mcp:read")),
        ("read write", granting, Some("mcp:read")),
        ("offline_access", granting, Some("mcp:read")),
        ("mcp:write claudeai", granting, Some("mcp:write")),
        ("", silent, None),
        ("claudeai", silent, None),
        ("", bare, None),
        ("", server.issuer.as_str(), None),
    ] {
        let tokens = tokens(&server, &client, asked, &[named]).await;
        assert_eq!(tokens.member("scope"), expected.map(Value::from), "{asked:?} at {named}");
        assert_eq!(tokens.claims("access_token")["aud"], named);
        let renewed = RelyingParty::successful(client.refresh(tokens.text("refresh_token")).await).await;
        assert_eq!(renewed.member("scope"), expected.map(Value::from), "{asked:?} at {named}");
    }
}

#[tokio::test]
async fn the_setting_for_the_issuer_does_it_for_this_server_itself() {
    let server = server_with(|settings| settings.issuer_default_scope = scope("read")).await;
    let (client, registered) = register(&server, &json!({})).await;
    assert_eq!(registered["scope"], "address email groups offline_access openid phone profile read");
    for (asked, expected) in [("", "read"), ("claudeai", "read"), ("read write", "read"), ("email", "email")]
    {
        let tokens = tokens(&server, &client, asked, &[&server.issuer]).await;
        assert_eq!(tokens.text("scope"), expected, "{asked:?}");
        assert_eq!(tokens.claims("access_token")["aud"], server.issuer);
    }
}

#[tokio::test]
async fn what_is_opened_and_closed_later_counts_from_then_on() {
    let server = server_with(|_| {}).await;
    let (client, registered) = register(&server, &json!({})).await;
    assert!(!registered["scope"].as_str().unwrap().contains("mcp"));
    // An error goes to a client that registered itself once the user has agreed to it.
    tokens(&server, &client, "openid", &[]).await;
    assert_eq!(error(&server, &client, "mcp:read", &[MCP]).await, "invalid_target");
    server.resource(MCP, declaring("mcp:read", "", true)).await;
    let granted = tokens(&server, &client, "mcp:read", &[MCP]).await;
    assert_eq!(granted.text("scope"), "mcp:read");
    let granted = RelyingParty::successful(refresh(&client, &granted).await).await;

    // A code that waits, and a refresh token.
    let browser = Browser::new(&server.issuer);
    let url = browser.sign_in_and_consent(&request(&client, "mcp:read", &[MCP]), "ada").await;
    let code = Callback::from_url(&url).code().to_owned();
    let id = MCP.parse().unwrap();
    server.resources.delete(&id, Actor::CommandLine).await.unwrap();
    server.resource(MCP, declaring("mcp:read", "", false)).await;
    let (refreshed, redeemed) = (refresh(&client, &granted).await, client.redeem(&code).await);
    for answer in [refreshed, redeemed] {
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_grant");
    }
    assert_eq!(error(&server, &client, "mcp:read", &[MCP]).await, "invalid_target");
}

#[tokio::test]
async fn at_an_opened_resource_only_its_own_scopes_are_valid() {
    let server = server_with(|settings| {
        settings.registration.allowed_scopes = scope("openid profile offline_access read");
        settings.issuer_default_scope = scope("write");
    })
    .await;
    let (bare, again) = ("https://bare.example.com", "https://again.example.com");
    server.resource(MCP, declaring("mcp:read mcp:write", "", true)).await;
    server.resource(CLOSED, declaring("secret read", "secret", false)).await;
    // It declares nothing, but would grant something.
    server.resource(bare, declaring("", "read", true)).await;
    server.resource(again, declaring("mcp:read", "", true)).await;
    let (client, _) = register(&server, &json!({})).await;
    let all = "openid profile offline_access read write secret mcp:read mcp:write";
    for (asked, named, expected) in [
        ("read write secret mcp:read", &[bare][..], None),
        ("", &[bare], None),
        ("openid profile read mcp:read", &[bare], Some("offline_access openid profile")),
        ("profile read", &[bare], None),
        ("read write secret mcp:read", &[MCP], Some("mcp:read")),
        ("mcp:write", &[again], None),
        // A token has one scope: each of it is declared by one of its resources.
        ("mcp:read mcp:write read", &[MCP, bare], Some("mcp:read mcp:write")),
        ("mcp:write secret", &[again, MCP], Some("mcp:write")),
        (all, &[bare, &server.issuer], Some("offline_access openid profile")),
        (all, &[MCP, &server.issuer], Some("mcp:read mcp:write offline_access openid profile")),
    ] {
        let expected = expected.map(|expected| match asked.contains("offline_access") {
            true => expected.to_owned(),
            false => expected.replace("offline_access ", ""),
        });
        let granted = tokens(&server, &client, asked, named).await;
        assert_eq!(granted.member("scope"), expected.clone().map(Value::from), "{asked:?} at {named:?}");
        let renewed = RelyingParty::successful(client.refresh(granted.text("refresh_token")).await).await;
        assert_eq!(renewed.member("scope"), expected.map(Value::from), "{asked:?} at {named:?}, refreshed");
    }
    // What is declared at one of two resources is not valid at the other alone.
    let both = tokens(&server, &client, "mcp:write", &[MCP, bare]).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", both.text("refresh_token"))];
    let alone = client.token(&[&form[..], &[("resource", bare)]].concat()).await;
    assert_eq!(alone.status(), 400);
    assert_eq!(alone.json::<Value>().await.unwrap()["error"], "invalid_scope");
}

#[tokio::test]
async fn a_device_gets_what_is_open_to_clients_that_registered_themselves() {
    const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
    let server = server_with(|settings| settings.registration.device_grant = true).await;
    server.resource(MCP, declaring("mcp:read mcp:write", "mcp:read", true)).await;
    let television = json!({"grant_types": [DEVICE], "redirect_uris": [], "response_types": []});
    let (client, _) = register(&server, &television).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    let begin = async || {
        let form = [("scope", "mcp:read secret"), ("resource", MCP)];
        RelyingParty::successful(client.post("/oauth/device_authorization", &form).await).await
    };
    let begun = begin().await;
    let page = browser.open(begun.text("verification_uri")).await.page();
    let page = browser.submit(&page, &[("user_code", begun.text("user_code"))]).await.page();
    assert!(page.has("#allow"), "{}", page.html);
    let page = browser.submit(&page, &[("decision", "allow")]).await.page();
    assert!(page.has("#device-allowed"), "{}", page.html);
    let redeem = [("grant_type", DEVICE), ("device_code", begun.text("device_code"))];
    let granted = RelyingParty::successful(client.token(&redeem).await).await;
    assert_eq!((granted.text("scope"), &granted.claims("access_token")["aud"]), ("mcp:read", &json!(MCP)));

    // Once it is closed, its codes lead nowhere.
    let begun = begin().await;
    let change = ResourceChange { for_registered_clients: Some(false), ..ResourceChange::default() };
    server.resources.update(&MCP.parse().unwrap(), &change, Actor::CommandLine).await.unwrap();
    let page = browser.open(begun.text("verification_uri")).await.page();
    let page = browser.submit(&page, &[("user_code", begun.text("user_code"))]).await.page();
    assert!(!page.has("#allow"), "{}", page.html);
}

#[tokio::test]
async fn an_initial_access_token_with_a_scope_limits_what_opening_gives() {
    let server = server().await;
    let limits =
        RegistrationLimits { scope: Some(scope("openid mcp:read")), ..RegistrationLimits::default() };
    let new = application::client::initial_access_tokens::NewToken {
        uses: 1,
        lifetime: chrono::Duration::hours(1),
        limits,
    };
    let (_, token) = server.registration_tokens.create(new, Actor::CommandLine).await.unwrap();
    let answer = post(&server, Some(token.expose()), &document(&json!({}))).await;
    let registered: Value = answer.json().await.unwrap();
    assert_eq!(registered["scope"], "mcp:read openid");
    let id = registered["client_id"].as_str().unwrap();
    let client = RelyingParty::registered(&server.issuer, id, None, REDIRECT_URI);
    let tokens = tokens(&server, &client, "mcp:read mcp:write", &[MCP]).await;
    assert_eq!(tokens.text("scope"), "mcp:read");
}

#[tokio::test]
async fn a_caller_without_a_token_is_told_which_one_it_needs_and_the_challenge_names_no_error() {
    let server = TestServer::start().await;
    let any = server.url("/connect/register/any");
    let http = reqwest::Client::new();
    for (request, needed) in [
        (http.post(server.url("/connect/register")).json(&document(&json!({}))), "an initial access token"),
        (http.get(&any), "registration access token"),
        (http.put(&any).json(&document(&json!({}))), "registration access token"),
        (http.delete(&any), "registration access token"),
        (http.get(server.url("/oauth/userinfo")), "an access token"),
        (http.post(server.url("/oauth/userinfo")), "an access token"),
        (http.get(server.url("/admin/api/clients")), "an administrator"),
        (http.delete(server.url("/admin/api/users/any/sessions/any")), "an administrator"),
        (http.get(server.url("/oauth/userinfo")).basic_auth("web", Some("secret")), "an access token"),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(challenge.starts_with("Bearer realm=") && !challenge.contains("error"), "{challenge}");
        assert!(answer.headers().contains_key("error-reference"));
        let body: Value = answer.json().await.unwrap();
        let description = body["error_description"].as_str().unwrap();
        assert!(description.starts_with("no token was sent; ") && description.contains(needed), "{body}");
        assert_eq!(body["error"], "invalid_request", "no token was sent that could be invalid");
    }
}
