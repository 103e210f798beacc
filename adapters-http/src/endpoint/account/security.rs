//! `/account/security`: the ways to sign in, a card each.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::AccountPage;

use super::Visit;
use crate::app::{App, Shared};
use crate::page::account::{SecurityCard, SecurityPage};

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Security, request).await {
        Ok(visit) => {
            let page = SecurityPage {
                base: app.base.clone(),
                language: visit.language,
                desk: visit.desk(&app),
                cards: cards(&app, &visit),
            };
            visit.show(&app, &page)
        }
        Err(response) => response,
    }
}

/// Each way to sign in, in the order of the page. To add a way, add its card here.
fn cards(app: &App, visit: &Visit) -> Vec<SecurityCard> {
    let language = visit.language;
    let has_password = visit.signed_in.user.password.is_some();
    vec![SecurityCard {
        id: "password",
        heading: language.text("password"),
        state: language.text(if has_password { "security-password-set" } else { "security-password-none" }),
        address: visit.address(app, AccountPage::Password),
        label: language.text(if has_password {
            "security-password-change"
        } else {
            "security-password-choose"
        }),
    }]
}
