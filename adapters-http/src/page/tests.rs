//! Every page as a snapshot, and checks that apply to all pages.

mod admin;
mod factors;

use std::sync::Arc;

use askama::Template;
use domain::{AccountPage, Branding, LinkKind, OperatorLogo, SupportContact};

use super::account::*;
use super::*;
use crate::language::Language;
use crate::language::tests::fragments;

/// Breaks out of an attribute and out of an element, where either is not escaped.
const HOSTILE: &str = "\"'><script>alert(1)</script>";

fn client() -> ClientCard {
    ClientCard {
        is_unverified: false,
        name: "Harbour Notes".into(),
        host: Some("notes.example.com".into()),
        logo: Some("/logos/notes/digest".into()),
        policy_uri: Some("https://notes.example.com/privacy".into()),
        tos_uri: Some("https://notes.example.com/terms".into()),
    }
}

fn login() -> LoginPage {
    LoginPage {
        base: Base::default(),
        language: Language::english(),
        action: "/login".into(),
        interaction: Some("interaction-1".into()),
        form_token: "form-token-1".into(),
        username: String::new(),
        problem: None,
        client: Some(client()),
        can_cancel: true,
        can_reset: true,
        can_sign_up: true,
        passkey: None,
    }
}

fn consent() -> ConsentPage {
    let scope = |name: &str| ScopeLine { name: name.into(), description: None };
    ConsentPage {
        base: Base::default(),
        language: Language::english(),
        action: "/consent".into(),
        interaction: "interaction-1".into(),
        form_token: "form-token-1".into(),
        client: client(),
        account: "ada".into(),
        switch: "/login?interaction=interaction-1&switch=true".into(),
        is_claimable: true,
        scopes: vec![scope("openid"), scope("email"), scope("harbour.read")],
        claims: vec![ClaimLine { name: "birthdate".into() }],
        resources: vec![
            ResourceLine {
                name: Some("Harbour Archive".into()),
                id: "https://archive.example.com/v1".into(),
            },
            ResourceLine { name: None, id: "https://login.example.com".into() },
        ],
        offline: true,
        lasts: AccessLifetime { seconds: 7 * 86_400 },
    }
}

fn device_code() -> DeviceCodePage {
    DeviceCodePage {
        base: Base::default(),
        language: Language::english(),
        action: "/oauth/device/verify".into(),
        interaction: "interaction-1".into(),
        form_token: "form-token-1".into(),
        must_type: false,
        problem: None,
    }
}

fn device_approval() -> DeviceApprovalPage {
    let consent = consent();
    DeviceApprovalPage {
        base: Base::default(),
        language: Language::english(),
        action: "/oauth/device/verify".into(),
        interaction: consent.interaction,
        form_token: consent.form_token,
        user_code: "BCDF-GHJK".into(),
        client: consent.client,
        account: consent.account,
        switch: consent.switch,
        is_claimable: true,
        scopes: consent.scopes,
        resources: consent.resources,
        offline: true,
        lasts: consent.lasts,
    }
}

fn no_access() -> NoAccessPage {
    let consent = consent();
    NoAccessPage {
        base: Base::default(),
        language: Language::english(),
        action: consent.action,
        interaction: consent.interaction,
        form_token: consent.form_token,
        client: ClientCard { host: None, ..consent.client },
        account: consent.account,
        switch: "/login?interaction=interaction-1".into(),
        is_device: false,
    }
}

fn error() -> ErrorPage {
    ErrorPage {
        base: Base::default(),
        language: Language::english(),
        heading: "The application sent a wrong request".into(),
        explanation: "It asked for something that this server cannot do.".into(),
        code: "invalid_request".into(),
        description: "The redirect URI of this request is not registered for the application.".into(),
        reference: "K7QM-2D4X".into(),
        way_back: None,
        next: Some(("/".into(), "To the start page".into())),
    }
}

fn logout() -> LogoutPage {
    LogoutPage {
        base: Base::default(),
        language: Language::english(),
        action: "/oauth/logout".into(),
        interaction: Some("interaction-1".into()),
        form_token: "form-token-1".into(),
        account: Some("ada".into()),
        client_name: Some("Harbour Notes".into()),
        host: None,
    }
}

fn logged_out() -> LoggedOutPage {
    LoggedOutPage {
        base: Base::default(),
        language: Language::english(),
        has_ended: true,
        continue_uri: Some("https://notes.example.com/bye?state=1&x=2".into()),
        asks_about: None,
        client_name: Some("Harbour Notes".into()),
        frontchannel: vec!["https://notes.example.com/out?iss=a&sid=b".into()],
    }
}

fn new_password() -> NewPasswordPage {
    NewPasswordPage {
        base: Base::default(),
        language: Language::english(),
        is_invitation: true,
        action: "/invite".into(),
        form_token: "form-token-1".into(),
        token: "token-1".into(),
        username: "ada".into(),
        server: "login.example.com".into(),
        problem: None,
    }
}

fn confirm_email() -> ConfirmEmailPage {
    ConfirmEmailPage {
        base: Base::default(),
        language: Language::english(),
        action: "/verify".into(),
        form_token: "form-token-1".into(),
        token: "token-1".into(),
        username: "ada".into(),
        email: "ada@example.com".into(),
        server: "login.example.com".into(),
    }
}

fn forgot() -> ForgotPage {
    ForgotPage {
        base: Base::default(),
        language: Language::english(),
        action: "/forgot".into(),
        form_token: "form-token-1".into(),
        username: String::new(),
        problem: None,
    }
}

