//! `/consent`: what the application asks for, and the user's answer.

use std::collections::BTreeSet;

use application::authorize::{ConsentForm, ConsentView};
use application::resource_indicators::NamedResource;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::Scope;
use domain::scope::OFFLINE_ACCESS;

use super::login::card;
use crate::app::{App, Shared};
use crate::extract::parameters;
use crate::page::{ConsentPage, ResourceLine, ScopeLine};
use crate::security;

/// The page.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let page = async {
        let parameters = sent?;
        let interaction = parameters.get("interaction").unwrap_or_default();
        app.use_cases.authorization.consent_page(interaction, &browser).await
    };
    match page.await {
        Ok(Ok(view)) => show(&app, view),
        Ok(Err(reply)) => app.reply(&reply, &browser),
        Err(error) => app.error_page(&error),
    }
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let same_origin = security::same_origin(request.headers(), &app.use_cases.settings.issuer);
    let parameters = match parameters::form(request).await {
        Ok(parameters) => parameters,
        Err(unreadable) => return app.unreadable_page(unreadable),
    };
    let form = ConsentForm {
        interaction: parameters.get("interaction").unwrap_or_default().to_owned(),
        form_token: parameters.get("form_token").unwrap_or_default().to_owned(),
        // Whatever is not a clear yes is a no.
        allow: parameters.get("decision") == Some("allow"),
    };
    let reply = async {
        same_origin?;
        app.use_cases.authorization.consent(&form, &browser).await
    };
    match reply.await {
        Ok(reply) => app.reply(&reply, &browser),
        Err(error) => app.error_page(&error),
    }
}

fn show(app: &App, view: ConsentView) -> Response {
    let page = ConsentPage {
        base: app.base.clone(),
        action: app.path("/consent"),
        interaction: view.open.id.expose().to_owned(),
        form_token: view.form_token,
        client: card(&view.client, view.host),
        account: view.account,
        scopes: scope_lines(&view.scope).into_iter().chain(claim_lines(&view.claims)).collect(),
        resources: resource_lines(view.resources),
        offline: view.scope.contains(OFFLINE_ACCESS),
    };
    app.page(&page, true)
}

/// What a page says about a scope, less `offline_access`.
pub(super) fn scope_lines(scope: &Scope) -> Vec<ScopeLine> {
    let lines = scope.iter().filter(|token| *token != OFFLINE_ACCESS);
    lines.map(|name| ScopeLine { name: name.to_owned(), words: words(name) }).collect()
}

/// What a page says about claims that are asked for one by one (OpenID Connect Core §5.5).
fn claim_lines(names: &BTreeSet<String>) -> impl Iterator<Item = ScopeLine> {
    names.iter().map(|name| ScopeLine { name: name.clone(), words: claim_words(name) })
}

/// What a page says about the resources that a client names.
pub(super) fn resource_lines(resources: Vec<NamedResource>) -> Vec<ResourceLine> {
    let line = |NamedResource { id, name }| ResourceLine { name, id: id.to_string() };
    resources.into_iter().map(line).collect()
}

/// A scope in words that complete «It will be able to …».
fn words(scope: &str) -> String {
    match scope {
        "openid" => "know who you are when you sign in".to_owned(),
        "profile" => "see your name and other details of your profile".to_owned(),
        "email" => "see your e-mail address".to_owned(),
        "address" => "see your postal address".to_owned(),
        "phone" => "see your phone number".to_owned(),
        "read" => "read your data".to_owned(),
        "write" => "change your data".to_owned(),
        other => format!("use “{other}” on your behalf"),
    }
}

/// A standard claim in words that complete «It will be able to …».
fn claim_words(name: &str) -> String {
    let seen = match name {
        "name" => "name",
        "family_name" => "family name",
        "given_name" => "given name",
        "middle_name" => "middle name",
        "nickname" => "nickname",
        "preferred_username" => "user name",
        "profile" => "profile page",
        "picture" => "picture",
        "website" => "website",
        "gender" => "gender",
        "birthdate" => "date of birth",
        "zoneinfo" => "time zone",
        "locale" => "language",
        "email" => "e-mail address",
        "address" => "postal address",
        "phone_number" => "phone number",
        "updated_at" => return "see when your profile last changed".to_owned(),
        "email_verified" => return "see whether your e-mail address was verified".to_owned(),
        "phone_number_verified" => return "see whether your phone number was verified".to_owned(),
        other => return format!("see “{other}”"),
    };
    format!("see your {seen}")
}
