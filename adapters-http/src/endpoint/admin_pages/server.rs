//! `/admin/keys`, `/admin/registration-tokens`, `/admin/apis` and `/admin/settings`: the server itself.

use application::account::Notice;
use application::client::initial_access_tokens::{NewToken, RegistrationTokenError};
use application::keys::{NotRotated, Urgency};
use application::resource::servers::ResourceError;
use chrono::Duration;
use domain::self_registration::RegistrationLimits;
use domain::signing_key::KeyState;
use domain::{AdminPage, InitialAccessToken, InitialAccessTokenId, Resource, ResourceIdentifier, SigningKey};

use super::sheet::{Sheet, choices};
use super::visited::{Answer, Outcome, PAGE_SIZE, Visited, done};
use crate::error::Problem;
use crate::language::Sentence;
use crate::page::admin::{Control, Fact, Form, Part, Row, Shown, Table, View, Weight};

const LIMIT: u32 = PAGE_SIZE as u32 + 1;
/// The most registrations that a token allows here, and the most days.
const MAX_USES: u32 = 10_000;
const MAX_DAYS: i64 = 365;

/// The signing keys.
pub(super) async fn keys(at: &Visited<'_>) -> Answer {
    let mut keys = at.app.use_cases.keys.list().await?;
    keys.reverse();
    let row = |(key, state): &(SigningKey, KeyState)| Row {
        name: Shown::Code(key.id.to_string()),
        address: None,
        cells: vec![
            Some(Shown::Code(key.algorithm.to_string())),
            Some(at.words(state_of(*state))),
            Some(Shown::Moment(at.moment(key.created_at))),
        ],
        form: None,
    };
    let columns =
        ["admin-key", "admin-algorithm", "admin-status", "admin-made"].map(|key| at.text(key)).to_vec();
    let rows = keys.iter().map(row).collect();
    let view = View::new(at.text("admin-keys"))
        .with(Part::Text(Sentence::words(at.text("admin-keys-what"))))
        .with(Part::Table(Table { caption: at.text("admin-keys-caption"), columns, rows }));
    Ok(view.with(Part::Links(vec![at.link("rotate", &AdminPage::RotateKeys, "admin-keys-rotate")])).into())
}

/// What an administrator reads of the state of a key.
pub(super) const fn state_of(state: KeyState) -> &'static str {
    match state {
        KeyState::Next => "admin-key-next",
        KeyState::Current => "admin-key-current",
        KeyState::Previous => "admin-key-previous",
        KeyState::Retired | KeyState::Obsolete => "admin-key-retired",
    }
}

/// The page that rotates the keys.
pub(super) fn ask_to_rotate(at: &Visited<'_>) -> Outcome {
    rotation(at, &Sheet::fresh(at)).into()
}

fn rotation(at: &Visited<'_>, sheet: &Sheet<'_>) -> View {
    let urgencies = [
        ("scheduled", at.text("admin-rotate-scheduled")),
        ("emergency", at.text("admin-rotate-emergency")),
        ("compromised", at.text("admin-rotate-compromised")),
    ];
    let why = sheet.field("urgency", "admin-rotate-why", Control::One(choices(&urgencies, "scheduled")));
    let form = Form { weight: Weight::Alarm, ..sheet.form("rotate", "admin-keys-rotate", vec![why]) };
    let mut view = View::new(at.text("admin-keys-rotate"));
    view.up = Some(at.link("up", &AdminPage::Keys, "admin-keys"));
    view.parts.push(Part::Text(Sentence::words(at.text("admin-rotate-what"))));
    sheet.on(view.with(Part::Form(form)))
}

/// Rotates the keys of every algorithm.
pub(super) async fn rotate(at: &Visited<'_>) -> Answer {
    let urgency = match at.field("urgency") {
        "emergency" => Urgency::Emergency,
        "compromised" => Urgency::Compromised,
        _ => Urgency::Scheduled,
    };
    match at.app.use_cases.keys.rotate_each(None, urgency, at.author()).await {
        Ok(_) => Ok(done(AdminPage::Keys, Notice::KeysRotated)),
        Err((_, NotRotated::Failed(error))) => Err(error.into()),
        Err((_, NotRotated::TooFresh(_))) => {
            let sheet = Sheet::sent(at, vec![("urgency", at.words("admin-rotate-too-fresh"))]);
            Ok(Outcome::Refused(rotation(at, &sheet)))
        }
        Err((_, NotRotated::Lost)) => {
            let sheet = Sheet::sent(at, vec![("", at.words("admin-stale"))]);
            Ok(Outcome::Refused(rotation(at, &sheet)))
        }
    }
}

