//! Looking up clients, many at a time: nearly every request asks for one.
//!
//! Whoever asks while a statement is under way waits for the next one, which asks for all of them together. Every answer
//! is from a statement that began after its question: nothing is remembered but how a text that is still the same reads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Client, ClientId};
use sea_orm::sea_query::{ArrayType, Value};
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, Statement};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::clients::from_row;
use crate::column::parse_json;
use crate::entity::client::Entity;
use crate::fault::Fault;
use crate::statements::Statements;

/// One text for any number of clients, so that it is prepared once.
const SEVERAL: &str = "SELECT id, registration FROM clients WHERE id = ANY($1)";
/// How long a statement may take with all that it waits for. One that is lost on the way must not hold up every other.
const LONGEST: Duration = Duration::from_secs(16);
/// From this many on, all that was read is forgotten.
const MOST: usize = 1_000;

/// Looks up clients. A clone shares the statements under way.
#[derive(Debug, Clone)]
pub(crate) struct ClientLookUps {
    statements: Statements,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    asked: Vec<Question>,
    under_way: bool,
    read: HashMap<String, (String, Arc<Client>)>,
}

type Found = Result<Arc<Client>, Arc<Fault>>;

#[derive(Debug)]
struct Question {
    id: String,
    answer: oneshot::Sender<Result<Option<Arc<Client>>, Arc<Fault>>>,
}

impl ClientLookUps {
    pub(crate) fn new(statements: Statements) -> Self {
        Self { statements, shared: Arc::default() }
    }

    /// The client, as it is at some moment after this call.
    pub(crate) async fn find(&self, id: &ClientId) -> Result<Option<Client>, Fault> {
        if self.statements.get_database_backend() != DatabaseBackend::Postgres {
            // No round trip to save.
            let row = Entity::find_by_id(id.as_str()).one(&self.statements).await?;
            return row.as_ref().map(from_row).transpose();
        }
        let (answer, told) = oneshot::channel();
        let somebody_asks = {
            let mut shared = self.shared();
            shared.asked.push(Question { id: id.as_str().to_owned(), answer });
            std::mem::replace(&mut shared.under_way, true)
        };
        if !somebody_asks {
            // A task of its own: others wait for it, so it must not end with whoever came first.
            tokio::spawn(self.clone().ask());
        }
        match told.await {
            Ok(Ok(client)) => Ok(client.map(Arc::unwrap_or_clone)),
            Ok(Err(fault)) => Err(Fault::Shared(fault)),
            Err(_ended) => Err(Fault::GivenUp),
        }
    }

    /// Asks until there is no question left.
    async fn ask(self) {
        let mut turn = Turn { look_ups: self.clone(), is_over: false };
        loop {
            let questions = {
                let mut shared = self.shared();
                let mut questions = std::mem::take(&mut shared.asked);
                // Whoever asked may be gone.
                questions.retain(|question| !question.answer.is_closed());
                if questions.is_empty() {
                    shared.under_way = false;
                    turn.is_over = true;
                    return;
                }
                questions
            };
            let found = timeout(LONGEST, self.several(&questions)).await;
            let found = found.unwrap_or(Err(Fault::GivenUp)).map_err(Arc::new);
            for Question { id, answer } in questions {
                let client = match &found {
                    Ok(found) => found.get(&id).cloned().transpose(),
                    Err(fault) => Err(Arc::clone(fault)),
                };
                let _gone = answer.send(client);
            }
        }
    }

    /// Those that there are. One that cannot be read is no fault of the others.
    async fn several(&self, questions: &[Question]) -> Result<HashMap<String, Found>, Fault> {
        let mut ids: Vec<&str> = questions.iter().map(|question| question.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids = ids.into_iter().map(Value::from).collect();
        let ids = Value::Array(ArrayType::String, Some(Box::new(ids)));
        let statement = Statement::from_sql_and_values(DatabaseBackend::Postgres, SEVERAL, [ids]);
        let rows = self.statements.query_all_raw(statement).await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in rows {
            let (id, registration): (String, String) =
                (row.try_get("", "id")?, row.try_get("", "registration")?);
            found.insert(id.clone(), self.read(id, registration).map_err(Arc::new));
        }
        Ok(found)
    }

    /// The client in a row.
    fn read(&self, id: String, registration: String) -> Result<Arc<Client>, Fault> {
        let known =
            self.shared().read.get(&id).filter(|(text, _)| *text == registration).map(|(_, it)| it.clone());
        if let Some(known) = known {
            return Ok(known);
        }
        let client: Arc<Client> = Arc::new(parse_json(&registration, "a client")?);
        let mut shared = self.shared();
        if shared.read.len() >= MOST {
            shared.read.clear();
        }
        shared.read.insert(id, (registration, Arc::clone(&client)));
        Ok(client)
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Should the task end in the middle, whoever waits is told, and the next one to ask begins anew.
struct Turn {
    look_ups: ClientLookUps,
    is_over: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_over {
            let mut shared = self.look_ups.shared();
            shared.under_way = false;
            shared.asked.clear();
        }
    }
}
