//! Concurrent callers behind a barrier, in many rounds: a single round does not find every race.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Barrier;

/// The number of concurrent calls.
pub const TASKS: usize = 16;
/// The number of rounds.
pub const ROUNDS: usize = 20;

/// The answers of `tasks` concurrent calls of `act`. Each call gets its number.
pub async fn concurrently<F, Answer>(tasks: usize, act: impl Fn(usize) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
    Answer: Send + 'static,
{
    let barrier = Arc::new(Barrier::new(tasks));
    let callers: Vec<_> = (0..tasks)
        .map(|task| {
            let (barrier, act) = (barrier.clone(), act(task));
            tokio::spawn(async move {
                barrier.wait().await;
                act.await
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(tasks);
    for caller in callers {
        answers.push(caller.await.unwrap());
    }
    answers
}

/// How many of `answers` equal `wanted`.
pub fn count<Answer: PartialEq>(answers: &[Answer], wanted: &Answer) -> usize {
    answers.iter().filter(|answer| *answer == wanted).count()
}
