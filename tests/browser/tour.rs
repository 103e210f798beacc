//! Visits every page of the server in one language.

use adapters_http::outbound::draw_operator_logo;
use application::Settings;
use application::settings::SecondFactor;
use domain::client::ClientAuthentication;
use domain::self_registration::{RegistrationLimits, SelfRegistration};
use domain::{Actor, AuditEvent, Branding, Digest, GrantType, LinkPurpose};
use serde_json::json;
use tests::support::{PASSWORD, RelyingParty, TestServer};

use crate::chromium::Chromium;
use crate::{ClientApp, USERNAME, admin, one_time_links, second_factor, set_up};

/// A user name that is meant to break the layout: long, and without a place to break the line.
const LONG_NAME: &str =
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsverwaltungsanwendung";

/// A name that is written from right to left.
const ARABIC_NAME: &str = "مفكرة الميناء";

/// An operator with everything that an operator can show. In English the pages are those of an operator who shows nothing.
fn brand(settings: &mut Settings, language: &str) {
    if language == "en" {
        return;
    }
    settings.branding = Branding {
        name: Some("Harbour Club".parse().expect("a name")),
        accent: Some("#1d4e89".parse().expect("a colour")),
        logo: Some(draw_operator_logo(include_bytes!("logo.png")).expect("a logo")),
        support: Some("help@harbour.example".parse().expect("a contact")),
        imprint: Some("https://harbour.example/imprint".to_owned()),
        privacy: Some("https://harbour.example/privacy".to_owned()),
    };
}

/// A program that registered itself and runs on the user's device: the page about it has every warning.
async fn stranger(server: &TestServer) -> RelyingParty {
    let party = RelyingParty::register(server, "stranger", |client| {
        client.name = Some(ARABIC_NAME.to_owned());
        client.authentication = ClientAuthentication::None;
        client.redirect_uris = vec!["http://127.0.0.1/callback".parse().expect("a URI")];
    })
    .await;
    let id = "stranger".parse().expect("an id");
    let clients = &server.ports.clients;
    let before = clients.find(&id).await.expect("an answer").expect("a client");
    let registration = SelfRegistration::new(Digest::of(b"token"), RegistrationLimits::default());
    let after = domain::Client { registration: Some(registration), ..before.clone() };
    let event = AuditEvent::new(server.now(), Actor::CommandLine, "client.update", &id);
    assert!(clients.amend(&before, &after, &event).await.expect("an answer"));
    party
}

/// A device client with informational links and without a redirect URI.
async fn tv(server: &TestServer) -> RelyingParty {
    RelyingParty::register(server, "tv", |client| {
        client.name = Some("Harbour Television".to_owned());
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode, GrantType::RefreshToken].into();
        client.redirect_uris.clear();
        client.policy_uri = Some("https://tv.example/privacy".to_owned());
        client.tos_uri = Some("https://tv.example/terms".to_owned());
    })
    .await
}

