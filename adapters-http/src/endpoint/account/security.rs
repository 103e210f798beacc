//! `/account/security`: the ways to sign in, a card each.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, UserFactors};

use super::Visit;
use crate::app::{App, Shared};
use crate::page::account::{SecurityCard, SecurityPage};

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Security, request).await {
        Ok(visit) => {
            let factors = match app.use_cases.account.factors(&visit.signed_in).await {
                Ok(factors) => factors,
                Err(error) => return visit.error(&app, &error),
            };
            let page = SecurityPage {
                base: app.base.clone(),
                language: visit.language,
                desk: visit.desk(&app),
                cards: cards(&app, &visit, &factors),
            };
            visit.show(&app, &page)
        }
        Err(response) => response,
    }
}

/// Each way to sign in, in the order of the page. To add a way, add its card here.
fn cards(app: &App, visit: &Visit, factors: &UserFactors) -> Vec<SecurityCard> {
    let language = visit.language;
    let has_password = visit.signed_in.user.password.is_some();
    let password = SecurityCard {
        id: "password",
        heading: language.text("password"),
        state: language.text(if has_password { "security-password-set" } else { "security-password-none" }),
        address: visit.address(app, AccountPage::Password),
        label: language.text(if has_password {
            "security-password-change"
        } else {
            "security-password-choose"
        }),
    };
    let has_passkeys = factors.passkeys > 0;
    let passkeys = SecurityCard {
        id: "passkeys",
        heading: language.text("passkeys-title"),
        state: if has_passkeys {
            language.count("security-passkeys", "passkeys", i64::from(factors.passkeys))
        } else {
            language.text("passkeys-advice")
        },
        address: visit.address(app, AccountPage::Passkeys),
        label: language.text(if has_passkeys { "security-app-change" } else { "passkeys-add" }),
    };
    let has_app = factors.app.is_some();
    let app_card = SecurityCard {
        id: "app",
        heading: language.text("app-title"),
        state: language.text(match (has_app, has_passkeys) {
            (true, _) => "security-app-on",
            (false, true) => "security-app-none",
            (false, false) => "security-app-off",
        }),
        address: visit.address(app, AccountPage::App),
        label: language.text(if has_app { "security-app-change" } else { "security-app-add" }),
    };
    let codes = (has_app || has_passkeys).then(|| SecurityCard {
        id: "codes",
        heading: language.text("codes-title"),
        state: language.count("codes-left", "codes", i64::from(factors.recovery_codes)),
        address: visit.address(app, AccountPage::Codes),
        label: language.text("codes-make"),
    });
    [passkeys, password, app_card].into_iter().chain(codes).collect()
}
