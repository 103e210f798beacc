//! Busy and silent connections to PostgreSQL: every caller gets an answer or an error in time, and
//! callers that hold a connection do not starve the others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use adapters_postgres::Database;
use application::port::{Clients, DeviceCodes, Marked, ReplayMarks, Resources, Sessions};
use sea_orm::{ConnectionTrait, TransactionTrait};
use tests::contract::fixture::{after, client, device_code, digest, event, now, resource};
use tests::support::PrivateDatabase;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

/// More callers than connections on any machine.
const CALLERS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_is_not_kept_waiting_by_those_who_have_a_connection() {
    let private = PrivateDatabase::migrated().await;
    let database = Arc::new(Database::connect(private.url()).await.unwrap());
    Clients::insert(&*database, &client("web"), &event("client.create", &client("web").id)).await.unwrap();
    // A transaction that holds a connection and waits: one connection less for the other callers.
    let other = sea_orm::Database::connect(private.url()).await.unwrap();
    let holds = other.begin().await.unwrap();
    holds.execute_unprepared("SELECT id FROM clients FOR UPDATE").await.unwrap();
    let waits = {
        let (database, id) = (database.clone(), client("web").id);
        tokio::spawn(async move { Clients::delete(&*database, &id, &event("client.delete", &id)).await })
    };
    let until = Instant::now() + Duration::from_secs(3);
    let mut asking = JoinSet::new();
    for _ in 0..CALLERS {
        let database = database.clone();
        asking.spawn(async move {
            let mut longest = Duration::ZERO;
            while Instant::now() < until {
                let asked = Instant::now();
                Sessions::find(&*database, digest("cookie"), now()).await.unwrap();
                longest = longest.max(asked.elapsed());
            }
            longest
        });
    }
    let longest = asking.join_all().await.into_iter().max().unwrap();
    assert!(longest < Duration::from_secs(1), "one waited {longest:?}");
    holds.rollback().await.unwrap();
    assert!(waits.await.unwrap().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_ended_while_it_was_idle_costs_no_look_up() {
    let private = PrivateDatabase::migrated().await;
    let database = Database::connect(private.url()).await.unwrap();
    let web = client("web");
    Clients::insert(&database, &web, &event("client.create", &web.id)).await.unwrap();
    let other = sea_orm::Database::connect(private.url()).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..10 {
        assert_eq!(Clients::find(&database, &web.id).await.unwrap().as_ref(), Some(&web));
        other.execute_unprepared(end).await.unwrap();
        assert_eq!(Clients::find(&database, &web.id).await.unwrap().as_ref(), Some(&web));
    }
}

/// A proxy in front of PostgreSQL that forwards everything until it is told to stop; then its open
/// connections stay open and silent.
async fn silenceable(url: &str) -> (String, watch::Sender<()>) {
    let mut url = Url::parse(url).unwrap();
    let behind = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let (silence, silent) = watch::channel(());
    tokio::spawn(async move {
        loop {
            let (mut caller, _) = listener.accept().await.unwrap();
            let (behind, mut silent) = (behind.clone(), silent.clone());
            silent.mark_unchanged();
            tokio::spawn(async move {
                let mut postgres = TcpStream::connect(behind).await.unwrap();
                tokio::select! {
                    _ended = copy_bidirectional(&mut caller, &mut postgres) => {}
                    // Both ends stay open, and no byte is forwarded any more.
                    _ = silent.changed() => std::future::pending().await,
                }
            });
        }
    });
    (url.into(), silence)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_falls_silent_does_not_stop_the_look_ups_of_clients() {
    let private = PrivateDatabase::migrated().await;
    let (url, silence) = silenceable(private.url()).await;
    let database = Database::connect(&url).await.unwrap();
    let web = client("web");
    Clients::insert(&database, &web, &event("client.create", &web.id)).await.unwrap();
    // The next caller takes the same connection, because the pool does not know yet that it is
    // dead.
    Clients::find(&database, &web.id).await.unwrap();
    silence.send(()).unwrap();
    let lost = timeout(Duration::from_secs(20), Clients::find(&database, &web.id)).await;
    assert!(lost.expect("an answer in time").is_err());
    // The pool finds each silent connection, one at a time.
    let found = timeout(Duration::from_secs(20), async {
        loop {
            if let Ok(found) = Clients::find(&database, &web.id).await {
                break found;
            }
        }
    });
    assert_eq!(found.await.expect("an answer in time"), Some(web));
}

/// After a failover the connection leads to a server that refuses writes. Nothing has happened, so the caller gets its answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_was_refused_is_asked_again() {
    let private = PrivateDatabase::migrated().await;
    let database = Database::connect(private.url()).await.unwrap();
    let web = client("web");
    Clients::insert(&database, &web, &event("client.create", &web.id)).await.unwrap();
    for (number, table) in
        ["device_codes", "replay_marks", "resources", "audit_events"].into_iter().enumerate()
    {
        // A sequence is not rolled back: only the first statement is refused.
        private
            .execute(&format!(
                "CREATE SEQUENCE refused_times;
                 CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                     IF nextval('refused_times') = 1 THEN RAISE 'refused' USING ERRCODE = '25006'; END IF;
                     RETURN NEW;
                 END $$;
                 CREATE TRIGGER refuse BEFORE UPDATE OR INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();"
            ))
            .await;
        match number {
            0 => {
                let code = device_code("WDJBMJHT", &web);
                DeviceCodes::issue(&database, digest("device"), &code, now()).await.unwrap();
            }
            1 => assert_eq!(
                ReplayMarks::mark(&database, digest("mark"), after(60)).await.unwrap(),
                Marked::First
            ),
            2 => {
                let api = resource("https://api.example");
                Resources::register(&database, &api, &event("resource.create", &api.id)).await.unwrap();
            }
            _ => {
                assert!(Clients::delete(&database, &web.id, &event("client.delete", &web.id)).await.unwrap());
            }
        }
        private.execute("DROP FUNCTION refuse() CASCADE; DROP SEQUENCE refused_times").await;
    }
}
