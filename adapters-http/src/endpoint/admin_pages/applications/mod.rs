//! `/admin/apps`: the applications that people sign in to, and the programs that use this server.

mod editor;
mod ending;
mod list;
mod members;
mod new;
mod page;
mod registration;

use domain::ClientId;
use domain::admin_page::ApplicationTab;

use super::visited::{Answer, Visited};

pub(super) use list::list;
pub(super) use new::{choose_kind, create, new};

/// A page about an application.
pub(super) async fn show(at: &Visited<'_>, id: &ClientId, tab: ApplicationTab) -> Answer {
    let client = at.app.use_cases.clients.show(id).await?;
    Ok(match tab {
        ApplicationTab::Overview
        | ApplicationTab::SignIn
        | ApplicationTab::Access
        | ApplicationTab::Told
        | ApplicationTab::Proof
        | ApplicationTab::Advanced => editor::show(at, &client, tab),
        ApplicationTab::Secret | ApplicationTab::Disable | ApplicationTab::Delete => {
            ending::ask(at, &client, tab)
        }
    })
}

/// What a form of a page about an application does.
pub(super) async fn change(at: &Visited<'_>, id: &ClientId, tab: ApplicationTab) -> Answer {
    let client = at.app.use_cases.clients.show(id).await?;
    match tab {
        ApplicationTab::Overview
        | ApplicationTab::SignIn
        | ApplicationTab::Access
        | ApplicationTab::Told
        | ApplicationTab::Proof
        | ApplicationTab::Advanced => editor::save(at, &client, tab).await,
        ApplicationTab::Secret => ending::replace_secret(at, &client).await,
        ApplicationTab::Disable => ending::set_enabled(at, &client).await,
        ApplicationTab::Delete => ending::delete(at, &client).await,
    }
}
