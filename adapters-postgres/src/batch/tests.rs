//! Batches with a loader that only writes down what it is asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::queue::MAX_REQUESTS;
use super::worker::{BATCH_TIMEOUT, PREVIOUS_BATCH_TIMEOUT};
use super::{Batches, Failure, Loader, Part, Sharing};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Query {
    Find,
    FindOther,
    FindAlong,
    Change,
}

/// The keys of each part of a batch.
type Sent = Vec<(Query, Vec<u32>)>;

#[derive(Debug, Clone, Default)]
struct Recorder {
    sent: Arc<Mutex<Vec<Sent>>>,
    takes: Duration,
    /// How many batches fail before one succeeds.
    failures: Arc<AtomicUsize>,
    panics: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Broken;

impl Loader for Recorder {
    type Statement = Query;
    type Key = u32;
    type Reply = u32;
    type Error = Broken;

    fn sharing(&self, statement: Query) -> Sharing {
        match statement {
            Query::Find | Query::FindOther => Sharing::LookUp,
            Query::FindAlong => Sharing::Companion,
            Query::Change => Sharing::Change,
        }
    }

    /// Finds ten times the key, and nothing for 0.
    async fn load(&self, parts: &[Part<'_, Query, u32>]) -> Result<Vec<Option<u32>>, Broken> {
        let sent: Sent =
            parts.iter().map(|part| (part.statement, part.keys.iter().map(|key| **key).collect())).collect();
        self.sent.lock().unwrap().push(sent.clone());
        sleep(self.takes).await;
        assert!(!self.panics, "a loader that panics");
        if self
            .failures
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
        {
            return Err(Broken);
        }
        let keys = sent.into_iter().flat_map(|(_, keys)| keys);
        Ok(keys.map(|key| (key > 0).then_some(10 * key)).collect())
    }

    fn may_retry(&self, _error: &Broken, is_change: bool) -> bool {
        !is_change
    }
}

impl Recorder {
    fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

/// The replies to requests that are made at once, in their order.
async fn replies(
    recorder: &Recorder,
    requests: &[(Query, u32)],
) -> Vec<Result<Option<u32>, Failure<Broken>>> {
    let batches = Batches::new(recorder.clone());
    let mut callers = JoinSet::new();
    for (place, (query, key)) in requests.iter().copied().enumerate() {
        let batches = batches.clone();
        callers.spawn(async move { (place, batches.request(query, key).await) });
    }
    let mut replies = callers.join_all().await;
    replies.sort_unstable_by_key(|(place, _)| *place);
    replies.into_iter().map(|(_, reply)| reply).collect()
}

fn found(replies: Vec<Result<Option<u32>, Failure<Broken>>>) -> Vec<Option<u32>> {
    replies.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(start_paused = true)]
async fn requests_at_once_are_one_batch_and_each_gets_its_own_reply() {
    let recorder = Recorder::default();
    let replies = replies(&recorder, &[(Query::Find, 1), (Query::Find, 0), (Query::Find, 2)]).await;
    assert_eq!(found(replies), [Some(10), None, Some(20)]);
    assert_eq!(recorder.sent(), [[(Query::Find, vec![1, 0, 2])]]);
}

#[tokio::test(start_paused = true)]
async fn equal_look_ups_share_a_key_and_equal_changes_do_not() {
    let recorder = Recorder::default();
    let looked_up = replies(&recorder, &[(Query::Find, 1), (Query::Find, 2), (Query::Find, 1)]).await;
    assert_eq!(found(looked_up), [Some(10), Some(20), Some(10)]);
    let changed = replies(&recorder, &[(Query::Change, 1), (Query::Change, 1)]).await;
    assert_eq!(found(changed), [Some(10), Some(10)]);
    assert_eq!(recorder.sent(), [[(Query::Find, vec![1, 2])], [(Query::Change, vec![1, 1])]]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_has_a_bound() {
    let recorder = Recorder::default();
    let requests: Vec<_> = (1..=150).map(|key| (Query::Change, key)).collect();
    let replies = found(replies(&recorder, &requests).await);
    assert_eq!(replies, (1..=150).map(|key| Some(10 * key)).collect::<Vec<_>>());
    let sizes: Vec<_> = recorder.sent().iter().map(|parts| parts[0].1.len()).collect();
    assert_eq!(sizes, [MAX_REQUESTS, MAX_REQUESTS, 150 - 2 * MAX_REQUESTS]);
}

#[tokio::test(start_paused = true)]
async fn a_companion_is_added_to_a_look_up_and_never_to_a_change() {
    let recorder = Recorder::default();
    let requests = [(Query::Find, 1), (Query::FindAlong, 7), (Query::FindAlong, 7), (Query::FindAlong, 8)];
    let looked_up = replies(&recorder, &requests).await;
    assert_eq!(found(looked_up), [Some(10), Some(70), Some(70), Some(80)]);
    // The worker of the companion is the first, and takes the look-up along.
    let looked_up = replies(&recorder, &[(Query::FindAlong, 7), (Query::FindOther, 7)]).await;
    assert_eq!(found(looked_up), [Some(70), Some(70)]);
    let changed = replies(&recorder, &[(Query::Change, 1), (Query::FindAlong, 7)]).await;
    assert_eq!(found(changed), [Some(10), Some(70)]);
    let mut sent = recorder.sent();
    assert_eq!(sent[0], [(Query::Find, vec![1]), (Query::FindAlong, vec![7, 8])]);
    assert_eq!(sent[1], [(Query::FindOther, vec![7]), (Query::FindAlong, vec![7])]);
    // The workers of the two run beside each other.
    sent[2..].sort_unstable_by_key(|batch| batch[0].0 == Query::FindAlong);
    assert_eq!(sent[2..], [[(Query::Change, vec![1])], [(Query::FindAlong, vec![7])]]);
}

#[tokio::test(start_paused = true)]
async fn a_request_gets_its_reply_from_a_batch_that_began_after_it() {
    let recorder = Recorder { takes: PREVIOUS_BATCH_TIMEOUT / 2, ..Recorder::default() };
    let batches = Batches::new(recorder.clone());
    let first = tokio::spawn({
        let batches = batches.clone();
        async move { batches.request(Query::Find, 1).await.unwrap() }
    });
    sleep(PREVIOUS_BATCH_TIMEOUT / 4).await;
    assert_eq!(recorder.sent().len(), 1, "the first is under way");
    assert_eq!(batches.request(Query::Find, 1).await.unwrap(), Some(10));
    assert_eq!(first.await.unwrap(), Some(10));
    assert_eq!(recorder.sent().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_batch_holds_up_the_next_one_only_for_its_head_start() {
    let recorder = Recorder { takes: Duration::from_secs(5), ..Recorder::default() };
    let batches = Batches::new(recorder.clone());
    let first = tokio::spawn({
        let batches = batches.clone();
        async move { batches.request(Query::Find, 1).await.unwrap() }
    });
    sleep(Duration::from_millis(1)).await;
    let began = Instant::now();
    batches.request(Query::Find, 2).await.unwrap();
    assert!(began.elapsed() <= recorder.takes + PREVIOUS_BATCH_TIMEOUT, "it took {:?}", began.elapsed());
    first.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_failed_is_sent_again_once_and_a_change_is_not() {
    let recorder = Recorder { failures: Arc::new(1.into()), ..Recorder::default() };
    assert_eq!(found(replies(&recorder, &[(Query::Find, 1)]).await), [Some(10)]);
    for (query, sent) in [(Query::Find, 2), (Query::Change, 1)] {
        let recorder = Recorder { failures: Arc::new(2.into()), ..Recorder::default() };
        for reply in replies(&recorder, &[(query, 1), (query, 2)]).await {
            assert!(matches!(reply, Err(Failure::Load(error)) if *error == Broken));
        }
        assert_eq!(recorder.sent().len(), sent, "{query:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_takes_too_long_or_panics_is_given_up_and_the_next_one_is_sent() {
    let slow = Recorder { takes: 2 * BATCH_TIMEOUT, ..Recorder::default() };
    let broken = Recorder { panics: true, ..Recorder::default() };
    for recorder in [slow, broken] {
        let batches = Batches::new(recorder.clone());
        for _ in 0..2 {
            let reply = batches.request(Query::Find, 1).await;
            assert!(matches!(reply, Err(Failure::Abandoned)), "{reply:?}");
        }
        assert_eq!(recorder.sent().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_caller_has_gone_is_not_sent() {
    let recorder = Recorder { takes: PREVIOUS_BATCH_TIMEOUT / 2, ..Recorder::default() };
    let batches = Batches::new(recorder.clone());
    let (first, gone, last) = tokio::join!(
        batches.request(Query::Change, 1),
        tokio::time::timeout(PREVIOUS_BATCH_TIMEOUT / 8, async {
            sleep(PREVIOUS_BATCH_TIMEOUT / 16).await;
            batches.request(Query::Change, 2).await
        }),
        async {
            sleep(PREVIOUS_BATCH_TIMEOUT / 16).await;
            batches.request(Query::Change, 3).await
        },
    );
    assert!(first.is_ok() && gone.is_err() && last.is_ok());
    assert_eq!(recorder.sent(), [[(Query::Change, vec![1])], [(Query::Change, vec![3])]]);
}
