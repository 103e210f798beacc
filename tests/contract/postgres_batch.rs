//! Batches on PostgreSQL: requests at the same moment share a statement, and no request waits for a
//! row that another request has locked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use adapters_postgres::Database;
use application::port::{Recorded, Redeemed, Rotation};
use domain::{Digest, Session};
use sea_orm::{ConnectionTrait, TransactionTrait};
use tests::contract::Stores;
use tests::contract::fixture::{Grant, after, code, digest, history, now, refresh_token, session, signed_in};
use tests::contract::race::{concurrently, count};
use tests::support::PrivateDatabase;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};
use url::Url;

/// How many requests are made at the same moment.
const CALLERS: usize = 48;
const WINDOW: chrono::Duration = chrono::Duration::seconds(10);

struct Site {
    private: PrivateDatabase,
    /// How many times a client sent data to PostgreSQL.
    sent: Arc<AtomicUsize>,
    stores: Stores,
    grants: Arc<Vec<Grant>>,
}

impl Site {
    /// A database with prepared grants, each with its own client and user.
    async fn new() -> Self {
        let private = PrivateDatabase::migrated().await;
        let (url, sent) = counting(private.url()).await;
        let database = Arc::new(Database::connect(&url).await.unwrap());
        let stores = Stores::new(&database);
        let mut grants = Vec::new();
        for caller in 0..CALLERS {
            grants.push(Grant::prepared(&stores, &format!("of-{caller}"), "openid").await);
        }
        Self { private, sent, stores, grants: Arc::new(grants) }
    }

    async fn recorded() -> Self {
        let site = Self::new().await;
        for grant in site.grants.iter() {
            assert_eq!(grant.record(&site.stores, now()).await, Recorded::First);
        }
        site
    }
}

async fn rotate(stores: &Stores, grant: &Grant) -> Rotation {
    let name = format!("after {}", grant.authorization.id);
    let successor = refresh_token(&name, &grant.authorization);
    let presented = grant.refresh_token.digest;
    stores.refresh_tokens.rotate(presented, &successor, b"sealed", WINDOW, now()).await.unwrap()
}

/// A proxy in front of PostgreSQL, and the number of times a client sent data through it.
async fn counting(url: &str) -> (String, Arc<AtomicUsize>) {
    let mut url = Url::parse(url).unwrap();
    let behind = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    tokio::spawn(async move {
        loop {
            let (caller, _) = listener.accept().await.unwrap();
            let postgres = TcpStream::connect(&behind).await.unwrap();
            let (mut from_caller, mut to_caller) = caller.into_split();
            let (mut from_postgres, mut to_postgres) = postgres.into_split();
            tokio::spawn(async move { copy(&mut from_postgres, &mut to_caller).await });
            let counter = Arc::clone(&counter);
            tokio::spawn(async move {
                let mut message = vec![0; 1 << 20];
                while let Ok(length @ 1..) = from_caller.read(&mut message).await {
                    counter.fetch_add(1, Ordering::Relaxed);
                    to_postgres.write_all(&message[..length]).await.unwrap();
                }
            });
        }
    });
    (url.into(), sent)
}