/// Visits every page in this language, and calls `look` on each with its name.
pub(crate) async fn tour(browser: &Chromium, language: &str, mut look: impl AsyncFnMut(&str)) {
    let mut stop = async |name: &str| {
        let shown = browser.sees("html").await.attr("lang").await.expect("an attribute");
        let expected = if name == "docs" { "en" } else { language };
        assert_eq!(shown.as_deref(), Some(expected), "{name}");
        look(name).await;
    };
    let server = TestServer::in_real_time_with(|settings| brand(settings, language)).await;
    let client = ClientApp::start(&server, "notes").await;
    let link = set_up::link(&server).await;

    browser.open(&link).await;
    browser.sees("#create").await;
    stop("setup").await;
    server.user(USERNAME).await;

    links(&server, browser, &mut stop).await;
    factors(browser, language, &mut stop).await;
    passkeys(browser, language, &mut stop).await;
    administration(browser, language, &mut stop).await;

    let scope = "openid profile email phone address offline_access read";
    browser.open(&client.registered.authorization_url(&[("scope", scope)])).await;
    browser.sees("#login").await;
    stop("login").await;
    browser.signs_in_with("not it at all").await;
    browser.sees("#problem").await;
    stop("login-refused").await;
    browser.signs_in().await;
    browser.sees("#allow").await;
    stop("consent").await;

    let long =
        RelyingParty::register(&server, "long", |client| client.name = Some(LONG_NAME.to_owned())).await;
    browser.open(&long.authorization_url(&[("scope", scope)])).await;
    browser.sees("#allow").await;
    stop("consent-long-name").await;
    browser.open(&stranger(&server).await.authorization_url(&[("scope", scope)])).await;
    browser.sees("#claimable").await;
    stop("consent-stranger").await;
    browser.clicks("#switch").await;
    browser.sees("#unverified").await;
    browser.sees("#login").await;
    stop("login-switch").await;

    let tv = tv(&server).await;
    let answer = tv.post("/oauth/device_authorization", &[("scope", scope)]).await;
    let device = RelyingParty::successful(answer).await;
    browser.open(&server.url("/oauth/device/verify")).await;
    browser.sees("#user_code").await;
    stop("device-code").await;
    browser.types("#user_code", "bcdf ghjk").await;
    browser.clicks("#continue").await;
    browser.sees("#problem").await;
    stop("device-code-refused").await;
    browser.types("#user_code", &device.text("user_code").to_lowercase()).await;
    browser.clicks("#continue").await;
    browser.sees("#allow").await;
    stop("device-approval").await;
    browser.clicks("#allow").await;
    browser.sees("#device-allowed").await;
    stop("device-allowed").await;
    let device = RelyingParty::successful(tv.post("/oauth/device_authorization", &[]).await).await;
    browser.open(device.text("verification_uri_complete")).await;
    browser.clicks("#deny").await;
    browser.sees("#device-denied").await;
    stop("device-denied").await;

    browser.open(&server.url("/oauth/authorize?client_id=nobody")).await;
    browser.sees("#error").await;
    stop("error").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.redirect_uris = vec!["https://web.example/callback".parse().expect("a URI")];
    })
    .await;
    browser.open(&web.authorization_url(&[("redirect_uri", "https://other.example/")])).await;
    browser.sees("#continue").await;
    stop("error-way-back").await;
    browser.open(&server.url("/nowhere")).await;
    browser.sees("#next").await;
    stop("error-not-found").await;
    browser.open(&server.url("/errors/K7QM-2D4X")).await;
    browser.sees(".reference").await;
    stop("error-reference").await;
    browser.open(&client.registered.authorization_url(&[("scope", scope)])).await;
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;
    account(&server, browser, language, &mut stop).await;
    browser.open(&server.url("/docs")).await;
    browser.sees("dl").await;
    stop("docs").await;
    browser.open(&server.url("/oauth/logout")).await;
    browser.sees("#logout").await;
    stop("logout").await;
    browser.clicks("#logout").await;
    browser.sees("#logged-out").await;
    stop("logged-out").await;
}

/// The pages of the account: with what the tour has left, and with nothing.
async fn account(server: &TestServer, browser: &Chromium, language: &str, stop: &mut impl AsyncFnMut(&str)) {
    for (name, start) in [("starts", "https://starts.example/"), ("long-name", "https://long.example/")] {
        RelyingParty::register(server, name, |client| {
            client.name = (name == "long-name").then(|| LONG_NAME.to_owned());
            client.details.client_uri = Some(start.to_owned());
        })
        .await;
    }
    for (path, name) in [
        ("/", "account"),
        ("/account/profile", "account-profile"),
        ("/account/security", "account-security"),
        ("/account/security/password", "account-password"),
        ("/account/devices", "account-devices"),
        ("/account/connections", "account-connections"),
        ("/account/activity", "account-activity"),
        ("/account/data", "account-data"),
    ] {
        // The person has a language of their own, which the address overrules.
        browser.open(&server.url(&format!("{path}?ui_locales={language}"))).await;
        browser.sees(".who").await;
        stop(name).await;
    }
}

