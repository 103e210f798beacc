//! Promises of a database beyond the ports: it keeps its data across a restart, and it is ready
//! only after the migrations.

use std::collections::BTreeSet;
use std::sync::Arc;

use adapters_postgres::Database;
use application::port::{Authorizations, ChangedUser, EventFilter, Readiness, Recorded, TokenStatus};
use chrono::Duration;
use domain::SigningAlgorithm;
use tempfile::TempDir;
use tests::contract::Stores;
use tests::contract::fixture::{
    Grant, after, agree, code, consent, digest, event, now, refresh_token, signing_key, user_token,
};
use tests::support::PrivateDatabase;

/// The number of nodes that start at the same moment.
const NODES: usize = 4;

/// Runs each promise as a test on an empty database of each kind.
macro_rules! on_every_database {
    ($($promise:ident,)+) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $promise() {
                    let folder = super::TempDir::new().unwrap();
                    let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
                    super::$promise(&url).await;
                }
            )+
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $promise() {
                    let private = super::PrivateDatabase::empty().await;
                    super::$promise(private.url()).await;
                }
            )+
        }
    };
}

on_every_database! {
    a_database_is_ready_once_it_is_migrated_and_migrating_again_changes_nothing,
    nodes_that_start_together_migrate_once,
    everything_is_there_after_a_restart,
    two_processes_write_to_one_database_and_see_each_other,
}

async fn open(url: &str) -> Database {
    Database::connect(url).await.unwrap()
}

async fn a_database_is_ready_once_it_is_migrated_and_migrating_again_changes_nothing(url: &str) {
    let database = open(url).await;
    let unavailable = database.check().await.unwrap_err();
    assert!(url.starts_with(unavailable.component), "{unavailable}");
    for _ in 0..2 {
        database.migrate().await.unwrap();
        database.check().await.unwrap();
    }
}

async fn nodes_that_start_together_migrate_once(url: &str) {
    let mut nodes = Vec::new();
    for _ in 0..NODES {
        nodes.push(open(url).await);
    }
    let migrations: Vec<_> = nodes
        .iter()
        .map(|node| {
            let node = node.clone();
            tokio::spawn(async move { node.migrate().await })
        })
        .collect();
    for migration in migrations {
        migration.await.unwrap().unwrap();
    }
    for node in nodes {
        node.check().await.unwrap();
    }
}

async fn everything_is_there_after_a_restart(url: &str) {
    let database = Arc::new(open(url).await);
    database.migrate().await.unwrap();
    let stores = Stores::new(&database);
    let grant = Grant::recorded(&stores, "a", "openid offline_access").await;
    let revoked = Grant::prepared(&stores, "b", "openid").await;
    let told = Grant::recorded(&stores, "c", "openid").await;
    let agreed = consent(&grant.user, &grant.client, "openid");
    let successor = refresh_token("successor", &grant.authorization);
    let key = signing_key("key", SigningAlgorithm::EdDsa, now());
    agree(&stores, &agreed).await;
    stores.authorization_codes.issue(digest("code"), &code(&grant.authorization)).await.unwrap();
    stores.authorization_codes.redeem(digest("code")).await.unwrap();
    let window = Duration::seconds(10);
    let presented = grant.refresh_token.digest;
    stores.refresh_tokens.rotate(presented, &successor, b"sealed", window, now()).await.unwrap();
    stores.authorizations.revoke(revoked.authorization.id, now(), after(60)).await.unwrap();
    stores.sessions.end(revoked.session.id, now()).await.unwrap();
    stores.sessions.end(told.session.id, now()).await.unwrap();
    // A node that has taken a notice may crash before it delivers the notice.
    assert_eq!(
        stores.logout_notices.take_due(now(), after(60), 10, &BTreeSet::new()).await.unwrap().len(),
        1
    );
    stores.signing_keys.install(SigningAlgorithm::EdDsa, std::slice::from_ref(&key)).await.unwrap();
    stores.server_secrets.keep_first("key", b"sealed").await.unwrap();
    drop(stores);
    Arc::into_inner(database).unwrap().close().await.unwrap();

    let stores = Stores::new(&Arc::new(open(url).await));
    stores.readiness.check().await.unwrap();
    assert!(grant.is_valid(&stores, now()).await);
    assert_eq!(stores.clients.find(&grant.client.id).await.unwrap(), Some(grant.client.clone()));
    let signed_in = stores.sessions.find(grant.cookie, now()).await.unwrap().unwrap();
    assert_eq!((signed_in.session, signed_in.user), (grant.session, grant.user));
    assert!(stores.sessions.find(revoked.cookie, now()).await.unwrap().is_none());
    assert_eq!(revoked.record(&stores, now()).await, Recorded::Ended);
    assert_eq!(stores.consents.find(agreed.user, &agreed.client).await.unwrap(), Some(agreed));
    assert!(stores.authorization_codes.find(digest("code")).await.unwrap().unwrap().redeemed);
    let spent = stores.refresh_tokens.find(presented, now()).await.unwrap().unwrap().token.spent;
    assert_eq!(spent.unwrap().successor, successor.digest);
    let kept = stores.refresh_tokens.find(successor.digest, now()).await.unwrap().unwrap();
    assert_eq!(kept.token, successor);
    assert_eq!(stores.signing_keys.all().await.unwrap(), [key]);
    assert_eq!(stores.server_secrets.find("key").await.unwrap(), Some(b"sealed".to_vec()));
    let [notice] = stores
        .logout_notices
        .take_due(after(60), after(120), 10, &BTreeSet::new())
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!((notice.client, notice.sid, notice.attempts), (told.client.id, told.session.sid, 2));
    assert_eq!(stores.audit_trail.latest(&EventFilter::default(), None, 10).await.unwrap().len(), 6);
}

/// The server and the command line open the same database: each sees what the other writes, and
/// neither fails because the other is writing.
async fn two_processes_write_to_one_database_and_see_each_other(url: &str) {
    let server = Arc::new(open(url).await);
    server.migrate().await.unwrap();
    let command_line = Arc::new(open(url).await);
    let (here, there) = (Stores::new(&server), Stores::new(&command_line));
    let mut writers = Vec::new();
    for (name, stores) in [("here", here.clone()), ("there", there.clone())] {
        writers.push(tokio::spawn(async move {
            for round in 0..50 {
                Grant::recorded(&stores, &format!("{name}-{round}"), "openid").await;
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let grant = Grant::recorded(&here, "seen", "openid").await;
    assert!(grant.is_valid(&there, now()).await);
    let removed = there.users.delete(grant.user.id, &event("user.delete", &grant.user.id)).await;
    assert_eq!(removed.unwrap(), ChangedUser::Done);
    let status = server.token_status(&user_token(&grant.authorization), now()).await.unwrap();
    assert_eq!(status, TokenStatus::Revoked);
}
