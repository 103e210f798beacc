//! Passkeys (Web Authentication Level 3): made in the account, and used instead of a password or after it.

mod account;
mod attacks;
mod second_step;

use application::port::SignInFilter;
use application::settings::{SecondFactor, Settings};
use domain::{Passkey, SignInKind, User};
use serde_json::json;
use tests::support::{Browser, Callback, Landed, Page, RelyingParty, SoftPasskey, TestServer};

/// The page of the passkeys.
const PASSKEYS: &str = "/account/security/passkeys";

async fn start() -> TestServer {
    TestServer::with_a_name(|_| {}).await
}

/// Ada has made a passkey, in a browser that is signed in then.
async fn enrolled(server: &TestServer) -> (User, Browser, SoftPasskey) {
    let ada = server.user("ada").await;
    let browser = signed_in(server, "ada").await;
    let passkey = add(server, &browser).await;
    (ada, browser, passkey)
}

async fn signed_in(server: &TestServer, username: &str) -> Browser {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, username).await;
    browser
}

/// Adds a passkey in the account of the person who is signed in with this browser.
async fn add(server: &TestServer, browser: &Browser) -> SoftPasskey {
    let mut passkey = SoftPasskey::new(&server.issuer);
    let page = browser.open(PASSKEYS).await.page();
    let answer = passkey.make(&page);
    let added = submit_answer(browser, &page, &answer).await.page();
    assert!(added.has("#notice"), "{}: {}", added.url, added.html);
    passkey
}

/// Submits the form that the script of the page fills in, as the script does.
async fn submit_answer(browser: &Browser, page: &Page, answer: &str) -> Landed {
    submit_both(browser, page, &page.attribute("input[name=challenge]", "value"), answer).await
}

async fn submit_both(browser: &Browser, page: &Page, challenge: &str, answer: &str) -> Landed {
    let value = |name: &str| page.attribute(&format!("form[data-passkey] input[name={name}]"), "value");
    let names = ["form_token", "interaction", "factor", "decision"];
    let present =
        names.into_iter().filter(|name| page.has(&format!("form[data-passkey] input[name={name}]")));
    let mut fields: Vec<_> = present.map(|name| (name.to_owned(), value(name))).collect();
    fields.push(("challenge".to_owned(), challenge.to_owned()));
    fields.push(("passkey".to_owned(), answer.to_owned()));
    browser.post(&page.resolved(&page.attribute("form[data-passkey]", "action")), &fields).await
}

/// Signs in on a login page.
async fn use_passkey(browser: &Browser, login: &Page, passkey: &mut SoftPasskey) -> Landed {
    let answer = passkey.sign(login);
    submit_answer(browser, login, &answer).await
}

/// Whether the browser has a session.
async fn is_signed_in(browser: &Browser) -> bool {
    !browser.open("/account/devices").await.page().has("#login")
}

async fn kept(server: &TestServer, user: &User) -> Vec<Passkey> {
    server.ports.passkeys.list(user.id).await.unwrap()
}

/// How often each of these kinds is in the history of the user.
async fn counts<const N: usize>(server: &TestServer, user: &User, kinds: [SignInKind; N]) -> [usize; N] {
    server.sign_in_recorder.flush().await;
    let filter = SignInFilter { user: Some(user.id), ..Default::default() };
    let events = server.users.list_events(&filter, None, 1_000).await.unwrap();
    kinds.map(|kind| events.iter().filter(|event| event.kind == kind).count())
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_user_name_and_counts_as_two_factors() {
    let server = start().await;
    let (ada, _, mut passkey) = enrolled(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("max_age", "0")])).await.page();
    assert!(login.has("input[autocomplete='username webauthn']") && login.has("#passkey[hidden]"));
    let consent = use_passkey(&browser, &login, &mut passkey).await.page();
    let back = browser.allow(&consent).await.client();
    let tokens = web.redeemed(Callback::from_url(&back).code()).await;
    let id_token = tokens.claims("id_token");
    assert_eq!(id_token["amr"], json!(["hwk", "user", "mfa"]));
    assert_eq!(id_token["auth_time"], server.now().timestamp());
    assert_eq!(id_token["sub"], ada.id.to_string());
    let kinds = [SignInKind::PasskeyAdded, SignInKind::SignedInWithPasskey, SignInKind::SignedIn];
    assert_eq!(counts(&server, &ada, kinds).await, [1, 1, 1]);
    let used = &kept(&server, &ada).await[0];
    assert_eq!((used.sign_count, used.used_at), (1, Some(server.now())));
    assert_eq!(used.name.as_str(), "1Password");
}

