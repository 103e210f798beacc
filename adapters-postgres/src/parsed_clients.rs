//! Clients whose registration was parsed before: each text is parsed once for as long as it stays the same. The text itself
//! is read from the database every time, so that a change is seen at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Client;

use crate::column::parse_json;
use crate::fault::Fault;

/// When there are this many, all are dropped.
const MAX_CLIENTS: usize = 1_000;

/// Parses clients. A clone shares them.
#[derive(Debug, Clone, Default)]
pub(crate) struct ParsedClients(Arc<Mutex<HashMap<String, Parsed>>>);

#[derive(Debug)]
struct Parsed {
    text: String,
    client: Arc<Client>,
}

impl ParsedClients {
    /// The client with this id and registration.
    pub(crate) fn parse(&self, id: &str, text: &str) -> Result<Client, Fault> {
        let known = self
            .known()
            .get(id)
            .filter(|parsed| parsed.text == text)
            .map(|parsed| Arc::clone(&parsed.client));
        if let Some(client) = known {
            return Ok(Client::clone(&client));
        }
        let client: Client = parse_json(text, "a client")?;
        let mut known = self.known();
        if known.len() >= MAX_CLIENTS {
            known.clear();
        }
        known.insert(id.to_owned(), Parsed { text: text.to_owned(), client: Arc::new(client.clone()) });
        Ok(client)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Parsed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
