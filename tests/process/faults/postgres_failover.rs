//! Another PostgreSQL takes over, or the one that is connected to becomes read-only: the server goes to the one that can be
//! written to, by itself.

use std::time::{Duration, Instant};

use tests::support::RelyingParty;

use super::load::{Forgets, Load, SCOPE};
use super::own_postgres::OwnPostgres;
use super::{installed, recovers, sign_in};
use crate::installation::Installation;

async fn readiness(installation: &Installation) -> u16 {
    let answer = reqwest::get(format!("{}/ready", installation.issuer)).await.expect("an answer");
    answer.status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_takes_over_under_load_serves_and_nothing_is_lost() {
    let mut primary = OwnPostgres::start().await;
    let standby = primary.standby().await;
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
        // The standby first: it can be read, and is no use.
        standby.port(),
        primary.port()
    );
    let (installation, client, browsers) = installed(&url, &[]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    let load = Load::begin(&client, &browsers, Forgets::Nothing);
    load.answers(40).await;
    primary.stop("INT").await;
    load.refusals(4).await;
    standby.says("SELECT pg_promote()").await;
    recovers(&client, Instant::now()).await;
    assert_eq!(readiness(&installation).await, 200);
    load.answers(40).await;
    let received = load.end().await;
    received.verify(&client).await;
    let said = running.says("connecting to another host of PostgreSQL").await;
    assert!(said.contains(&format!("port={}", standby.port())), "{said}");
}

/// No statement is under way that could fail: the connections end while nobody uses them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_quiet_finds_the_new_primary_too() {
    let mut primary = OwnPostgres::start().await;
    let standby = primary.standby().await;
    let url =
        format!("postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres", primary.port(), standby.port());
    let (installation, client, browsers) = installed(&url, &[]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    primary.stop("INT").await;
    standby.says("SELECT pg_promote()").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    recovers(&client, Instant::now()).await;
    client.tokens(&browsers[0], crate::USERNAME, &[SCOPE]).await;
    assert_eq!(readiness(&installation).await, 200);
    drop(running);
}

/// The address of the database leads to the new primary; connections to the old one live, and can only read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_to_a_server_that_became_read_only_are_replaced() {
    let postgres = OwnPostgres::start().await;
    postgres.says("CREATE ROLE app LOGIN SUPERUSER").await;
    let url = postgres.url().replace("postgres@", "app@");
    let (installation, client, browsers) = installed(&url, &[]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    assert_eq!(readiness(&installation).await, 200);

    postgres.says("ALTER ROLE app SET default_transaction_read_only = on").await;
    // Connections take it when they begin: those that live become such ones.
    let ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'";
    postgres.says(ours).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(readiness(&installation).await, 503);
    assert_eq!(login(&client).await, 503);
    postgres.says("ALTER ROLE app RESET default_transaction_read_only").await;
    recovers(&client, Instant::now()).await;
    client.tokens(&browsers[0], crate::USERNAME, &[SCOPE]).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(readiness(&installation).await, 200);
    drop(running);
}

/// The status of an authorization request, which keeps an interaction.
async fn login(client: &RelyingParty) -> u16 {
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let answer = http.get(client.authorization_url(&[])).send().await.expect("an answer");
    match answer.status().as_u16() {
        // The client is told.
        303 if answer.headers()["location"]
            .to_str()
            .is_ok_and(|to| to.contains("temporarily_unavailable")) =>
        {
            503
        }
        status => status,
    }
}