fn sign_up() -> SignUpPage {
    SignUpPage {
        base: Base::default(),
        language: Language::english(),
        action: "/register".into(),
        form_token: "form-token-1".into(),
        name: String::new(),
        email: String::new(),
        problem: None,
    }
}

fn sign_up_confirm() -> SignUpConfirmPage {
    SignUpConfirmPage {
        base: Base::default(),
        language: Language::english(),
        action: "/register/confirm".into(),
        form_token: "form-token-1".into(),
        token: "token-1".into(),
        name: "Grace <b>".into(),
        email: "grace@example.com".into(),
        server: "login.example.com".into(),
        asks_password: true,
        problem: None,
    }
}

fn sign_up_answer(answer: SignUpAnswer) -> SignUpAnswerPage {
    SignUpAnswerPage { base: Base::default(), language: Language::english(), answer }
}

fn link_done(kind: LinkKind) -> LinkDonePage {
    LinkDonePage { base: Base::default(), language: Language::english(), kind, username: "ada".into() }
}

fn link_over(kind: LinkKind) -> LinkOverPage {
    LinkOverPage { base: Base::default(), language: Language::english(), kind }
}

fn setup() -> SetupPage {
    SetupPage {
        base: Base::default(),
        language: Language::english(),
        action: "/setup".into(),
        form_token: "form-token-1".into(),
        token: "set-up-token-1".into(),
        username: String::new(),
        problem: None,
    }
}

fn form_post() -> FormPostPage {
    FormPostPage {
        base: Base::default(),
        language: Language::english(),
        action: "https://notes.example.com/callback?tenant=1".into(),
        parameters: vec![("code".into(), "code-1".into()), ("state".into(), "a&b".into())],
        nonce: "nonce-1".into(),
    }
}

fn desk() -> Desk {
    let link = |(page, key): &(AccountPage, &str)| NavigationLink {
        address: page.path().to_owned(),
        label: Language::english().text(key),
        is_current: *page == AccountPage::Devices,
    };
    let offered = |language: Language| LanguageLink {
        tag: language.tag(),
        name: language.text("language-name"),
        address: format!("/account/devices?ui_locales={}", language.tag()),
        is_current: language.tag() == "en",
    };
    Desk {
        account: "ada".into(),
        title: Language::english().text("account-title"),
        navigation: ACCOUNT.iter().map(link).collect(),
        other: None,
        languages: Language::shipped().map(offered).collect(),
        action: "/account/devices".into(),
        form_token: "form-token-1".into(),
        ui_locales: None,
        notice: None,
    }
}

fn moment(hours: i64) -> Moment {
    let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    Moment::new(now - chrono::Duration::hours(hours), now, Language::english())
}

fn devices() -> DevicesPage {
    let device = |session: &str, is_this, used| DeviceCard {
        session: session.into(),
        is_this,
        name: "Firefox on Windows".into(),
        address: Some("203.0.113.7".into()),
        signed_in: moment(30),
        used,
    };
    DevicesPage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        devices: vec![device("session-1", true, None), device("session-2", false, Some(moment(2)))],
    }
}

fn connections() -> ConnectionsPage {
    ConnectionsPage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        connections: vec![ConnectionCard {
            id: "notes".into(),
            client: client(),
            scopes: consent().scopes,
            claims: consent().claims,
            is_offline: true,
            since: Some(moment(100)),
            used: Some(moment(1)),
        }],
        next: Some("/account/connections?after=notes".into()),
    }
}

fn password() -> PasswordPage {
    PasswordPage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        username: "ada".into(),
        signs_out_others: true,
        back: "/account/security".into(),
        problem: None,
    }
}

fn profile() -> ProfilePage {
    let choice =
        |value: &str, label: &str, is_chosen| Choice { value: value.into(), label: label.into(), is_chosen };
    ProfilePage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        name: "Ada Lovelace".into(),
        languages: vec![choice("en", "English", false), choice("de", "Deutsch", true)],
        zones: vec![choice("Europe/London", "Europe/London", true)],
        email: Some("ada@example.com".into()),
        is_verified: true,
        change_email: Some("/account/profile/email".into()),
        fixed: vec![FixedFact { label: "Username".into(), value: "ada".into() }],
        problem: None,
    }
}

fn email() -> EmailPage {
    EmailPage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        email: String::new(),
        back: "/account/profile".into(),
        problem: None,
    }
}

fn data() -> DataPage {
    DataPage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        download: "/account/data/download".into(),
        delete: Some("/account/data/delete".into()),
    }
}

fn delete() -> DeletePage {
    DeletePage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        username: "ada".into(),
        back: "/account/data".into(),
        problem: None,
    }
}

fn activity() -> ActivityPage {
    let event = |what: &str, is_failure| EventLine {
        at: moment(3),
        what: what.into(),
        is_failure,
        device: Some("Firefox on Windows".into()),
        address: Some("203.0.113.7".into()),
    };
    ActivityPage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        events: vec![event("You signed in", false), event("A wrong password was typed", true)],
        next: Some("/account/activity?before=1".into()),
        devices: "/account/devices".into(),
        password: "/account/security/password".into(),
    }
}

fn applications() -> ApplicationsPage {
    let tile = ApplicationTile { client: client(), address: "https://notes.example.com/start".into() };
    ApplicationsPage {
        base: Base::default(),
        language: Language::english(),
        desk: desk(),
        applications: vec![tile],
    }
}

fn security() -> SecurityPage {
    let card = SecurityCard {
        id: "password",
        heading: "Password".into(),
        state: "You can sign in with a password.".into(),
        address: "/account/security/password".into(),
        label: "Change password".into(),
    };
    SecurityPage { base: Base::default(), language: Language::english(), desk: desk(), cards: vec![card] }
}