/// The pages of administrators, with names of people, groups and applications that are meant to break the layout.
async fn administration(browser: &Chromium, language: &str, stop: &mut impl AsyncFnMut(&str)) {
    let server = TestServer::in_real_time_with(|settings| {
        brand(settings, language);
        // To look at every page takes longer than a sign-in is fresh.
        settings.lifetimes.fresh_sign_in = chrono::Duration::days(1);
    })
    .await;
    admin::administrator(&server).await;
    let page = |path: &str| server.url(&format!("{path}?ui_locales={language}"));
    browser.open(&page("/admin")).await;
    browser.signs_in().await;
    browser.sees("#first-app").await;
    stop("admin-new").await;
    browser.open(&page("/admin/apps")).await;
    browser.sees("#empty").await;
    stop("admin-apps-none").await;
    let grace = server.user("grace").await;
    let claims = [("name", ARABIC_NAME), ("email", "grace.hopper@a-long-name-of-a-host.harbour.example")];
    let claims: serde_json::Map<_, _> =
        claims.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let named = |user: &mut domain::User| {
        user.claims = user.claims.amended(claims.clone())?;
        Ok(())
    };
    let grace = server.users.update(grace.id, named, Actor::CommandLine).await.expect("a person");
    one_time_links::invited(&server, "invited").await;
    server.group("staff", &[&grace]).await;
    for (id, name) in [("wiki", "Harbour Wiki"), ("long", LONG_NAME), ("arabic", ARABIC_NAME)] {
        RelyingParty::register(&server, id, |client| client.name = Some(name.to_owned())).await;
    }
    server.resource("https://archive.example/v1", |_| {}).await;
    let person = format!("/admin/people/{}", grace.id);
    for (path, name) in [
        ("/admin", "admin"),
        ("/admin/people", "admin-people"),
        ("/admin/people/new", "admin-person-new"),
        (&person, "admin-person"),
        (&format!("{person}/groups"), "admin-person-groups"),
        (&format!("{person}/sign-in"), "admin-person-sign-in"),
        (&format!("{person}/devices"), "admin-person-devices"),
        (&format!("{person}/activity"), "admin-person-activity"),
        (&format!("{person}/disable"), "admin-person-disable"),
        (&format!("{person}/delete"), "admin-person-delete"),
        ("/admin/groups", "admin-groups"),
        ("/admin/groups/staff", "admin-group"),
        ("/admin/groups/staff/members", "admin-group-members"),
        ("/admin/apps", "admin-apps"),
        ("/admin/apps/new", "admin-app-kinds"),
        ("/admin/apps/new/of/web", "admin-app-new"),
        ("/admin/apps/long", "admin-app-long"),
        ("/admin/apps/wiki/sign-in", "admin-app-sign-in"),
        ("/admin/apps/wiki/access", "admin-app-access"),
        ("/admin/apps/wiki/told", "admin-app-told"),
        ("/admin/apps/wiki/proof", "admin-app-proof"),
        ("/admin/apps/wiki/advanced", "admin-app-advanced"),
        ("/admin/apps/wiki/delete", "admin-app-delete"),
        ("/admin/apis", "admin-apis"),
        ("/admin/keys", "admin-keys"),
        ("/admin/keys/rotate", "admin-keys-rotate"),
        ("/admin/activity", "admin-activity"),
        ("/admin/activity/changes", "admin-changes"),
        ("/admin/settings", "admin-settings"),
    ] {
        browser.open(&page(path)).await;
        browser.sees(".who").await;
        stop(name).await;
    }
    admin_forms(&server, browser, language, stop).await;
}

/// What the forms of administrators come to.
async fn admin_forms(
    server: &TestServer,
    browser: &Chromium,
    language: &str,
    stop: &mut impl AsyncFnMut(&str),
) {
    let page = |path: &str| server.url(&format!("{path}?ui_locales={language}"));
    browser.open(&page("/admin/people/new")).await;
    browser.clicks("#invite").await;
    browser.sees("#problem").await;
    stop("admin-person-refused").await;
    browser.types("#username", "new").await;
    browser.clicks("#invite").await;
    browser.sees("#link").await;
    stop("admin-link").await;
    browser.open(&page("/admin/apps/new/of/web")).await;
    browser.types("#client_name", "Notes").await;
    browser.types("#redirect_uris", "http://notes.example/").await;
    browser.clicks("#create").await;
    browser.sees("#problem").await;
    stop("admin-app-refused").await;
    browser.types("#redirect_uris", "https://notes.example/").await;
    browser.clicks("#create").await;
    browser.sees("#secret").await;
    stop("admin-app-made").await;
    browser.open(&page("/admin/registration-tokens/new")).await;
    browser.clicks("#create").await;
    browser.sees("#token").await;
    stop("admin-token").await;
    browser.open(&page("/admin/registration-tokens")).await;
    browser.sees("tbody").await;
    stop("admin-tokens").await;
    browser.open(&page("/oauth/logout")).await;
    browser.clicks("#logout").await;
    browser.open(&page("/admin")).await;
    browser.signs_in_as("grace").await;
    browser.sees("#error").await;
    stop("admin-forbidden").await;
}

