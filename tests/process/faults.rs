//! A store (PostgreSQL, Redis, the disk of SQLite) or a node fails under load. In the meantime the
//! server answers 503 with `Retry-After`. Afterwards it has recovered by itself, no issued
//! credential is lost, no spent credential works twice, and no revoked credential works again.

mod disk;
mod front;
mod load;
mod own_cluster;
mod own_disk;
mod own_postgres;
mod own_redis;
mod pooler;
mod postgres_failover;
mod redis;
mod redis_cluster;
mod redis_failover;
mod two_nodes;
mod unreachable;

use std::time::{Duration, Instant};

use tests::support::{Browser, Callback, Landed, PrivateDatabase, RelyingParty};

use crate::installation::{Installation, free_port};
use crate::{ENCRYPTION_KEY, USERNAME};
use load::{Forgets, Load, SCOPE};
use own_postgres::OwnPostgres;

/// How long the server may take to recover after its store.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of clients at work.
const WORKERS: usize = 4;

/// Long enough for the slowest machine between the fault and the checks.
const LIFETIMES: [(&str, &str); 2] = [
    // A client retries a refresh, whose response was lost, after the fault.
    ("OAUTH2_REFRESH_REPLAY_WINDOW_SECS", "60"),
    ("OAUTH2_AUTHORIZATION_CODE_TTL_SECS", "600"),
];