/// The page as sent, with a stylesheet path that does not change with the stylesheet.
fn rendered(page: &impl Template) -> String {
    page.render().unwrap().replace(asset::stylesheet_path(), "/assets/style.css")
}

/// Where the pages of [`every_page`] begin, and an operator with a name and a contact of this text, if it can be one.
fn base(text: &str) -> Base {
    let logo = OperatorLogo { png: Arc::from(*b"png"), width: 40, height: 40 };
    let contact = SupportContact { text: text.to_owned(), uri: Some("mailto:help@example.com".to_owned()) };
    let branding = Branding {
        name: text.parse().ok(),
        accent: "#7a1fa2".parse().ok(),
        logo: Some(logo),
        support: Some(contact),
        imprint: Some("https://example.com/imprint".to_owned()),
        privacy: Some("https://example.com/privacy?a=1&b=2".to_owned()),
    };
    Base::new(&"https://login.example.com/tenant/auth".parse().unwrap(), &branding)
}

/// Every page, with `text` in every field that is shown and `uri` in every field that is an address.
fn every_page(language: Language, text: &str, uri: &str) -> Vec<String> {
    let base = || base(text);
    let text = || text.to_owned();
    let uri = || uri.to_owned();
    let language_link = || LanguageLink {
        tag: "de",
        name: language.text("language-name"),
        address: base().path("/"),
        is_current: true,
    };
    let desk = || Desk {
        account: text(),
        title: language.text("account-title"),
        other: Some(NavigationLink {
            address: base().path("/admin"),
            label: language.text("admin-title"),
            is_current: false,
        }),
        navigation: vec![NavigationLink {
            address: base().path("/"),
            label: language.text("devices-heading"),
            is_current: true,
        }],
        languages: vec![language_link(), language_link()],
        action: base().path("/account"),
        form_token: text(),
        ui_locales: Some("de"),
        notice: Some(language.sentence("connections-withdrawn", "client", &text())),
    };
    let choice = || Choice { value: "0".to_owned(), label: language.text("language-name"), is_chosen: true };
    let moment = || Moment { machine: "0".to_owned(), ago: language.text("ago-now"), at: "0".to_owned() };
    let client = || ClientCard {
        is_unverified: true,
        name: text(),
        host: Some(text()),
        logo: Some(base().path("/logos/notes/digest")),
        policy_uri: Some(uri()),
        tos_uri: Some(uri()),
    };
    let pages = vec![
        rendered(&LoginPage {
            base: base(),
            language,
            action: text(),
            interaction: Some(text()),
            form_token: text(),
            username: text(),
            problem: Some(text()),
            client: Some(client()),
            can_cancel: true,
            can_reset: true,
            can_sign_up: true,
            passkey: None,
        }),
        rendered(&ConsentPage {
            base: base(),
            language,
            action: text(),
            interaction: text(),
            form_token: text(),
            client: client(),
            account: text(),
            switch: base().path("/login?switch=true"),
            is_claimable: true,
            scopes: vec![ScopeLine { name: text(), description: Some(text()) }],
            claims: vec![ClaimLine { name: text() }],
            resources: vec![ResourceLine { name: Some(text()), id: text() }],
            offline: true,
            lasts: AccessLifetime { seconds: 7 * 3_600 },
        }),
        rendered(&DeviceCodePage {
            base: base(),
            language,
            action: text(),
            interaction: text(),
            form_token: text(),
            must_type: true,
            problem: Some(text()),
        }),
        rendered(&DeviceApprovalPage {
            base: base(),
            language,
            action: text(),
            interaction: text(),
            form_token: text(),
            user_code: text(),
            client: client(),
            account: text(),
            switch: base().path("/login?switch=true"),
            is_claimable: true,
            scopes: vec![ScopeLine { name: text(), description: Some(text()) }],
            resources: vec![ResourceLine { name: Some(text()), id: text() }],
            offline: true,
            lasts: AccessLifetime { seconds: 7 * 3_600 },
        }),
        rendered(&NoAccessPage {
            base: base(),
            language,
            action: text(),
            interaction: text(),
            form_token: text(),
            client: client(),
            account: text(),
            switch: base().path("/login"),
            is_device: false,
        }),
        rendered(&DeviceDonePage { base: base(), language, client_name: text(), allowed: true }),
        rendered(&DeviceDonePage { base: base(), language, client_name: text(), allowed: false }),
        rendered(&NewPasswordPage {
            base: base(),
            language,
            is_invitation: true,
            action: text(),
            form_token: text(),
            token: text(),
            username: text(),
            server: text(),
            problem: Some(text()),
        }),
        rendered(&NewPasswordPage {
            base: base(),
            language,
            is_invitation: false,
            action: text(),
            form_token: text(),
            token: text(),
            username: text(),
            server: text(),
            problem: None,
        }),
        rendered(&ConfirmEmailPage {
            base: base(),
            language,
            action: text(),
            form_token: text(),
            token: text(),
            username: text(),
            email: text(),
            server: text(),
        }),
        rendered(&ForgotPage {
            base: base(),
            language,
            action: text(),
            form_token: text(),
            username: text(),
            problem: Some(text()),
        }),
        rendered(&ForgotSentPage { base: base(), language }),
        rendered(&LinkDonePage { base: base(), language, kind: LinkKind::Invitation, username: text() }),
        rendered(&LinkDonePage { base: base(), language, kind: LinkKind::PasswordReset, username: text() }),
        rendered(&LinkDonePage { base: base(), language, kind: LinkKind::EmailChange, username: text() }),
        rendered(&LinkOverPage { base: base(), language, kind: LinkKind::Invitation }),
        rendered(&LinkOverPage { base: base(), language, kind: LinkKind::PasswordReset }),
        rendered(&LinkOverPage { base: base(), language, kind: LinkKind::EmailChange }),
        rendered(&ErrorPage {
            base: base(),
            language,
            heading: language.text("error-refused-heading"),
            explanation: text(),
            code: text(),
            description: text(),
            reference: text(),
            way_back: Some(WayBack { to: text(), is_verified: true, target: uri(), fields: Vec::new() }),
            next: None,
        }),
        rendered(&ErrorPage {
            base: base(),
            language,
            heading: language.text("error-refused-heading"),
            explanation: text(),
            code: text(),
            description: text(),
            reference: text(),
            way_back: Some(WayBack {
                to: text(),
                is_verified: false,
                target: uri(),
                fields: vec![(text(), text())],
            }),
            next: None,
        }),
        rendered(&ErrorPage {
            base: base(),
            language,
            heading: language.text("error-refused-heading"),
            explanation: text(),
            code: text(),
            description: text(),
            reference: text(),
            way_back: None,
            next: Some((base().path("/"), text())),
        }),
        rendered(&ErrorReferencePage { base: base(), language, reference: text() }),
        rendered(&LogoutPage {
            base: base(),
            language,
            action: text(),
            interaction: Some(text()),
            form_token: text(),
            account: Some(text()),
            client_name: Some(text()),
            host: Some(text()),
        }),
        rendered(&LoggedOutPage {
            base: base(),
            language,
            has_ended: true,
            continue_uri: Some(uri()),
            asks_about: None,
            client_name: Some(text()),
            frontchannel: vec![uri()],
        }),
        rendered(&LoggedOutPage {
            base: base(),
            language,
            has_ended: false,
            continue_uri: Some(uri()),
            asks_about: Some(text()),
            client_name: None,
            frontchannel: Vec::new(),
        }),
        rendered(&SetupPage {
            base: base(),
            language,
            action: text(),
            form_token: text(),
            token: text(),
            username: text(),
            problem: Some(text()),
        }),
        rendered(&SetupDonePage { base: base(), language, username: text() }),
        rendered(&SetupOverPage { base: base(), language }),
        rendered(&SignedInPage {
            base: base(),
            language,
            account: text(),
            client_name: Some(text()),
            way_back: Some(uri()),
        }),
        rendered(&FormPostPage {
            base: base(),
            language,
            action: uri(),
            parameters: vec![(text(), text())],
            nonce: text(),
        }),
        rendered(&LoggedOutPage {
            base: base(),
            language,
            has_ended: true,
            continue_uri: None,
            asks_about: None,
            client_name: None,
            frontchannel: Vec::new(),
        }),
        rendered(&LoggedOutPage {
            base: base(),
            language,
            has_ended: false,
            continue_uri: None,
            asks_about: None,
            client_name: None,
            frontchannel: Vec::new(),
        }),
        rendered(&LoginPage {
            base: base(),
            language,
            action: text(),
            interaction: None,
            form_token: text(),
            username: String::new(),
            problem: None,
            client: None,
            can_cancel: false,
            can_reset: false,
            can_sign_up: false,
            passkey: None,
        }),
        rendered(&ApplicationsPage {
            base: base(),
            language,
            desk: desk(),
            applications: vec![ApplicationTile { client: client(), address: uri() }],
        }),
        rendered(&ApplicationsPage { base: base(), language, desk: desk(), applications: Vec::new() }),
        rendered(&SecurityPage {
            base: base(),
            language,
            desk: desk(),
            cards: vec![SecurityCard {
                id: "password",
                heading: language.text("password"),
                state: language.text("security-password-set"),
                address: base().path("/"),
                label: language.text("security-password-change"),
            }],
        }),
        rendered(&PasswordPage {
            base: base(),
            language,
            desk: desk(),
            username: text(),
            signs_out_others: true,
            back: base().path("/"),
            problem: Some(language.text("password-common")),
        }),
        rendered(&ProfilePage {
            base: base(),
            language,
            desk: desk(),
            name: text(),
            languages: vec![choice()],
            zones: vec![choice()],
            email: Some(text()),
            is_verified: true,
            change_email: Some(base().path("/")),
            fixed: vec![FixedFact { label: language.text("username"), value: text() }],
            problem: Some(language.text("profile-name-refused")),
        }),
        rendered(&ProfilePage {
            base: base(),
            language,
            desk: desk(),
            name: text(),
            languages: Vec::new(),
            zones: Vec::new(),
            email: None,
            is_verified: false,
            change_email: None,
            fixed: Vec::new(),
            problem: None,
        }),
        rendered(&EmailPage {
            base: base(),
            language,
            desk: desk(),
            email: text(),
            back: base().path("/"),
            problem: Some(language.text("profile-email-refused")),
        }),
        rendered(&DataPage {
            base: base(),
            language,
            desk: desk(),
            download: base().path("/"),
            delete: Some(base().path("/")),
        }),
        rendered(&DeletePage {
            base: base(),
            language,
            desk: desk(),
            username: text(),
            back: base().path("/"),
            problem: Some(language.text("data-delete-last")),
        }),
        rendered(&PasskeysPage { desk: desk(), ..factors::account_passkeys(&base(), language, &text()) }),
        rendered(&PasskeysPage {
            desk: desk(),
            offer: OfferView::Refused { why: text() },
            passkeys: Vec::new(),
            codes: None,
            problem: None,
            ..factors::account_passkeys(&base(), language, &text())
        }),
        rendered(&DevicesPage {
            base: base(),
            language,
            desk: desk(),
            devices: [true, false]
                .map(|is_this| DeviceCard {
                    session: text(),
                    is_this,
                    name: language.text("device-unknown"),
                    address: Some(text()),
                    signed_in: moment(),
                    used: Some(moment()),
                })
                .into(),
        }),
        rendered(&ConnectionsPage {
            base: base(),
            language,
            desk: desk(),
            connections: vec![ConnectionCard {
                id: text(),
                client: client(),
                scopes: vec![ScopeLine { name: text(), description: Some(text()) }],
                claims: vec![ClaimLine { name: text() }],
                is_offline: true,
                since: Some(moment()),
                used: Some(moment()),
            }],
            next: Some(base().path("/")),
        }),
        rendered(&ConnectionsPage {
            base: base(),
            language,
            desk: desk(),
            connections: Vec::new(),
            next: None,
        }),
        rendered(&ActivityPage {
            base: base(),
            language,
            desk: desk(),
            events: vec![EventLine {
                at: moment(),
                what: language.text("activity-signed-in"),
                is_failure: true,
                device: Some(language.text("device-unknown")),
                address: Some(text()),
            }],
            next: Some(base().path("/")),
            devices: base().path("/"),
            password: base().path("/"),
        }),
        rendered(&ActivityPage {
            base: base(),
            language,
            desk: desk(),
            events: Vec::new(),
            next: None,
            devices: base().path("/"),
            password: base().path("/"),
        }),
        rendered(&DocsPage {
            base: base(),
            language: Language::english(),
            issuer: text(),
            grant_types: vec!["authorization_code"],
        }),
    ];
    let admin = admin::every_page(language, &base(), &desk(), &text());
    factors::every_page(language, &base(), &text()).into_iter().chain(admin).chain(pages).collect()
}

