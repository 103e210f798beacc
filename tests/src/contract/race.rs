//! Many callers at once, behind a barrier, over and over: a single round was seen to miss races.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Barrier;

/// How many call at once.
pub const TASKS: usize = 16;
/// How often.
pub const ROUNDS: usize = 20;

/// What `tasks` concurrent calls of `act` answered; each gets its number.
pub async fn at_once<F, Answer>(tasks: usize, act: impl Fn(usize) -> F) -> Vec<Answer>
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

/// How many of `answers` are `wanted`.
pub fn count<Answer: PartialEq>(answers: &[Answer], wanted: &Answer) -> usize {
    answers.iter().filter(|answer| *answer == wanted).count()
}
