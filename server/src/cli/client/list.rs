//! `client list`.

use application::client::document::RegistrationDocument;
use application::port::{Clients, Unavailable};
use domain::Client;

use super::super::answer::Answer;
use super::super::operator::Operator;
use super::super::pages::{self, PAGE_SIZE};

/// The answer of the command.
pub(super) async fn answer(operator: &Operator) -> anyhow::Result<Answer> {
    let clients = all(&*operator.data.ports.clients).await?;
    let registrations: Vec<_> =
        clients.iter().map(|client| RegistrationDocument::for_operator(client, None)).collect();
    let columns = ["client_id", "client_name", "grant_types", "scope", "allow_http_redirect", "disabled_at"];
    Ok(Answer::several(&registrations, &columns)?)
}

/// All clients, read a page at a time.
pub(in crate::cli) async fn all(clients: &dyn Clients) -> Result<Vec<Client>, Unavailable> {
    let page = async |last: Option<&Client>| clients.list(last.map(|client| &client.id), PAGE_SIZE).await;
    pages::all(page).await
}