/// The resource servers.
pub(super) async fn apis(at: &Visited<'_>) -> Answer {
    let after = at.cursor().and_then(|cursor| cursor.parse::<ResourceIdentifier>().ok());
    let found = at.app.use_cases.resources.list(after.as_ref(), LIMIT).await;
    let mut found = found.map_err(resource_problem)?;
    let pages = at.pages(&mut found, &[], |resource| resource.id.to_string());
    let view = View::new(at.text("admin-apis")).with(Part::Text(Sentence::words(at.text("admin-apis-what"))));
    if found.is_empty() {
        return Ok(view.with(Part::Empty(at.text("admin-apis-none"))).into());
    }
    let row = |resource: &Resource| Row {
        name: Shown::Text(resource.name.clone()),
        address: None,
        cells: vec![
            Some(Shown::Code(resource.id.to_string())),
            Some(Shown::Code(resource.scope.to_string())).filter(|_| !resource.scope.is_empty()),
        ],
        form: None,
    };
    let columns = ["admin-api", "admin-identifier", "admin-permissions"].map(|key| at.text(key)).to_vec();
    let rows = found.iter().map(row).collect();
    let table = Table { caption: at.text("admin-apis"), columns, rows };
    Ok(view.with(Part::Table(table)).with(pages).into())
}

fn resource_problem(error: ResourceError) -> Problem {
    match error {
        ResourceError::Failed(error) => error.into(),
        ResourceError::Taken(_)
        | ResourceError::Ourselves(_)
        | ResourceError::Unknown(_)
        | ResourceError::NoSuchClient(_)
        | ResourceError::Scope(_)
        | ResourceError::DefaultScope(_)
        | ResourceError::Documentation
        | ResourceError::InUse { .. } => Problem::unknown("there is no such resource"),
    }
}

fn token_problem(error: RegistrationTokenError) -> Problem {
    match error {
        RegistrationTokenError::Failed(error) => error.into(),
        RegistrationTokenError::Unknown(_) | RegistrationTokenError::Scope(_) => {
            Problem::unknown("there is no such registration token")
        }
    }
}

/// The tokens with which applications register themselves.
pub(super) async fn tokens(at: &Visited<'_>) -> Answer {
    let after = at.cursor().and_then(|cursor| cursor.parse::<InitialAccessTokenId>().ok());
    let found = at.app.use_cases.registration_tokens.list(after, LIMIT).await;
    let mut found = found.map_err(token_problem)?;
    let pages = at.pages(&mut found, &[], |token| token.id.to_string());
    let new = at.link("new", &AdminPage::NewRegistrationToken, "admin-token-new");
    let view = View::new(at.text("admin-tokens"))
        .with(Part::Text(Sentence::words(at.text("admin-tokens-what"))))
        .with(Part::Ways(vec![new]));
    if found.is_empty() {
        return Ok(view.with(Part::Empty(at.text("admin-tokens-none"))).into());
    }
    let now = at.app.use_cases.clock.now();
    let row = |token: &InitialAccessToken| Row {
        name: Shown::Code(token.id.to_string()),
        address: Some(at.address(&AdminPage::RevokeRegistrationToken(token.id))),
        cells: vec![
            Some(Shown::Words(format!("{} / {}", token.used, token.uses))),
            Some(Shown::Words(token.expires_at.format("%Y-%m-%d %H:%M UTC").to_string())),
            Some(Shown::Badge(if token.is_live(now) {
                at.badge("active", "admin-state-active")
            } else {
                at.badge("disabled", "admin-state-over")
            })),
        ],
        form: None,
    };
    let columns =
        ["admin-token", "admin-used", "admin-expires", "admin-status"].map(|key| at.text(key)).to_vec();
    let rows = found.iter().map(row).collect();
    let table = Table { caption: at.text("admin-tokens"), columns, rows };
    Ok(view.with(Part::Table(table)).with(pages).into())
}

