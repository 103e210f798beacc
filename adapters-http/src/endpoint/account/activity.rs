//! `/account/activity`: the sign-in history of the person.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, SignInEvent, SignInEventId, SignInKind};

use super::Visit;
use crate::app::{App, Shared};
use crate::page::account::{ActivityPage, EventLine};
use crate::page::{Moment, device_name};

/// How many events one page shows.
const PAGE_SIZE: u32 = 50;

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::open(&app, AccountPage::Activity, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let before = visit.parameters.get("before").and_then(|before| before.parse::<SignInEventId>().ok());
    match app.use_cases.account.activity(&visit.signed_in, before, PAGE_SIZE + 1).await {
        Ok(mut events) => {
            let has_more = events.len() > PAGE_SIZE as usize;
            events.truncate(PAGE_SIZE as usize);
            let next = events.last().filter(|_| has_more);
            let page = ActivityPage {
                base: app.base.clone(),
                language: visit.language,
                desk: visit.desk(&app),
                next: next.map(|last| visit.next_part(&app, "before", &last.id.to_string())),
                events: events.iter().map(|event| line(&app, &visit, event)).collect(),
                devices: visit.address(&app, AccountPage::Devices),
                password: visit.address(&app, AccountPage::Password),
            };
            visit.show(&app, &page)
        }
        Err(error) => visit.error(&app, &error),
    }
}

fn line(app: &App, visit: &Visit, event: &SignInEvent) -> EventLine {
    let language = visit.language;
    EventLine {
        at: Moment::new(event.at(), app.use_cases.clock.now(), language),
        what: language.text(words(event.kind)),
        is_failure: event.kind.is_failure(),
        device: event.user_agent.as_ref().map(|agent| device_name(Some(agent), language)),
        address: event.address.clone(),
    }
}

const fn words(kind: SignInKind) -> &'static str {
    match kind {
        SignInKind::SignedIn => "activity-signed-in",
        SignInKind::SignedInWithPasskey => "activity-passkey-signed-in",
        SignInKind::WrongPassword => "activity-wrong-password",
        SignInKind::Disabled => "activity-disabled",
        SignInKind::LockedOut => "activity-locked-out",
        SignInKind::PasswordChanged => "activity-password-changed",
        SignInKind::LinkUsed => "activity-link-used",
        SignInKind::Unlocked => "activity-unlocked",
        SignInKind::WrongCode => "activity-wrong-code",
        SignInKind::PasskeyRefused => "activity-passkey-refused",
        SignInKind::PasskeyAdded => "activity-passkey-added",
        SignInKind::PasskeyRemoved => "activity-passkey-removed",
        SignInKind::RecoveryCodeUsed => "activity-recovery-code",
        SignInKind::FactorAdded => "activity-factor-added",
        SignInKind::FactorRemoved => "activity-factor-removed",
    }
}