#[test]
fn the_pages_are_as_reviewed() {
    insta::assert_snapshot!("login", rendered(&login()));
    let grant_types = vec!["authorization_code", "client_credentials"];
    insta::assert_snapshot!(
        "docs",
        rendered(&DocsPage {
            base: Base::default(),
            language: Language::english(),
            issuer: "https://login.example.com".into(),
            grant_types
        })
    );
    insta::assert_snapshot!(
        "login_refused",
        rendered(&LoginPage {
            interaction: None,
            username: "ada".into(),
            problem: Some("That username and password do not belong together.".into()),
            client: None,
            ..login()
        })
    );
    insta::assert_snapshot!("consent", rendered(&consent()));
    insta::assert_snapshot!("device_code", rendered(&device_code()));
    insta::assert_snapshot!("device_approval", rendered(&device_approval()));
    for (name, allowed) in [("device_allowed", true), ("device_denied", false)] {
        insta::assert_snapshot!(
            name,
            rendered(&DeviceDonePage {
                base: Base::default(),
                language: Language::english(),
                client_name: "Harbour Notes".into(),
                allowed
            })
        );
    }
    insta::assert_snapshot!("no_access", rendered(&no_access()));
    insta::assert_snapshot!("error", rendered(&error()));
    insta::assert_snapshot!(
        "error_reference",
        rendered(&ErrorReferencePage {
            base: Base::default(),
            language: Language::english(),
            reference: "K7QM-2D4X".into()
        })
    );
    insta::assert_snapshot!("logout", rendered(&logout()));
    insta::assert_snapshot!("logged_out", rendered(&logged_out()));
    insta::assert_snapshot!("setup", rendered(&setup()));
    insta::assert_snapshot!(
        "setup_done",
        rendered(&SetupDonePage {
            base: Base::default(),
            language: Language::english(),
            username: "ada".into()
        })
    );
    insta::assert_snapshot!("invite", rendered(&new_password()));
    let reset = NewPasswordPage { is_invitation: false, action: "/reset".into(), ..new_password() };
    insta::assert_snapshot!("reset", rendered(&reset));
    insta::assert_snapshot!("confirm_email", rendered(&confirm_email()));
    insta::assert_snapshot!("forgot", rendered(&forgot()));
    let sent = ForgotSentPage { base: Base::default(), language: Language::english() };
    insta::assert_snapshot!("forgot_sent", rendered(&sent));
    insta::assert_snapshot!("sign_up", rendered(&sign_up()));
    insta::assert_snapshot!("sign_up_confirm", rendered(&sign_up_confirm()));
    for answer in [SignUpAnswer::Sent, SignUpAnswer::Waiting, SignUpAnswer::Over, SignUpAnswer::ByInvitation]
    {
        let page = sign_up_answer(answer);
        insta::assert_snapshot!(format!("sign_up_{:?}", page.answer).to_lowercase(), rendered(&page));
    }
    insta::assert_snapshot!("link_done", rendered(&link_done(LinkKind::PasswordReset)));
    insta::assert_snapshot!("link_over", rendered(&link_over(LinkKind::PasswordReset)));
    insta::assert_snapshot!(
        "signed_in",
        rendered(&SignedInPage {
            base: Base::default(),
            language: Language::english(),
            account: "ada".into(),
            client_name: Some("Harbour Notes".into()),
            way_back: Some("https://notes.example.com/".into()),
        })
    );
    insta::assert_snapshot!("form_post", rendered(&form_post()));
    insta::assert_snapshot!("account_applications", rendered(&applications()));
    let none = ApplicationsPage { applications: Vec::new(), ..applications() };
    insta::assert_snapshot!("account_without_applications", rendered(&none));
    insta::assert_snapshot!("account_security", rendered(&security()));
    insta::assert_snapshot!("account_password", rendered(&password()));
    let refused =
        PasswordPage { problem: Some("Choose another.".into()), signs_out_others: false, ..password() };
    insta::assert_snapshot!("account_password_refused", rendered(&refused));
    insta::assert_snapshot!("account_profile", rendered(&profile()));
    insta::assert_snapshot!("account_email", rendered(&email()));
    insta::assert_snapshot!("account_data", rendered(&data()));
    insta::assert_snapshot!("account_delete", rendered(&delete()));
    insta::assert_snapshot!("account_devices", rendered(&devices()));
    insta::assert_snapshot!("account_connections", rendered(&connections()));
    insta::assert_snapshot!("account_activity", rendered(&activity()));
}

