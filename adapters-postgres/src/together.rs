//! Statements that many share: nearly every request asks for, or changes, a row of the same few tables.
//!
//! Whoever asks while a statement is under way waits for the next one, which asks for all of them together: one round
//! trip, and for a change one commit. Every answer is from a statement that began after its question; nothing is
//! remembered. Every request asks for a client, so clients come along with whatever else is looked up.
//!
//! A shared change never waits for anybody's lock (`SKIP LOCKED`): a row that somebody holds is left out, so that nobody
//! waits for a stranger's row, and no two statements wait in a circle. What was left out is done on its own.

mod form;
mod matter;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::sqlx::Row;
use sea_orm::sqlx::postgres::{PgArguments, PgRow};
use sea_orm::{DbErr, RuntimeErr};
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::fault::Fault;
use crate::statements::Statements;

use form::Texts;
pub(crate) use form::{Form, Key, KeyType, Text, asked};
use matter::MATTERS;
pub(crate) use matter::Matter;

/// How long a statement may take with all that it waits for. One that is lost on the way must not hold up every other.
const LONGEST: Duration = Duration::from_secs(16);
/// How long the next statement waits for the one before it, so that many share it.
const HEAD_START: Duration = Duration::from_millis(20);

/// How many questions share a statement at most.
const MOST: usize = 64;

/// Looks up and changes together with others. A clone shares the statements under way.
#[derive(Debug, Clone)]
pub(crate) struct Together {
    statements: Statements,
    prepared: Arc<[Prepared]>,
    lanes: Arc<Mutex<[Lane; MATTERS.len()]>>,
}

#[derive(Debug)]
struct Prepared {
    keys: &'static [(&'static str, KeyType)],
    texts: Texts,
}

#[derive(Debug, Default)]
struct Lane {
    waiting: Vec<Question>,
    /// Whether a task looks after those who wait.
    is_served: bool,
}

/// What was found, if anything; of a change, an empty text if it was made.
type Found = Option<Arc<str>>;

#[derive(Debug)]
struct Question {
    keys: Vec<Key>,
    answer: oneshot::Sender<Result<Found, Arc<Fault>>>,
}

/// The questions of one statement: some of one matter, and perhaps some for clients.
#[derive(Debug)]
struct Round {
    matter: Matter,
    questions: Vec<Question>,
    clients: Vec<Question>,
}

impl Together {
    pub(crate) fn new(statements: Statements) -> Self {
        let clients = Matter::Client.form();
        let prepared = MATTERS.map(|matter| {
            let form = matter.form();
            Prepared { keys: form.keys, texts: Texts::of(&form, &clients) }
        });
        Self { statements, prepared: Arc::new(prepared), lanes: Arc::default() }
    }

    /// What is found by these keys at some moment after this call; of a change, something if it was made.
    pub(crate) async fn ask(
        &self,
        matter: Matter,
        keys: impl IntoIterator<Item = Key>,
    ) -> Result<Found, Fault> {
        let (answer, told) = oneshot::channel();
        let is_served = {
            let lane = &mut self.lanes()[matter as usize];
            lane.waiting.push(Question { keys: keys.into_iter().collect(), answer });
            std::mem::replace(&mut lane.is_served, true)
        };
        if !is_served {
            let shift = Shift { together: self.clone(), matter, is_over: false };
            // A task of its own: others wait for it, so it must not end with whoever came first.
            tokio::spawn(shift.serve());
        }
        match told.await {
            Ok(answer) => answer.map_err(Fault::Shared),
            Err(_ended) => Err(Fault::GivenUp),
        }
    }

    /// Those who wait: for this matter and for clients, or for clients and some other matter. None ends the service.
    fn next_round(&self, matter: Matter) -> Option<Round> {
        let mut lanes = self.lanes();
        let mut take = |matter: Matter| {
            let waiting = &mut lanes[matter as usize].waiting;
            // Whoever asked may be gone.
            waiting.retain(|question| !question.answer.is_closed());
            let those_left = waiting.split_off(waiting.len().min(MOST));
            std::mem::replace(waiting, those_left)
        };
        let questions = take(matter);
        if questions.is_empty() {
            lanes[matter as usize].is_served = false;
            return None;
        }
        if matter != Matter::Client {
            let clients = if self.takes_clients_along(matter) { take(Matter::Client) } else { Vec::new() };
            return Some(Round { matter, questions, clients });
        }
        let clients = questions;
        for other in MATTERS {
            if other != Matter::Client && self.takes_clients_along(other) {
                let questions = take(other);
                if !questions.is_empty() {
                    return Some(Round { matter: other, questions, clients });
                }
            }
        }
        Some(Round { matter, questions: clients, clients: Vec::new() })
    }

