//! `/account/profile`: what people say about themselves.

use application::account::{Notice, OwnProfile};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, UserId};
use http::StatusCode;
use serde_json::Value;

use super::Visit;
use crate::app::{App, Shared};
use crate::language::Language;
use crate::page::account::{Choice, FixedFact, ProfilePage, time_zones};

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Profile, request).await {
        Ok(visit) => {
            let profile = OwnProfile::from(&visit.signed_in.user.claims);
            show(&app, &visit, profile, None)
        }
        Err(response) => response,
    }
}

/// Saves the profile.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Profile, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let before = OwnProfile::from(&visit.signed_in.user.claims);
    let typed = |name: &str| Some(visit.field(name).to_owned()).filter(|text| !text.is_empty());
    // What the lists do not offer stays as it is, and so does a value that they never offered.
    let offered = |name: &str, before: Option<String>, is_offered: fn(&str) -> bool| match typed(name) {
        Some(chosen) if !is_offered(&chosen) => before,
        chosen => chosen,
    };
    let profile = OwnProfile {
        name: typed("name").map(|name| name.trim().to_owned()),
        locale: offered("locale", before.locale, |tag| Language::find(tag).is_some()),
        zoneinfo: offered("zoneinfo", before.zoneinfo, |zone| time_zones().any(|known| known == zone)),
    };
    match app.use_cases.account.save_profile(&visit.signed_in, &profile, &visit.caller.address).await {
        Ok(Ok(())) => visit.done(&app, AccountPage::Profile, Some(Notice::Saved)),
        Ok(Err(_)) => {
            let problem = visit.language.text("profile-name-refused");
            let mut response = show(&app, &visit, profile, Some(problem));
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(error) => visit.error(&app, &error),
    }
}

fn show(app: &App, visit: &Visit, profile: OwnProfile, problem: Option<String>) -> Response {
    let user = &visit.signed_in.user;
    let language = visit.language;
    let is_verified = user.claims.get("email_verified") == Some(&Value::Bool(true));
    let choice = |value: &str, label: String, chosen: &Option<String>| Choice {
        value: value.to_owned(),
        label,
        is_chosen: chosen.as_deref() == Some(value),
    };
    let languages =
        app.languages.iter().map(|it| choice(it.tag(), it.text("language-name"), &profile.locale)).collect();
    let zones = time_zones().map(|zone| choice(zone, zone.to_owned(), &profile.zoneinfo));
    let page = ProfilePage {
        base: app.base.clone(),
        language,
        desk: visit.desk(app),
        name: profile.name.unwrap_or_default(),
        languages,
        zones: zones.collect(),
        email: user.email().map(str::to_owned),
        is_verified,
        change_email: app
            .use_cases
            .account
            .can_change_email()
            .then(|| visit.address(app, AccountPage::Email)),
        fixed: fixed(user.id, user.username.as_str(), language),
        problem,
    };
    visit.show(app, &page)
}

fn fixed(id: UserId, username: &str, language: Language) -> Vec<FixedFact> {
    vec![
        FixedFact { label: language.text("username"), value: username.to_owned() },
        FixedFact { label: language.text("profile-id"), value: id.to_string() },
    ]
}
