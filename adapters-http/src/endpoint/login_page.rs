//! The login page, as a person last left it.

use application::client::logos::logo_name;
use application::login::LoginView;
use axum::response::Response;
use domain::Client;

use crate::app::App;
use crate::language::Language;
use crate::page::{ClientCard, LoginPage, PasskeyRequest};

/// The user's previous input, and its problem.
#[derive(Default)]
pub(super) struct Entered {
    pub(super) username: Option<String>,
    pub(super) problem: Option<String>,
    /// The id of a passkey that is not known here.
    pub(super) unknown: Option<String>,
}

pub(super) fn show(app: &App, view: LoginView, entered: Entered, language: Language) -> Response {
    let page = LoginPage {
        base: app.base.clone(),
        language,
        action: app.path("/login"),
        interaction: Some(view.open.token.expose().to_owned()),
        form_token: view.open.form_token(),
        username: entered.username.or(view.username).unwrap_or_default(),
        problem: entered.problem,
        client: view.client.map(|client| card(app, &client, view.host, language)),
        can_cancel: view.can_cancel,
        can_reset: app.use_cases.forgotten.is_some(),
        can_sign_up: app.use_cases.sign_up.is_some(),
        passkey: view.passkey.map(|ceremony| PasskeyRequest { unknown: entered.unknown, ..ceremony.into() }),
    };
    match page.passkey {
        Some(_) => app.page_with_passkeys(&page, language),
        None => app.page(&page, language, true),
    }
}

/// How a client is shown in this language. The browser asks for its logo by itself, so the page does not wait for it.
pub(super) fn card(app: &App, client: &Client, host: Option<String>, language: Language) -> ClientCard {
    let link = |member| client.in_language(member, language.tag()).map(str::to_owned);
    ClientCard {
        name: client.display_name(language.tag()).to_owned(),
        host,
        is_unverified: !client.is_vetted(),
        logo: client
            .in_language("logo_uri", language.tag())
            .map(|uri| app.path(&format!("/logos/{}/{}", client.id, logo_name(uri)))),
        policy_uri: link("policy_uri"),
        tos_uri: link("tos_uri"),
    }
}