    fn takes_clients_along(&self, matter: Matter) -> bool {
        self.prepared[matter as usize].texts.with_clients.is_some()
    }

    async fn answer(self, Round { matter, questions, clients }: Round) {
        let found = timeout(LONGEST, async {
            match self.found(matter, &questions, &clients).await {
                // Nothing has changed by asking.
                Err(lost) if lost.is_a_lost_connection() && self.takes_clients_along(matter) => {
                    self.found(matter, &questions, &clients).await
                }
                found => found,
            }
        });
        let found = found.await.unwrap_or(Err(Fault::GivenUp)).map_err(Arc::new);
        let everybody = questions.into_iter().chain(clients);
        match found {
            Ok(found) => {
                for (Question { answer, .. }, found) in everybody.zip(found) {
                    let _gone = answer.send(Ok(found));
                }
            }
            Err(fault) => {
                for Question { answer, .. } in everybody {
                    let _gone = answer.send(Err(Arc::clone(&fault)));
                }
            }
        }
    }

    /// What is found for each question, then for each client.
    async fn found(
        &self,
        matter: Matter,
        questions: &[Question],
        clients: &[Question],
    ) -> Result<Vec<Found>, Fault> {
        let Prepared { keys, texts } = &self.prepared[matter as usize];
        let mut arguments = PgArguments::default();
        // Who asks the same shares the answer; of those who want the same changed, at most one has changed it.
        let (places, asked) =
            if texts.with_clients.is_some() { shared(questions) } else { each_its_own(questions) };
        form::add(&mut arguments, keys, &asked)?;
        let (places_of_clients, asked_clients) = shared(clients);
        let text = match &texts.with_clients {
            Some(with_clients) if !clients.is_empty() => {
                form::add(&mut arguments, self.prepared[Matter::Client as usize].keys, &asked_clients)?;
                with_clients
            }
            Some(_) | None => &texts.alone,
        };
        let mut found: Vec<Found> = vec![None; asked.len() + asked_clients.len()];
        for row in self.statements.rows(text, arguments).await? {
            let Answer { of_client, nth, text } = Answer::read(&row)?;
            let place = if of_client { asked.len() + nth } else { nth };
            *found.get_mut(place).ok_or(Fault::Corrupt("an answer"))? = Some(text);
        }
        let of_clients = places_of_clients.into_iter().map(|place| asked.len() + place);
        Ok(places.into_iter().chain(of_clients).map(|place| found[place].clone()).collect())
    }

    fn lanes(&self) -> MutexGuard<'_, [Lane; MATTERS.len()]> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The questions without repetition, and the place of each among them.
fn shared(questions: &[Question]) -> (Vec<usize>, Vec<&[Key]>) {
    let mut known = HashMap::with_capacity(questions.len());
    let (mut places, mut asked) = (Vec::with_capacity(questions.len()), Vec::new());
    for Question { keys, .. } in questions {
        let place = *known.entry(keys).or_insert(asked.len());
        if place == asked.len() {
            asked.push(keys.as_slice());
        }
        places.push(place);
    }
    (places, asked)
}

fn each_its_own(questions: &[Question]) -> (Vec<usize>, Vec<&[Key]>) {
    ((0..questions.len()).collect(), questions.iter().map(|question| question.keys.as_slice()).collect())
}

/// A row: which question it answers, from 0, and how.
struct Answer {
    of_client: bool,
    nth: usize,
    text: Arc<str>,
}

impl Answer {
    fn read(row: &PgRow) -> Result<Self, Fault> {
        let unreadable = |error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)));
        let nth: i64 = row.try_get(1).map_err(unreadable)?;
        Ok(Self {
            of_client: row.try_get(0).map_err(unreadable)?,
            nth: usize::try_from(nth - 1).map_err(|_| Fault::Corrupt("an answer"))?,
            text: row.try_get::<&str, _>(2).map_err(unreadable)?.into(),
        })
    }
}

/// What a task does that looks after a lane. Should it end before its time, whoever waits is told, and the next one to ask
/// begins anew.
struct Shift {
    together: Together,
    matter: Matter,
    is_over: bool,
}

impl Shift {
    /// Answers until nobody waits.
    async fn serve(mut self) {
        loop {
            // Whoever is just about to ask comes along.
            yield_now().await;
            let Some(round) = self.together.next_round(self.matter) else {
                self.is_over = true;
                return;
            };
            let answered = tokio::spawn(self.together.clone().answer(round));
            // What takes longer holds up nobody else.
            let _over = timeout(HEAD_START, answered).await;
        }
    }
}

impl Drop for Shift {
    fn drop(&mut self) {
        if !self.is_over {
            let lane = &mut self.together.lanes()[self.matter as usize];
            lane.is_served = false;
            lane.waiting.clear();
        }
    }
}
