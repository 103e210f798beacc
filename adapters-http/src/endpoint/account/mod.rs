//! `/account` and below: the pages on which people mind their own account.
//!
//! Each handler begins with a [`Visit`], which is the one place that checks who is signed in and that a form is theirs.

mod activity;
mod app;
mod applications;
mod codes;
mod connections;
mod data;
mod devices;
mod email;
mod passkeys;
mod password;
mod profile;
mod security;

use axum::Router;
use axum::routing::get;
use domain::AccountPage;

use super::visit::Visit;
use crate::app::Shared;

/// Every page of the account. To add a page, add its line here, its variant to [`AccountPage`], and its entry in
/// [`ACCOUNT`](crate::page::ACCOUNT) or its card on the page about security.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route(AccountPage::Applications.path(), get(applications::get))
        .route(AccountPage::Profile.path(), get(profile::get).post(profile::post))
        .route(AccountPage::Email.path(), get(email::get).post(email::post))
        .route(AccountPage::Security.path(), get(security::get))
        .route(AccountPage::Passkeys.path(), get(passkeys::get).post(passkeys::post))
        .route(AccountPage::Password.path(), get(password::get).post(password::post))
        .route(AccountPage::App.path(), get(app::get).post(app::post))
        .route(AccountPage::Codes.path(), get(codes::get).post(codes::post))
        .route(AccountPage::Devices.path(), get(devices::get).post(devices::post))
        .route(AccountPage::Connections.path(), get(connections::get).post(connections::post))
        .route(AccountPage::Activity.path(), get(activity::get))
        .route(AccountPage::Data.path(), get(data::get))
        .route(data::DOWNLOAD, get(data::download))
        .route(AccountPage::Delete.path(), get(data::ask).post(data::delete))
}
