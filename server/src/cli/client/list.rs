//! `client list`.

use application::client::document::RegistrationDocument;
use domain::Client;

use super::super::answer::Answer;
use super::super::operator::Operator;

/// How many clients are read at once.
const PAGE: u32 = 500;

/// All clients, a page at a time.
pub(super) async fn answer(operator: &Operator) -> anyhow::Result<Answer> {
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let after = clients.last().map(|client| &client.id);
        let page = operator.data.ports.clients.list(after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        clients.extend(page);
    }
    let registrations: Vec<_> =
        clients.iter().map(|client| RegistrationDocument::for_operator(client, None)).collect();
    let columns = ["client_id", "client_name", "grant_types", "scope", "disabled_at"];
    Ok(Answer::several(&registrations, &columns)?)
}