/// The pages of second factors.
async fn factors(browser: &Chromium, language: &str, stop: &mut impl AsyncFnMut(&str)) {
    let server = TestServer::in_real_time_with(|settings| {
        brand(settings, language);
        settings.second_factor = SecondFactor::Required;
    })
    .await;
    server.user(USERNAME).await;
    // Else, the page would speak the language of the person.
    browser.open(&server.url(&format!("/account/security/app?ui_locales={language}"))).await;
    browser.signs_in().await;
    let app = second_factor::scan(browser).await;
    stop("enrol").await;
    browser.types("#code", "000").await;
    browser.clicks("#turn-on").await;
    browser.sees("#problem").await;
    stop("enrol-refused").await;
    browser.types("#code", &app.code(second_factor::real_time())).await;
    browser.clicks("#turn-on").await;
    browser.sees("#recovery-codes").await;
    stop("enrolled").await;
    browser.clicks("#continue").await;
    browser.sees("#turn-off").await;
    stop("account-app-on").await;
    browser.clicks("#codes").await;
    browser.sees("#make").await;
    stop("account-codes").await;
    browser.clicks("#make").await;
    browser.sees("#recovery-codes").await;
    stop("account-codes-new").await;
    browser.open(&server.url("/login")).await;
    browser.signs_in().await;
    browser.sees("#use-recovery").await;
    stop("second-step").await;
    browser.types("#code", "000").await;
    browser.clicks("#continue").await;
    browser.sees("#problem").await;
    stop("second-step-refused").await;
    browser.clicks("#use-recovery").await;
    browser.sees("input[name=factor][value=recovery_code]").await;
    stop("second-step-recovery").await;
}

/// The pages of passkeys, at a server that has a name.
async fn passkeys(browser: &Chromium, language: &str, stop: &mut impl AsyncFnMut(&str)) {
    let server = TestServer::with_a_name_in_real_time(|settings| {
        brand(settings, language);
        settings.second_factor = SecondFactor::Required;
    })
    .await;
    server.user(USERNAME).await;
    browser.open(&server.url(&format!("/account/security/passkeys?ui_locales={language}"))).await;
    browser.sees("#passkey:not([hidden])").await;
    stop("login-passkey").await;
    browser.signs_in().await;
    browser.sees("#add #passkey:not([hidden])").await;
    stop("enrol-passkey").await;
    let authenticator = browser.has_an_authenticator(&json!({})).await;
    browser.clicks("#add #passkey").await;
    browser.sees(".passkey").await;
    let open = "document.querySelector('details').open = true;";
    browser.page().execute(open, Vec::new()).await.expect("an execution");
    stop("account-passkeys").await;
    browser.clicks("#add #passkey").await;
    browser.sees_text("#passkey-status").await;
    stop("account-passkeys-known").await;
    browser.loses_authenticator(&authenticator).await;
    browser.open(&server.url("/login")).await;
    browser.signs_in().await;
    browser.sees("#passkey:not([hidden])").await;
    stop("second-step-passkey").await;
}

/// The pages of one-time links.
async fn links(server: &TestServer, browser: &Chromium, stop: &mut impl AsyncFnMut(&str)) {
    let grace = one_time_links::invited(server, "grace").await;
    let invitation = one_time_links::link(server, &grace, LinkPurpose::Invitation).await;
    browser.open(&invitation).await;
    browser.sees("#accept").await;
    stop("invite").await;
    browser.types("#password", PASSWORD).await;
    browser.types("#password_again", "something else").await;
    browser.clicks("#accept").await;
    browser.sees("#problem").await;
    stop("invite-refused").await;
    browser.types("#password", PASSWORD).await;
    browser.types("#password_again", PASSWORD).await;
    browser.clicks("#accept").await;
    browser.sees("#link-done").await;
    stop("invite-done").await;
    browser.open(&invitation).await;
    browser.sees("#link-over").await;
    stop("invite-over").await;
    browser.open(&one_time_links::link(server, &grace, LinkPurpose::PasswordReset).await).await;
    browser.sees("#set-password").await;
    stop("reset").await;
    let purpose = LinkPurpose::EmailChange("grace@hopper.example".to_owned());
    browser.open(&one_time_links::link(server, &grace, purpose).await).await;
    browser.sees("#confirm").await;
    stop("verify").await;
    browser.clicks("#confirm").await;
    browser.sees("#link-done").await;
    stop("verify-done").await;

    let server = TestServer::with_mail_in_real_time().await;
    browser.open(&server.url("/login")).await;
    browser.sees("#forgot").await;
    stop("login-with-mail").await;
    browser.clicks("#forgot").await;
    browser.sees("#send").await;
    stop("forgot").await;
    browser.types("#username", USERNAME).await;
    browser.clicks("#send").await;
    browser.sees("#forgot-sent").await;
    stop("forgot-sent").await;
}