/// Calls `act` from all callers at the same moment. Returns the replies, and asserts that there
/// were fewer round trips than callers.
async fn shared<F, Answer>(site: &Site, act: impl Fn(Stores, Arc<Vec<Grant>>, usize) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
    Answer: Send + 'static,
{
    let before = site.sent.load(Ordering::Relaxed);
    let answers =
        concurrently(CALLERS, |caller| act(site.stores.clone(), Arc::clone(&site.grants), caller)).await;
    let sent = site.sent.load(Ordering::Relaxed) - before;
    assert!(sent < CALLERS, "{sent} round trips for {CALLERS} callers");
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recordings_and_rotations_at_once_share_statements() {
    let site = Site::new().await;
    let record = |stores: Stores, grants: Arc<Vec<Grant>>, caller: usize| async move {
        grants[caller].record(&stores, now()).await
    };
    assert_eq!(count(&shared(&site, record).await, &Recorded::First), CALLERS);
    let rotate = |stores: Stores, grants: Arc<Vec<Grant>>, caller: usize| async move {
        rotate(&stores, &grants[caller]).await
    };
    assert_eq!(count(&shared(&site, rotate).await, &Rotation::Rotated), CALLERS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recordings_without_a_refresh_token_share_statements_too() {
    let site = Site::new().await;
    let record = |stores: Stores, grants: Arc<Vec<Grant>>, caller: usize| async move {
        stores.authorizations.record(&grants[caller].authorization, None, now()).await.unwrap()
    };
    assert_eq!(count(&shared(&site, record).await, &Recorded::First), CALLERS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_issued_and_redeemed_at_once_share_statements() {
    let site = Site::new().await;
    let key = |caller| digest(&format!("code {caller}"));
    shared(&site, |stores, grants, caller| async move {
        let code = code(&grants[caller].authorization);
        stores.authorization_codes.issue(key(caller), &code).await.unwrap();
    })
    .await;
    shared(&site, |stores, grants, caller| async move {
        let kept = stores.authorization_codes.find(key(caller)).await.unwrap().unwrap();
        assert_eq!(kept.code, code(&grants[caller].authorization), "the code of another caller");
    })
    .await;
    let redeem = |stores: Stores, _grants: Arc<Vec<Grant>>, caller: usize| async move {
        stores.authorization_codes.redeem(key(caller)).await.unwrap()
    };
    assert_eq!(count(&shared(&site, redeem).await, &Redeemed::First), CALLERS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn look_ups_at_once_share_statements() {
    let site = Site::recorded().await;
    shared(&site, |stores, grants, caller| async move {
        let Grant { client, cookie, session, refresh_token, .. } = &grants[caller];
        let (found, signed_in, presented) = tokio::join!(
            stores.clients.find(&client.id),
            stores.sessions.find(*cookie, now()),
            stores.refresh_tokens.find(refresh_token.digest, now()),
        );
        assert_eq!(found.unwrap().as_ref(), Some(client));
        assert_eq!(&signed_in.unwrap().unwrap().session, session);
        assert_eq!(presented.unwrap().unwrap().token.digest, refresh_token.digest);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_row_holds_up_no_other_request() {
    let site = Site::recorded().await;
    let other = sea_orm::Database::connect(site.private.url()).await.unwrap();
    let holds = other.begin().await.unwrap();
    let held = site.grants[0].authorization.id;
    holds
        .execute_unprepared(&format!("SELECT 1 FROM authorizations WHERE id = '{held}' FOR UPDATE"))
        .await
        .unwrap();
    let waits = {
        let (stores, grants) = (site.stores.clone(), Arc::clone(&site.grants));
        tokio::spawn(async move { rotate(&stores, &grants[0]).await })
    };
    let began = Instant::now();
    for grant in &site.grants[1..] {
        assert_eq!(rotate(&site.stores, grant).await, Rotation::Rotated);
    }
    assert!(began.elapsed() < Duration::from_secs(3), "the others took {:?}", began.elapsed());
    assert!(!waits.is_finished());
    holds.rollback().await.unwrap();
    let rotated = timeout(Duration::from_secs(5), waits).await.unwrap().unwrap();
    assert_eq!(rotated, Rotation::Rotated, "the batch runs the locked request separately");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_equal_changes_at_once_one_is_made() {
    let site = Site::recorded().await;
    for round in 0..20 {
        let key = digest(&format!("code of {round}"));
        let grant = &site.grants[round];
        site.stores.authorization_codes.issue(key, &code(&grant.authorization)).await.unwrap();
        let redeemed = redeem_at_once(&site, key).await;
        assert_eq!(count(&redeemed, &Redeemed::First), 1);
        assert_eq!(count(&redeemed, &Redeemed::Again), CALLERS - 1);
    }
}

async fn redeem_at_once(site: &Site, key: Digest) -> Vec<Redeemed> {
    concurrently(CALLERS, |_| {
        let stores = site.stores.clone();
        async move { stores.authorization_codes.redeem(key).await.unwrap() }
    })
    .await
}

/// How many scans used an index. A connection reports its scans when it closes.
async fn scans(private: &PrivateDatabase, index: &str) -> i64 {
    let scans = format!("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = '{index}'");
    private.rows(&scans).await[0].try_get_by_index(0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_found_by_its_cookie_however_many_are_live() {
    let private = PrivateDatabase::migrated().await;
    // The plan is made while there are no sessions, and is kept.
    let database = Arc::new(Database::connect(private.url()).await.unwrap());
    let stores = Stores::new(&database);
    for name in 0..8 {
        let name = format!("{name}");
        assert!(stores.sessions.find(digest(&name), now()).await.unwrap().is_none());
        let grant = Grant::prepared(&stores, &name, "openid").await;
        assert!(stores.sessions.find(grant.cookie, now()).await.unwrap().is_some());
    }
    drop(stores);
    Arc::into_inner(database).unwrap().close().await.unwrap();
    assert_eq!(scans(&private, "sessions_ended_at").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_found_by_its_digest_however_long_its_family_is() {
    let private = PrivateDatabase::migrated().await;
    let mut families = Vec::new();
    for analysed in [false, true] {
        // The plans of a new connection, without statistics and with them.
        let database = Arc::new(Database::connect(private.url()).await.unwrap());
        let stores = Stores::new(&database);
        if families.is_empty() {
            for family in 0..CALLERS {
                let grant = Grant::recorded(&stores, &format!("of-{family}"), "openid").await;
                families.push((grant.authorization.clone(), grant.refresh_token));
            }
        }
        for turn in 0..6 {
            for (authorization, last) in &mut families {
                let name = format!("{analysed} {turn} of {}", authorization.id);
                let successor = refresh_token(&name, authorization);
                let rotated =
                    stores.refresh_tokens.rotate(last.digest, &successor, b"sealed", WINDOW, now()).await;
                assert_eq!(rotated.unwrap(), Rotation::Rotated);
                *last = successor;
            }
        }
        drop(stores);
        Arc::into_inner(database).unwrap().close().await.unwrap();
        let scans = scans(&private, "refresh_tokens_authorization_id").await;
        assert_eq!(scans, 0, "analysed: {analysed}");
        private.execute("ANALYZE").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_begins_and_is_renewed_with_its_event_in_one_round_trip() {
    let site = Site::new().await;
    let user = &site.grants[0].user;
    let (mut begun, mut renewed) = (Vec::new(), Vec::new());
    // The first statement of a connection is prepared, and one that was idle is tested.
    for round in 0..20 {
        let session = session(&format!("session {round}"), user);
        let again = Session { auth_time: after(60), ..session.clone() };
        let sent = || site.sent.load(Ordering::Relaxed);
        let before = sent();
        let cookie = digest(&session.sid);
        site.stores.sessions.begin(&session, cookie, 100, &signed_in(&session)).await.unwrap();
        let between = sent();
        assert!(site.stores.sessions.renew(&again, cookie, &signed_in(&again)).await.unwrap());
        begun.push(between - before);
        renewed.push(sent() - between);
    }
    assert_eq!((begun.iter().min(), renewed.iter().min()), (Some(&1), Some(&1)), "{begun:?} {renewed:?}");
    assert_eq!(history(&site.stores, user.id).await.len(), 41);
}
