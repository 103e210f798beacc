//! Clients as JSON documents, as an operator would write them.

use application::client::administration::ClientAdministrationError;
use application::client::document::RegistrationDocument;
use domain::client::ClientDraft;
use domain::{Actor, Client, ClientId};
use serde_json::{Map, Value};

use super::TestServer;

impl TestServer {
    /// Patches the members of a client that `change` changes.
    ///
    /// # Errors
    /// Why nothing is changed.
    pub async fn update_client(
        &self,
        id: &ClientId,
        change: impl FnOnce(&mut Client),
    ) -> Result<Client, ClientAdministrationError> {
        let before = self.clients.show(id).await?;
        let mut after = before.clone();
        change(&mut after);
        let (before, after) = (document(&before), document(&after));
        let mut draft = ClientDraft::default();
        for name in before.keys().chain(after.keys()) {
            if before.get(name) != after.get(name) && !name.starts_with("client_secret") {
                draft.set(name, after.get(name).cloned().unwrap_or(Value::Null));
            }
        }
        self.clients.patch(id, &draft, Actor::CommandLine).await.map(|(client, _)| client)
    }
}

/// The JSON members of a client.
pub(super) fn document(client: &Client) -> Map<String, Value> {
    let document = serde_json::to_value(RegistrationDocument::for_operator(client, None));
    document.ok().and_then(|document| document.as_object().cloned()).expect("a document")
}