#[test]
fn every_link_to_ourselves_begins_at_the_base() {
    for page in every_page(Language::english(), "x", "https://app.example.com/x") {
        assert!(page.contains("href=\"/tenant/auth/assets/style.css\""), "{page}");
        for attribute in ["href=\"/", "src=\"/", "action=\"/"] {
            let links = page.matches(attribute).count();
            assert_eq!(links, page.matches(&format!("{attribute}tenant/auth/")).count(), "{page}");
        }
    }
}

#[test]
fn no_field_can_write_markup() {
    let clean = every_page(Language::english(), "x", "https://app.example.com/x");
    let hostile = every_page(Language::english(), HOSTILE, &format!("https://app.example.com/{HOSTILE}"));
    for (clean, hostile) in clean.iter().zip(&hostile) {
        assert!(!hostile.contains("<script>"), "{hostile}");
        for mark in ['<', '>', '"'] {
            assert_eq!(clean.matches(mark).count(), hostile.matches(mark).count(), "{hostile}");
        }
    }
}

#[test]
fn no_address_can_run_as_a_script() {
    for uri in ["javascript:alert(1)", "JavaScript:alert(1)", "\tjavascript:alert(1)", "data:text/html,x"] {
        for page in every_page(Language::english(), "x", uri) {
            assert!(!page.to_ascii_lowercase().contains("javascript:"), "{page}");
            assert!(!page.contains("data:text/html"), "{page}");
        }
    }
}