#[tokio::test]
async fn a_passkey_that_may_be_copied_is_a_software_key_and_need_not_count() {
    let server = start().await;
    server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    let mut passkey = SoftPasskey { is_syncable: true, count: None, ..SoftPasskey::new(&server.issuer) };
    let page = browser.open(PASSKEYS).await.page();
    let answer = passkey.make(&page);
    submit_answer(&browser, &page, &answer).await;
    let web = RelyingParty::confidential(&server, "web").await;
    for _ in 0..2 {
        let browser = Browser::new(&server.issuer);
        let login = browser.open(&web.authorization_url(&[("prompt", "login")])).await.page();
        let landed = use_passkey(&browser, &login, &mut passkey).await;
        let back = match landed {
            Landed::Page(consent) => browser.allow(&consent).await.client(),
            Landed::Client(url) => url,
        };
        let tokens = web.redeemed(Callback::from_url(&back).code()).await;
        assert_eq!(tokens.claims("id_token")["amr"], json!(["swk", "user", "mfa"]));
    }
}

#[tokio::test]
async fn a_passkey_is_enough_where_everybody_needs_a_second_factor_and_for_every_context() {
    let gold = |settings: &mut Settings| {
        settings.second_factor = SecondFactor::Required;
        let ladder: Vec<domain::AuthenticationContext> =
            ["bronze", "gold"].iter().map(|name| name.parse().unwrap()).collect();
        let ladder = domain::AuthenticationContexts::try_from(ladder).unwrap();
        settings.authentication_contexts = ladder.with_two_factors_from(&"gold".parse().unwrap()).unwrap();
    };
    let lenient = start().await;
    let (ada, _, mut passkey) = enrolled(&lenient).await;
    let server = TestServer::with_a_name(gold).await;
    let same = server.user("ada").await;
    let moved = Passkey { user: same.id, ..kept(&lenient, &ada).await.remove(0) };
    let event = domain::AuditEvent::new(server.now(), domain::Actor::CommandLine, "test", &same.id);
    server.ports.passkeys.add(&moved, 20, &event).await.unwrap();
    passkey.origin.clone_from(&server.issuer);
    passkey.user = same.id.as_uuid().as_bytes().to_vec();
    let web = RelyingParty::confidential(&server, "web").await;
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["gold"]}}}"#;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("claims", essential)])).await.page();
    let consent = use_passkey(&browser, &login, &mut passkey).await.page();
    let back = browser.allow(&consent).await.client();
    let tokens = web.redeemed(Callback::from_url(&back).code()).await;
    assert_eq!(tokens.claims("id_token")["acr"], "gold");
    assert!(is_signed_in(&browser).await);
}

#[tokio::test]
async fn the_user_who_is_expected_is_the_one_who_has_to_sign_in() {
    let server = start().await;
    let (_, _, mut passkey) = enrolled(&server).await;
    server.user("bob").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "bob", &[]).await;
    let hint = tokens.text("id_token");
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("id_token_hint", hint)])).await.page();
    let back = use_passkey(&browser, &login, &mut passkey).await.client();
    assert_eq!(Callback::from_url(&back).get("error"), Some("login_required"));
}

#[tokio::test]
async fn a_session_is_renewed_and_its_cookie_changes() {
    let server = start().await;
    let (ada, browser, mut passkey) = enrolled(&server).await;
    let before = browser.cookies();
    server.clock.advance(chrono::Duration::minutes(6));
    let login = browser.open(PASSKEYS).await.page();
    assert!(login.has("#login"), "a sensitive page asks again");
    let page = use_passkey(&browser, &login, &mut passkey).await.page();
    assert!(page.has("#passkey"), "{}", page.html);
    let session = |cookies: &[(String, String)]| {
        cookies.iter().find(|(name, _)| name.contains("session")).map(|(_, value)| value.clone())
    };
    assert!(session(&before).is_some() && session(&before) != session(&browser.cookies()));
    let sessions = server.ports.sessions.list(ada.id, None, 10, server.now()).await.unwrap();
    assert_eq!(sessions.len(), 1);
}

#[tokio::test]
async fn where_the_server_has_no_name_there_are_no_passkeys_and_the_page_says_so() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(PASSKEYS).await.page();
    assert!(!login.has("#passkey") && login.has("input[autocomplete=username]"));
    let page = browser.sign_in(&login, "ada").await.page();
    assert!(page.text("#no-passkeys").contains("a name"), "{}", page.html);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
}

#[tokio::test]
async fn only_the_script_of_passkeys_runs_on_the_login_page() {
    let server = start().await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    let script = login.resolved(&login.attribute("script", "src"));
    let policy = login.headers["content-security-policy"].to_str().unwrap();
    for part in
        [&format!("script-src {script};"), "require-trusted-types-for 'script'", "trusted-types 'none'"]
    {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    let answer = browser.http().get(&script).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
}

#[tokio::test]
async fn a_lockout_of_the_password_does_not_lock_the_passkey_out() {
    let server = start().await;
    let (_, _, mut passkey) = enrolled(&server).await;
    let stranger = Browser::new(&server.issuer);
    let mut login = stranger.open("/login").await.page();
    for _ in 0..11 {
        login = stranger.submit(&login, &[("username", "ada"), ("password", "wrong")]).await.page();
    }
    assert_eq!(login.status, 429);
    use_passkey(&stranger, &login, &mut passkey).await;
    assert!(is_signed_in(&stranger).await);
}