/// An installation on this PostgreSQL with these settings, a client, and one browser per worker.
async fn installed(url: &str, more: &[(&'static str, &str)]) -> (Installation, RelyingParty, Vec<Browser>) {
    let database = [("OAUTH2_DATABASE_URL", url), ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY)];
    let installation = Installation::with(&[&database, &LIFETIMES[..], more].concat());
    let (client, browsers) = client_and_browsers(&installation).await;
    (installation, client, browsers)
}

/// Creates a client, a user, and one browser per worker.
async fn client_and_browsers(installation: &Installation) -> (RelyingParty, Vec<Browser>) {
    let client = crate::client(installation, &["--first-party"]).await;
    crate::user(installation).await;
    let browsers = (0..WORKERS).map(|_| Browser::new(&installation.issuer)).collect();
    (client, browsers)
}

async fn sign_in(client: &RelyingParty, browsers: &[Browser]) {
    for browser in browsers {
        client.tokens(browser, USERNAME, &[SCOPE]).await;
    }
}

/// Waits until a flow that needs the store works again, which must be soon.
async fn recovers(client: &RelyingParty, since: Instant) {
    loop {
        let answer = client.redeem("unknown").await;
        if answer.status() == 400 {
            break;
        }
        assert_eq!(answer.status(), 503);
        assert!(since.elapsed() < RECOVERY_TIMEOUT, "the server has not recovered");
    }
    println!("recovered after {:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_stops_and_starts_under_load_loses_nothing() {
    let mut postgres = OwnPostgres::start().await;
    let (installation, client, browsers) = installed(&postgres.url(), &[]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    let load = Load::begin(&client, &browsers, Forgets::Nothing);
    for round in 0..3 {
        load.answers(40).await;
        postgres.stop(if round == 1 { "QUIT" } else { "INT" }).await;
        load.refusals(4).await;
        postgres.start_again().await;
        recovers(&client, Instant::now()).await;
    }
    load.answers(40).await;
    let received = load.end().await;
    received.verify(&client).await;
    let ended = running.ends().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_under_load_lose_nothing() {
    let private = PrivateDatabase::empty().await;
    let (installation, client, browsers) = installed(private.url(), &[]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    let load = Load::begin(&client, &browsers, Forgets::Nothing);
    let mut cut = 0;
    for _ in 0..10 {
        load.answers(20).await;
        cut += private.cut_connections().await;
        recovers(&client, Instant::now()).await;
    }
    assert!(cut >= 10, "there were connections to cut: {cut}");
    let received = load.end().await;
    received.verify(&client).await;
    drop(running);
}

#[tokio::test]
async fn a_restart_of_postgres_between_two_requests_costs_neither() {
    let mut postgres = OwnPostgres::start().await;
    let (installation, client, browsers) = installed(&postgres.url(), &[]).await;
    let running = installation.serves().await;
    let tokens = client.tokens(&browsers[0], USERNAME, &[SCOPE]).await;
    for _ in 0..3 {
        postgres.stop("INT").await;
        postgres.start_again().await;
        assert_eq!(client.introspect(tokens.text("access_token")).await["active"], true);
    }
    drop(running);
}

/// Whatever error the database returns, the server answers 503, and nothing was changed.
#[tokio::test]
async fn whatever_the_database_refuses_with_is_503_and_spends_nothing() {
    let private = PrivateDatabase::empty().await;
    let (installation, client, browsers) = installed(private.url(), &[]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    // disk full, out of memory, too many connections, cancelled, shut down, read only, lock timeout, a constraint, a bug
    let codes = ["53100", "53200", "53300", "57014", "57P01", "25006", "55P03", "23505", "XX000"];
    for code in codes {
        let browser = &browsers[0];
        let kept = client.code(browser, USERNAME, &[SCOPE]).await;
        private
            .execute(&format!(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN RAISE 'refused' USING ERRCODE = '{code}'; END $$;
                 CREATE TRIGGER refuse BEFORE UPDATE OR INSERT ON authorization_codes
                     FOR EACH ROW EXECUTE FUNCTION refuse();"
            ))
            .await;
        let refused = client.redeem(&kept).await;
        assert_eq!(refused.status(), 503, "{code}");
        assert!(refused.headers().contains_key("retry-after"), "{code}");
        let body = refused.text().await.expect("a body");
        assert!(body.contains("temporarily_unavailable") && !body.contains("refused"), "{code}: {body}");
        let answer = browser.http().get(client.authorization_url(&[SCOPE])).send().await.expect("an answer");
        assert_eq!(answer.status(), 303, "{code}");
        let location = answer.headers()["location"].to_str().expect("a URL");
        let callback = Callback::from_url(&location.parse().expect("a URL"));
        assert_eq!(callback.get("error"), Some("temporarily_unavailable"), "{code}: {location}");
        assert!(!location.contains("refused"), "{code}: {location}");
        private.execute("DROP FUNCTION refuse() CASCADE").await;
        client.redeemed(&kept).await;
    }
    drop(running);
}

/// The store of clients is away too: what was true when the request came counts.
#[tokio::test]
async fn the_application_of_a_user_at_a_page_is_told_that_the_database_is_away_and_nothing_is_consumed() {
    let mut postgres = OwnPostgres::start().await;
    let database = [("OAUTH2_DATABASE_URL", &*postgres.url()), ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY)];
    let installation = Installation::with(&[&database, &LIFETIMES[..]].concat());
    let client = crate::client(&installation, &[]).await;
    crate::user(&installation).await;
    let running = installation.serves().await;
    let (ones, other) = (Browser::new(&installation.issuer), Browser::new(&installation.issuer));
    let login = ones.open(&client.authorization_url(&[SCOPE])).await.page();
    let consent = other.open(&client.authorization_url(&[SCOPE])).await.page();
    let consent = other.sign_in(&consent, USERNAME).await.page();
    postgres.stop("INT").await;
    let told = |landed: Landed| {
        let url = landed.client();
        assert_eq!(Callback::from_url(&url).get("error"), Some("temporarily_unavailable"), "{url}");
    };
    told(ones.sign_in(&login, USERNAME).await);
    told(ones.submit(&login, &[("decision", "cancel")]).await);
    told(other.submit(&consent, &[("decision", "deny")]).await);
    told(other.allow(&consent).await);
    postgres.start_again().await;
    recovers(&client, Instant::now()).await;
    let asked = ones.sign_in(&login, USERNAME).await.page();
    for (browser, page) in [(&ones, asked), (&other, consent)] {
        let callback = Callback::from_url(&browser.allow(&page).await.client());
        client.redeemed(callback.code()).await;
    }
    drop(running);
}

/// As PostgreSQL says it: `disk_full`.
#[tokio::test]
async fn a_postgres_whose_disk_is_full_is_told_and_heals() {
    let private = PrivateDatabase::empty().await;
    let metrics = format!("127.0.0.1:{}", free_port());
    let (installation, client, browsers) =
        installed(private.url(), &[("OAUTH2_METRICS_ADDR", &metrics)]).await;
    let running = installation.serves().await;
    private
        .execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$;
             CREATE TRIGGER refuse BEFORE UPDATE OR INSERT ON replay_marks
                 FOR EACH ROW EXECUTE FUNCTION refuse();",
        )
        .await;
    let full = || async {
        let all = reqwest::get(format!("http://{metrics}/metrics")).await.expect("an answer");
        let all = all.text().await.expect("metrics");
        let line = all.lines().find_map(|line| line.strip_prefix("oauth2_store_full{store=\"postgres\"} "));
        line.expect("a gauge").to_owned()
    };
    let ready =
        || async { client.http().get(format!("{}/ready", client.issuer)).send().await.expect("an answer") };
    let refused = ready().await;
    assert_eq!(refused.status(), 503);
    let body = refused.text().await.expect("a body");
    assert!(body.contains("a store is full") && !body.contains("extend"), "{body}");
    assert_eq!(full().await, "1");
    // PostgreSQL still has room for what is no mark.
    client.tokens(&browsers[0], USERNAME, &[SCOPE]).await;
    private.execute("DROP FUNCTION refuse() CASCADE").await;
    assert_eq!(ready().await.status(), 200);
    assert_eq!(full().await, "0");
    drop(running);
}
