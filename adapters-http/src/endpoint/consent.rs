//! `/consent`: the scopes that the application requests, and the user's answer.

use application::authorize::{ConsentForm, ConsentStep, ConsentView};
use application::resource::indicators::NamedResource;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::scope::{OFFLINE_ACCESS, STANDARD};
use domain::{Client, Scope};

use super::login_page::card;
use super::no_access::no_access;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{AccessLifetime, ClaimLine, ConsentPage, ResourceLine, ScopeLine};

/// The page.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let parameters = match sent {
        Ok(parameters) => parameters,
        Err(error) => return app.error_page(&error, language),
    };
    let interaction = parameters.get("interaction").unwrap_or_default();
    match app.use_cases.authorization.consent_page(interaction, &browser).await {
        Ok(ConsentStep::Ask(view)) => {
            let language = app.language(&view.open.ui_locales, request.headers());
            show(&app, *view, language)
        }
        Ok(ConsentStep::NoAccess(view)) => {
            let language = app.language(&view.open.ui_locales, request.headers());
            no_access(&app, *view, (app.path("/consent"), false), language)
        }
        Ok(ConsentStep::Continue(reply)) => app.reply(&reply, &browser, language),
        Err(error) => app.page_has_ended(&error, interaction, &browser, language).await,
    }
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let form = ConsentForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        // Any other answer counts as a denial.
        allow: sent.field("decision") == "allow",
    };
    let reply = async {
        sent.from_our_page?;
        app.use_cases.authorization.submit_consent(&form, &sent.browser).await
    };
    match reply.await {
        Ok(reply) => app.reply(&reply, &sent.browser, sent.language),
        Err(error) => app.page_has_ended(&error, &form.interaction, &sent.browser, sent.language).await,
    }
}

fn show(app: &App, view: ConsentView, language: Language) -> Response {
    let offline = view.scope.contains(OFFLINE_ACCESS);
    let page = ConsentPage {
        base: app.base.clone(),
        language,
        action: app.path("/consent"),
        interaction: view.open.token.expose().to_owned(),
        form_token: view.form_token,
        lasts: lifetime(app, &view.client, offline),
        is_claimable: view.is_claimable,
        switch: app.address_to_switch(&view.open),
        client: card(app, &view.client, view.host, language),
        account: view.account,
        scopes: scope_lines(app, &view.scope, language),
        claims: view.claims.into_iter().map(|name| ClaimLine { name }).collect(),
        resources: resource_lines(view.resources),
        offline,
    };
    app.page(&page, language, true)
}

/// How long the access lasts that a user gives to this client.
pub(super) fn lifetime(app: &App, client: &Client, offline: bool) -> AccessLifetime {
    AccessLifetime { seconds: app.use_cases.settings.longest_access(client, offline).num_seconds() }
}

/// The texts of a page about a scope, without `offline_access`.
pub(super) fn scope_lines(app: &App, scope: &Scope, language: Language) -> Vec<ScopeLine> {
    let mut tokens: Vec<&str> = scope.iter().filter(|token| *token != OFFLINE_ACCESS).collect();
    // The scopes about the user come first, in the order of OpenID Connect Core §5.4.
    tokens.sort_by_key(|token| {
        STANDARD.iter().position(|standard| standard == token).unwrap_or(STANDARD.len())
    });
    let declared = &app.use_cases.settings.declared_scopes;
    let line = |name: &str| ScopeLine {
        name: name.to_owned(),
        description: declared.description(name, language.tag()).map(str::to_owned),
    };
    tokens.into_iter().map(line).collect()
}

/// The texts of a page about the resources that a client requests.
pub(super) fn resource_lines(resources: Vec<NamedResource>) -> Vec<ResourceLine> {
    let line = |NamedResource { id, name }| ResourceLine { name, id: id.to_string() };
    resources.into_iter().map(line).collect()
}