/// The page of a new token.
pub(super) fn new_token(at: &Visited<'_>) -> Outcome {
    token_form(at, &Sheet::fresh(at)).into()
}

fn token_form(at: &Visited<'_>, sheet: &Sheet<'_>) -> View {
    let number = |stored: &str| Control::Line("number", stored.to_owned());
    let fields = vec![
        sheet.field("uses", "admin-token-uses", number("1")),
        sheet.field("days", "admin-token-days", number("7")),
    ];
    let mut view = View::new(at.text("admin-token-new"));
    view.up = Some(at.link("up", &AdminPage::RegistrationTokens, "admin-tokens"));
    sheet.on(view.with(Part::Form(sheet.form("create", "admin-token-create", fields))))
}

/// Makes a token, which is shown once.
pub(super) async fn create_token(at: &Visited<'_>) -> Answer {
    let uses = at.field("uses").parse::<u32>().ok().filter(|uses| (1..=MAX_USES).contains(uses));
    let days = at.field("days").parse::<i64>().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    let (Some(uses), Some(days)) = (uses, days) else {
        let wrong = |name, is_wrong: bool| is_wrong.then(|| (name, at.words("admin-token-number")));
        let problems = [wrong("uses", uses.is_none()), wrong("days", days.is_none())];
        let sheet = Sheet::sent(at, problems.into_iter().flatten().collect());
        return Ok(Outcome::Refused(token_form(at, &sheet)));
    };
    let new = NewToken { uses, lifetime: Duration::days(days), limits: RegistrationLimits::default() };
    let created = at.app.use_cases.registration_tokens.create(new, at.author()).await;
    let (token, secret) = created.map_err(token_problem)?;
    let mut view = View::new(at.text("admin-token"));
    view.up = Some(at.link("up", &AdminPage::RegistrationTokens, "admin-tokens"));
    let until = Shown::Words(token.expires_at.format("%Y-%m-%d %H:%M UTC").to_string());
    let view = view
        .with(Part::Warning(Sentence::words(at.text("admin-shown-once"))))
        .with(Part::Secret("token", at.text("admin-token"), secret.expose().to_owned()))
        .with(Part::Facts(vec![Fact { label: at.text("admin-expires"), value: until }]));
    Ok(view.into())
}

/// The page that revokes a token.
pub(super) fn ask_to_revoke(at: &Visited<'_>, id: InitialAccessTokenId) -> Outcome {
    let mut view = View::new(at.text("admin-token-revoke"));
    view.up = Some(at.link("up", &AdminPage::RegistrationTokens, "admin-tokens"));
    view.with(Part::Facts(vec![Fact { label: at.text("admin-token"), value: Shown::Code(id.to_string()) }]))
        .with(Part::Warning(Sentence::words(at.text("admin-token-revoke-what"))))
        .with(Part::Form(at.button("revoke", "admin-token-revoke", Weight::Alarm)))
        .into()
}

/// Revokes a token.
pub(super) async fn revoke_token(at: &Visited<'_>, id: InitialAccessTokenId) -> Answer {
    at.app.use_cases.registration_tokens.revoke(id, at.author()).await.map_err(token_problem)?;
    Ok(done(AdminPage::RegistrationTokens, Notice::TokenRevoked))
}

/// The settings, and where their values come from.
pub(super) fn settings(at: &Visited<'_>) -> Outcome {
    let row = |setting: &crate::app::ShownSetting| Row {
        name: Shown::Code(setting.name.clone()),
        address: None,
        cells: vec![
            Some(Shown::Code(setting.value.clone())).filter(|_| !setting.value.is_empty()),
            Some(match &setting.source {
                Some(source) => Shown::Code(source.clone()),
                None => at.words("admin-setting-default"),
            }),
        ],
        form: None,
    };
    let columns = ["admin-setting", "admin-value", "admin-source"].map(|key| at.text(key)).to_vec();
    let rows: Vec<_> = at.app.use_cases.shown_settings.iter().map(row).collect();
    View::new(at.text("admin-settings"))
        .with(Part::Text(Sentence::words(at.text("admin-settings-what"))))
        .with(Part::Table(Table { caption: at.text("admin-settings"), columns, rows }))
        .into()
}
