//! `/account/security/passkeys`: the passkeys of the person.

use application::account::{Notice, PasskeyOffer};
use application::port::RemovedPasskey;
use application::users::passkeys::NewPasskey;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::passkey::{MAX_NAME_CHARACTERS, MAX_PASSKEYS};
use domain::{AccountPage, CredentialId, Passkey, PasskeyName};
use http::StatusCode;

use super::Visit;
use crate::app::{App, Shared};
use crate::page::account::{OfferView, PasskeyCard, PasskeysPage};
use crate::page::{Moment, device_name};

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Passkeys, request).await {
        Ok(visit) => show(&app, &visit, None).await,
        Err(response) => response,
    }
}

/// Adds, renames or removes a passkey.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Passkeys, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let done = match visit.field("decision") {
        "rename" => rename(&app, &visit).await,
        "remove" => remove(&app, &visit).await,
        _ => add(&app, &visit).await,
    };
    match done {
        Ok(notice) => visit.done(&app, AccountPage::Passkeys, notice),
        Err(Refused::Problem(problem)) => {
            let mut response = show(&app, &visit, Some(problem)).await;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(Refused::Failed(error)) => visit.error(&app, &error),
    }
}

/// Why nothing was done.
enum Refused {
    /// The sentence for the person.
    Problem(String),
    /// The error.
    Failed(application::Error),
}

impl From<application::Error> for Refused {
    fn from(error: application::Error) -> Self {
        Self::Failed(error)
    }
}

async fn add(app: &App, visit: &Visit) -> Result<Option<Notice>, Refused> {
    let problem = |key| Err(Refused::Problem(visit.language.text(key)));
    let fallback: PasskeyName =
        device_name(visit.caller.user_agent.as_ref(), visit.language).parse().unwrap_or_default();
    let sent = (visit.field("challenge"), visit.field("passkey"));
    let named = (&fallback, visit.caller.address.as_str());
    let account = &app.use_cases.account;
    match account.add_passkey(&visit.signed_in, visit.binding(), sent, named).await? {
        NewPasskey::Done(passkey) => Ok(Some(Notice::PasskeyAdded(passkey.name.as_str().to_owned()))),
        NewPasskey::Expired => problem("second-step-expired"),
        NewPasskey::Refused => problem("passkeys-not-made"),
        NewPasskey::TooMany => Err(Refused::Problem(too_many(visit))),
    }
}

async fn rename(app: &App, visit: &Visit) -> Result<Option<Notice>, Refused> {
    let Ok(name) = visit.field("name").trim().parse::<PasskeyName>() else {
        let most = i64::try_from(MAX_NAME_CHARACTERS).unwrap_or(i64::MAX);
        return Err(Refused::Problem(visit.language.count("passkeys-name-refused", "characters", most)));
    };
    let Ok(id) = visit.field("id").parse::<CredentialId>() else {
        return Ok(None);
    };
    let address = &visit.caller.address;
    let renamed = app.use_cases.account.rename_passkey(&visit.signed_in, &id, &name, address).await?;
    Ok(renamed.then_some(Notice::Saved))
}

async fn remove(app: &App, visit: &Visit) -> Result<Option<Notice>, Refused> {
    let Ok(id) = visit.field("id").parse::<CredentialId>() else {
        return Ok(None);
    };
    let address = &visit.caller.address;
    match app.use_cases.account.remove_passkey(&visit.signed_in, &id, address).await? {
        RemovedPasskey::Done => Ok(Some(Notice::PasskeyRemoved)),
        RemovedPasskey::LastWayIn => Err(Refused::Problem(visit.language.text("passkeys-last"))),
        RemovedPasskey::Unknown => Ok(None),
    }
}

async fn show(app: &App, visit: &Visit, problem: Option<String>) -> Response {
    let account = &app.use_cases.account;
    let shown = async {
        let (passkeys, offer) = account.passkeys(&visit.signed_in, visit.binding()).await?;
        let codes = account.factors(&visit.signed_in).await?.recovery_codes;
        Ok((passkeys, offer, codes))
    };
    let (passkeys, offer, codes) = match shown.await {
        Ok(shown) => shown,
        Err(error) => return visit.error(app, &error),
    };
    let is_only_way = passkeys.len() == 1 && visit.signed_in.user.password.is_none();
    let needs_codes = codes == 0 && !passkeys.is_empty();
    let page = PasskeysPage {
        base: app.base.clone(),
        language: visit.language,
        desk: visit.desk(app),
        back: visit.address(app, AccountPage::Security),
        offer: offer_view(visit, offer, &passkeys),
        passkeys: passkeys.iter().map(|passkey| card(app, visit, passkey, !is_only_way)).collect(),
        codes: needs_codes.then(|| visit.address(app, AccountPage::Codes)),
        problem,
    };
    visit.show_with_passkeys(app, &page)
}

fn offer_view(visit: &Visit, offer: PasskeyOffer, passkeys: &[Passkey]) -> OfferView {
    match offer {
        PasskeyOffer::Ceremony(ceremony) => {
            let accepted: Vec<_> = passkeys.iter().map(|passkey| passkey.id.to_string()).collect();
            OfferView::Request { request: ceremony.into(), accepted: accepted.join(" ") }
        }
        PasskeyOffer::TooMany => OfferView::Refused { why: too_many(visit) },
        PasskeyOffer::Impossible => OfferView::Refused { why: visit.language.text("passkeys-impossible") },
    }
}

fn too_many(visit: &Visit) -> String {
    visit.language.count("passkeys-too-many", "passkeys", i64::from(MAX_PASSKEYS))
}

fn card(app: &App, visit: &Visit, passkey: &Passkey, is_removable: bool) -> PasskeyCard {
    let (now, language) = (app.use_cases.clock.now(), visit.language);
    PasskeyCard {
        id: passkey.id.to_string(),
        name: passkey.name.as_str().to_owned(),
        place: language.text(if passkey.is_on_security_key {
            "passkeys-on-security-key"
        } else {
            "passkeys-on-devices"
        }),
        made: Moment::new(passkey.made_at, now, language),
        used: passkey.used_at.map(|at| Moment::new(at, now, language)),
        is_removable,
    }
}