#[test]
fn no_page_needs_more_than_the_content_security_policy_allows() {
    for page in every_page(Language::english(), "x", "https://app.example.com/x") {
        assert!(!page.contains("style="), "{page}");
        assert!(!page.contains("<style"), "{page}");
        let handler = page.split_whitespace().find(|word| word.starts_with("on") && word.contains('='));
        assert_eq!(handler, None, "{page}");
        let ours =
            format!("<script type=\"module\" src=\"/tenant/auth{}\"></script>", asset::passkeys_path());
        let allowed = page.matches("<script nonce=\"x\">").count() + page.matches(&ours).count();
        assert_eq!(page.matches("<script").count(), allowed, "{page}");
    }
}

#[test]
fn every_page_names_its_language_its_title_and_its_viewport() {
    for language in Language::shipped() {
        let mut pages = every_page(language, "x", "https://app.example.com/x");
        let documentation = pages.pop().unwrap();
        assert!(
            documentation.starts_with("<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"),
            "{documentation}"
        );
        let start =
            format!("<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction());
        for page in pages {
            assert!(page.starts_with(&start), "{page}");
            assert!(
                page.contains("<title>") && !page.contains("<title> - ") && page.contains(" - x</title>"),
                "{page}"
            );
            assert!(
                page.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            );
            assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"));
            assert_eq!(page.matches("<h1").count(), 1, "{page}");
            assert!(page.matches(" autofocus").count() <= 1, "{page}");
        }
    }
}

#[test]
fn every_form_says_which_language_its_page_is_in() {
    let japanese = Language::find("ja").unwrap();
    for page in every_page(japanese, "x", "https://app.example.com/x") {
        let to_us = page.matches("action=\"x\"").count();
        let fields = "name=\"ui_locales\" value=\"ja\"";
        assert_eq!(page.matches(fields).count(), to_us, "{page}");
    }
}

/// The texts that a page shows or a screen reader reads, piece by piece.
fn texts(page: &str) -> Vec<String> {
    let script = page.find("<script").zip(page.find("</script>"));
    let page = match script {
        Some((start, end)) => format!("{}{}", &page[..start], &page[end..]),
        None => page.to_owned(),
    };
    let shown = page.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let attributes = ["title=\"", "aria-label=\"", "alt=\"", "placeholder=\""];
    let read_out = attributes
        .iter()
        .flat_map(|name| page.split(name).skip(1))
        .filter_map(|rest| rest.split_once('"').map(|(value, _)| value));
    let pieces = shown.chain(read_out).map(|text| text.trim().to_owned());
    pieces.filter(|text| !text.is_empty()).collect()
}

#[test]
fn everything_a_page_says_is_a_message_of_its_language() {
    for language in Language::shipped() {
        let known = fragments(language);
        let mut pages = every_page(language, "0", "https://app.example.com/x");
        pages.pop();
        for page in pages {
            for text in texts(&page) {
                // A title: perhaps that there is an error, the page, the account, the operator.
                let text = text.trim_end_matches(" - 0");
                let text = text.strip_prefix(&language.text("error-prefix")).unwrap_or(text).trim();
                let is_ours =
                    |text: &str| known.contains(text) || ["0", "offline_access", "▲"].contains(&text);
                let ours = is_ours(text) || text.split(" - ").all(is_ours);
                assert!(ours, "{:?} is no {} message: {page}", text, language.tag());
            }
        }
    }
}

#[test]
fn a_name_is_shown_apart_from_the_words_around_it() {
    // Arabic, an override that would turn the rest of the line around, and an isolate that is never closed.
    let name = "\u{627}\u{644}\u{645}\u{64a}\u{646}\u{627}\u{621} \u{202e}evil\u{2067}";
    for language in Language::shipped() {
        for page in every_page(language, name, "https://app.example.com/x") {
            let shown: Vec<_> = page.split('<').filter(|part| part.contains(name)).collect();
            for part in shown {
                let (element, _) = part.split_once('>').unwrap();
                // Alone in an element, or an invisible value.
                let alone = [
                    "bdi",
                    "code",
                    "h1 id=",
                    "p id=",
                    "p class=\"problem\"",
                    "p class=\"code\"",
                    "dd ",
                    "span lang=",
                ];
                let unseen = ["form ", "input ", "script nonce=", "a ", "img ", "option ", "textarea "];
                let apart = alone.iter().chain(&unseen).any(|start| element.starts_with(start));
                assert!(apart, "{part}");
            }
        }
    }
}

#[test]
fn the_names_and_ids_are_the_promised_ones() {
    let promised: [(String, &[&str]); 18] = [
        (
            rendered(&login()),
            &[
                "<form method=\"post\" action=\"/login\">",
                "name=\"username\"",
                "autocomplete=\"username\"",
                "name=\"password\" type=\"password\" autocomplete=\"current-password\"",
                "id=\"login\" type=\"submit\"",
                "id=\"forgot\" href=\"/forgot\"",
                "id=\"cancel\" type=\"submit\" name=\"decision\" value=\"cancel\" formnovalidate",
                "name=\"form_token\" value=\"form-token-1\"",
                "name=\"interaction\" value=\"interaction-1\"",
                "src=\"/logos/notes/digest\" alt=\"\"",
                "href=\"https://notes.example.com/privacy\" target=\"_blank\" rel=\"noopener noreferrer\"",
                "href=\"https://notes.example.com/terms\" target=\"_blank\" rel=\"noopener noreferrer\"",
            ],
        ),
        (
            rendered(&consent()),
            &[
                "<form method=\"post\" action=\"/consent\">",
                "id=\"allow\" type=\"submit\" name=\"decision\" value=\"allow\"",
                "id=\"deny\" type=\"submit\" name=\"decision\" value=\"deny\"",
                "name=\"form_token\"",
                "name=\"interaction\"",
                "notes.example.com</bdi>",
            ],
        ),
        (
            rendered(&device_code()),
            &["name=\"user_code\"", "id=\"continue\" type=\"submit\"", "name=\"form_token\""],
        ),
        (
            rendered(&device_approval()),
            &[
                "id=\"allow\" type=\"submit\" name=\"decision\" value=\"allow\"",
                "id=\"deny\" type=\"submit\" name=\"decision\" value=\"deny\"",
                "id=\"user-code\">BCDF-GHJK</p>",
                "name=\"form_token\"",
                "name=\"interaction\"",
            ],
        ),
        (
            rendered(&error()),
            &[
                "<h1 id=\"error\">The application sent a wrong request</h1>",
                "<code id=\"error-code\">invalid_request</code>",
                "href=\"/errors/K7QM-2D4X\"",
            ],
        ),
        (
            rendered(&logout()),
            &["id=\"logout\" type=\"submit\"", "name=\"form_token\"", "name=\"interaction\""],
        ),
        (
            rendered(&logged_out()),
            &[
                "<h1 id=\"logged-out\">",
                "<iframe hidden sandbox=\"allow-scripts allow-same-origin\"",
                "<meta http-equiv=\"refresh\" content=\"2;url=https://notes.example.com/bye?",
                "id=\"continue\"",
            ],
        ),
        (
            rendered(&setup()),
            &[
                "name=\"username\"",
                "name=\"password\" type=\"password\" autocomplete=\"new-password\"",
                "name=\"password_again\" type=\"password\" autocomplete=\"new-password\"",
                "name=\"token\" value=\"set-up-token-1\"",
                "name=\"form_token\"",
                "id=\"create\" type=\"submit\"",
            ],
        ),
        (
            rendered(&new_password()),
            &[
                "<form method=\"post\" action=\"/invite\">",
                "value=\"ada\" autocomplete=\"username\"",
                "name=\"password\" type=\"password\" autocomplete=\"new-password\"",
                "name=\"password_again\" type=\"password\" autocomplete=\"new-password\"",
                "name=\"token\" value=\"token-1\"",
                "name=\"form_token\"",
                "id=\"accept\" type=\"submit\"",
            ],
        ),
        (
            rendered(&NewPasswordPage { is_invitation: false, ..new_password() }),
            &["id=\"set-password\" type=\"submit\""],
        ),
        (
            rendered(&confirm_email()),
            &["name=\"token\"", "name=\"form_token\"", "id=\"confirm\" type=\"submit\"", "ada@example.com"],
        ),
        (
            rendered(&forgot()),
            &[
                "<form method=\"post\" action=\"/forgot\">",
                "name=\"username\"",
                "id=\"send\" type=\"submit\"",
            ],
        ),
        (
            rendered(&sign_up()),
            &[
                "<form method=\"post\" action=\"/register\">",
                "name=\"name\"",
                "name=\"email\" type=\"email\"",
                "name=\"password\" type=\"password\" autocomplete=\"new-password\"",
                "id=\"create\" type=\"submit\"",
            ],
        ),
        (
            rendered(&sign_up_confirm()),
            &["name=\"token\" value=\"token-1\"", "id=\"confirm\" type=\"submit\"", "Grace &#60;b&#62;"],
        ),
        (
            rendered(&sign_up_answer(SignUpAnswer::Done("grace".into()))),
            &["<h1 id=\"register-done\">", "grace"],
        ),
        (rendered(&link_over(LinkKind::Invitation)), &["<h1 id=\"link-over\">", "href=\"/login\""]),
        (
            rendered(&form_post()),
            &[
                "action=\"https://notes.example.com/callback?tenant=1\"",
                "name=\"code\" value=\"code-1\"",
                "<script nonce=\"nonce-1\">",
                "<noscript>",
            ],
        ),
        (rendered(&devices()), &["href=\"/oauth/logout\"", "name=\"form_token\"", "name=\"session\""]),
    ];
    for (page, parts) in promised {
        for part in parts {
            assert!(page.contains(part), "{part} is missing from {page}");
        }
    }
}

#[test]
fn a_problem_is_announced_and_tied_to_the_fields() {
    let page = rendered(&LoginPage { problem: Some("Try again.".into()), ..login() });
    assert!(page.contains("id=\"problem\" role=\"alert\">Try again.</p>"));
    assert_eq!(page.matches("aria-describedby=\"problem\"").count(), 2);
}

#[test]
fn the_first_empty_field_has_the_focus() {
    let focused = |page: &str, id: &str| {
        page.lines().any(|line| line.contains(&format!("id=\"{id}\"")) && line.contains(" autofocus"))
    };
    assert!(focused(&rendered(&login()), "username"));
    assert!(focused(&rendered(&LoginPage { username: "ada".into(), ..login() }), "password"));
    assert!(focused(&rendered(&device_code()), "user_code"));
    assert!(!rendered(&consent()).contains("autofocus"));
    assert!(!rendered(&device_approval()).contains("autofocus"));
}

#[test]
fn a_form_post_to_a_private_use_scheme_has_no_form() {
    let page = rendered(&FormPostPage { action: "com.example.app:/callback".into(), ..form_post() });
    assert!(!page.contains("<form") && !page.contains("<script") && !page.contains("code-1"));
}

#[test]
fn every_page_says_whose_login_it_is_and_whom_to_ask() {
    for page in every_page(Language::english(), "Harbour Club", "https://app.example.com/x") {
        assert!(
            page.contains(" - Harbour Club</title>")
                && ["</header>", "</div>\n<p class=\"who small\">"]
                    .iter()
                    .any(|end| page.contains(&format!("<bdi>Harbour Club</bdi>\n{end}"))),
            "{page}"
        );
        assert!(page.contains("<a href=\"mailto:help@example.com\"><bdi>Harbour Club</bdi></a>"), "{page}");
        assert!(
            page.contains("href=\"https://example.com/imprint\"") && page.contains("&#38;b=2\""),
            "{page}"
        );
        assert!(
            page.contains("<img src=\"/tenant/auth/assets/logo.") && page.contains("fill='%237a1fa2'"),
            "{page}"
        );
        let (ours, accent) = (page.find("/assets/style.css"), page.find("/assets/accent."));
        assert!(ours.is_some() && ours < accent, "the later stylesheet wins: {page}");
    }
}

#[test]
fn a_page_without_branding_names_the_host_and_has_no_footer() {
    let page = rendered(&login());
    assert!(page.contains("<title>Sign in - login.example.com</title>"), "{page}");
    assert!(page.contains("<header class=\"operator\">\n<bdi>login.example.com</bdi>\n</header>"), "{page}");
    assert!(!page.contains("<footer") && !page.contains("/assets/accent."), "{page}");
}

#[test]
fn a_wide_logo_stands_in_place_of_the_name() {
    let logo = OperatorLogo { png: Arc::from(*b"png"), width: 120, height: 40 };
    let branding = Branding { name: "Harbour Club".parse().ok(), logo: Some(logo), ..Branding::default() };
    let base = Base::new(&"https://login.example.com".parse().unwrap(), &branding);
    let page = rendered(&LoginPage { base, ..login() });
    assert!(page.contains("alt=\"Harbour Club\">\n</header>"), "{page}");
}

#[test]
fn the_consent_page_warns_of_what_others_could_claim_and_names_whom_to_ask() {
    let page = rendered(&consent());
    assert!(
        page.contains("Any program on this device could claim to be <bdi>Harbour Notes</bdi>."),
        "{page}"
    );
    assert!(page.contains("You can withdraw this later, in your account."), "{page}");
    assert!(page.contains("<a id=\"switch\" href=\"/login?interaction=interaction-1&#38;switch=true\">Not <bdi>ada</bdi>?</a>"), "{page}");
    let page = rendered(&ConsentPage { is_claimable: false, ..consent() });
    assert!(!page.contains("id=\"claimable\""), "{page}");
    let page = rendered(&device_approval());
    assert!(page.contains("Any device could claim to be <bdi>Harbour Notes</bdi>."), "{page}");
    assert!(
        !rendered(&DeviceApprovalPage { is_claimable: false, ..device_approval() })
            .contains("id=\"claimable\"")
    );
}

#[test]
fn only_a_way_back_that_no_operator_registered_asks_for_trust() {
    let to = |is_verified| {
        let (to, target) = ("notes.example.com".into(), "https://notes.example.com/".into());
        let way_back = Some(WayBack { to, is_verified, target, fields: Vec::new() });
        rendered(&ErrorPage { way_back, ..error() })
    };
    assert!(to(false).contains("only if you trust it") && !to(true).contains("only if you trust it"));
    for page in [to(false), to(true)] {
        assert!(page.contains("href=\"https://notes.example.com/\""), "{page}");
        assert!(
            page.contains("Back to <bdi>notes.example.com</bdi></a>") && !page.contains("id=\"next\""),
            "{page}"
        );
    }
    assert!(rendered(&error()).contains("<a class=\"button\" id=\"next\" href=\"/\">To the start page</a>"));
}
