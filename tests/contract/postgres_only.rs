//! Properties that only PostgreSQL needs: locks between nodes, deadlocks, and index scans instead
//! of sequential scans.

use std::collections::BTreeSet;
use std::sync::Arc;

use adapters_postgres::Database;
use application::port::{
    Attempt, AttemptKey, Authorizations, ChangedUser, Clock, Counter, Expired, Forgiven, Limit,
    MembershipChange, OpaqueAccessTokens, Readiness, Recorded, UserChange, Users, WhichSessions,
};
use chrono::Duration;
use domain::{Client, User};
use sea_orm::{ConnectionTrait, TransactionTrait};
use server::system::SystemClock;
use tests::contract::Stores;
use tests::contract::fixture::{
    Grant, after, agree, authorization, begins_and_renews, claims, code, consent, digest, event, group, now,
    refresh_token, signed_in, user_token,
};
use tests::contract::interactions::ending;
use tests::support::PrivateDatabase;

/// The number of unrelated rows in each table.
const ROWS: u32 = 5_000;

/// Tables that always stay small, so that a sequential scan is fastest.
const SMALL: &str =
    "'signing_keys', 'signing_algorithms', 'set_up_links', 'ended_resources', 'seaql_migrations'";

async fn connected(private: &PrivateDatabase) -> Arc<Database> {
    Arc::new(Database::connect(private.url()).await.unwrap())
}

#[tokio::test]
async fn a_session_begins_and_is_renewed_also_if_the_history_cannot_be_written() {
    for broken in
        ["ALTER TABLE sign_in_events ADD CHECK (FALSE) NOT VALID", "DROP TABLE sign_in_events CASCADE"]
    {
        let private = PrivateDatabase::migrated().await;
        let stores = Stores::new(&connected(&private).await);
        private.execute(broken).await;
        begins_and_renews(&stores).await;
    }
}

#[tokio::test]
async fn while_one_node_forgets_what_has_expired_no_other_does() {
    let private = PrivateDatabase::migrated().await;
    let database = connected(&private).await;
    database.revoke_token(digest("token"), after(1)).await.unwrap();

    let other = sea_orm::Database::connect(private.url()).await.unwrap();
    let its_turn = other.begin().await.unwrap();
    let lock = "SELECT pg_advisory_xact_lock(x'7075726765'::bigint)";
    its_turn.execute_unprepared(lock).await.unwrap();
    assert_eq!(database.purge(after(1), 10).await.unwrap(), 0);
    its_turn.rollback().await.unwrap();
    assert_eq!(database.purge(after(1), 10).await.unwrap(), 1);
}

#[tokio::test]
async fn a_row_that_somebody_is_changing_is_left_for_the_next_time() {
    let private = PrivateDatabase::migrated().await;
    let database = connected(&private).await;
    database.revoke_token(digest("token"), after(1)).await.unwrap();

    let other = sea_orm::Database::connect(private.url()).await.unwrap();
    let change = other.begin().await.unwrap();
    change.execute_unprepared("UPDATE revoked_tokens SET expires_at = expires_at").await.unwrap();
    assert_eq!(database.purge(after(1), 10).await.unwrap(), 0);
    change.rollback().await.unwrap();
    assert_eq!(database.purge(after(1), 10).await.unwrap(), 1);
}

#[tokio::test]
async fn a_check_tells_the_time_of_the_database_also_when_it_is_answered_from_memory() {
    let private = PrivateDatabase::migrated().await;
    let database = connected(&private).await;
    for _ in 0..2 {
        let before = SystemClock.now();
        let told = database.check().await.unwrap().expect("the time of PostgreSQL");
        let after = SystemClock.now();
        let second = Duration::seconds(1);
        assert!((before - second..after + second).contains(&told), "{before} {told} {after}");
    }
}

/// A sequence keeps its value when its transaction is rolled back, so it counts the attempts.
const TWO_FAULTS: &str = "
    CREATE SEQUENCE faults;
    CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        CASE nextval('faults')
            WHEN 1 THEN RAISE 'deadlock detected' USING ERRCODE = '40P01';
            WHEN 2 THEN RAISE 'could not serialize access' USING ERRCODE = '40001';
            ELSE RETURN NEW;
        END CASE;
    END $$;
    CREATE TRIGGER fault BEFORE UPDATE ON authorizations FOR EACH ROW EXECUTE FUNCTION fault();";

#[tokio::test]
async fn what_is_ended_for_the_sake_of_another_is_done_again() {
    let private = PrivateDatabase::migrated().await;
    let database = connected(&private).await;
    let stores = Stores::new(&database);
    let grant = Grant::recorded(&stores, "a", "openid").await;
    private.execute(TWO_FAULTS).await;
    let disabling = event("user.disable", &grant.user.id);
    let disabled = database.change(grant.user.id, &UserChange::Disable, now(), &disabling).await.unwrap();
    assert_eq!(disabled, ChangedUser::Done);
    let faults = private.rows("SELECT last_value FROM faults").await;
    assert_eq!(faults[0].try_get::<i64>("", "last_value").unwrap(), 3);
    assert!(!grant.is_valid(&stores, now()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deletions_that_meet_in_the_same_grants_both_succeed() {
    let private = PrivateDatabase::migrated().await;
    let database = connected(&private).await;
    let stores = Stores::new(&database);
    for round in 0..20 {
        let grant = Grant::recorded(&stores, &format!("{round}"), "openid offline_access").await;
        let (user, client) = (&grant.user, &grant.client);
        for number in 0..20 {
            let name = format!("{round} {number}");
            let more = authorization(&name, client, user, Some(&grant.session), "openid offline_access");
            let token = refresh_token(&name, &more);
            let recorded = stores.authorizations.record(&more, Some(&token), now()).await.unwrap();
            assert_eq!(recorded, Recorded::First);
        }
        let (of_user, of_client) = (event("x", &user.id), event("y", &client.id));
        let deletions = tokio::join!(
            stores.users.delete(user.id, &of_user),
            stores.clients.delete(&client.id, &of_client)
        );
        assert_eq!((deletions.0.unwrap(), deletions.1.unwrap()), (ChangedUser::Done, true));
    }
}

/// Runs every statement of a request or of the upkeep, on tables with thousands of unrelated rows.
#[tokio::test]
async fn no_look_up_reads_a_whole_table() {
    let private = PrivateDatabase::migrated().await;
    fill(&private, ROWS).await;
    let database = connected(&private).await;
    use_every_port(&database).await;
    // PostgreSQL publishes the scans of a connection when it closes.
    Arc::into_inner(database).unwrap().close().await.unwrap();

    let tables = |condition: &str| {
        let large = format!("relname NOT IN ({SMALL})");
        format!(
            "SELECT relname::text AS name FROM pg_stat_user_tables WHERE {large} AND {condition} ORDER BY 1"
        )
    };
    for (fault, condition) in [("read whole", "seq_scan > 0"), ("not used by use_every_port", "idx_scan = 0")]
    {
        let rows = private.rows(&tables(condition)).await;
        let names: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
        assert!(names.is_empty(), "{fault}: {names:?}");
    }
}

/// Generates an `INSERT` for every table that can grow large: rows that belong to no known user or
/// client and never expire.
const INSERTS: &str = "
    SELECT format('INSERT INTO %I (%s) SELECT %s FROM generate_series(1, $ROWS) n', table_name,
        string_agg(column_name, ', '),
        string_agg(CASE
            WHEN column_name IN ('expires_at', 'forget_at', 'restarts_at', 'sealed_until', 'due_at')
                THEN '9000000000000000'
            WHEN column_name LIKE '%_at' AND is_nullable = 'YES' THEN 'NULL'
            WHEN table_name = 'refresh_tokens' AND column_name = 'authorization_id'
                THEN '(SELECT id FROM authorizations OFFSET n % 10 LIMIT 1)'
            WHEN data_type = 'uuid' THEN 'gen_random_uuid()'
            WHEN data_type = 'bytea' THEN format('sha256((n || %L)::bytea)', column_name)
            WHEN data_type = 'boolean' THEN 'false'
            WHEN column_default LIKE 'nextval%' OR is_identity = 'YES' THEN 'n + 1000000'
            WHEN data_type IN ('bigint', 'integer') THEN '-n'
            ELSE format('%L || n', 'x') END, ', ')) AS insert
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN ($SMALL)
    AND is_generated = 'NEVER' GROUP BY table_name ORDER BY table_name = 'refresh_tokens'";

/// Inserts this number of rows into every large table.
pub(crate) async fn fill(private: &PrivateDatabase, rows: u32) {
    let inserts = INSERTS.replace("$ROWS", &rows.to_string()).replace("$SMALL", SMALL);
    for row in private.rows(&inserts).await {
        private.execute(&row.try_get::<String>("", "insert").unwrap()).await;
    }
    private.execute("VACUUM ANALYZE").await;
    private.execute("SELECT pg_stat_reset()").await;
}

async fn use_groups(stores: &Stores, user: &User, client: &Client) {
    let (staff, ada) = (group("staff"), [user.id]);
    let happened = event("group", &staff.name);
    stores.groups.insert(&staff, &happened).await.unwrap();
    stores.groups.change_members(&staff.name, MembershipChange::Add(&ada), &happened).await.unwrap();
    stores.groups.find(&staff.name).await.unwrap();
    stores.groups.members(&staff.name, None, 10).await.unwrap();
    stores.groups.of_user(user.id).await.unwrap();
    let for_staff = Client { allowed_groups: Some([staff.name.clone()].into()), ..client.clone() };
    assert!(stores.clients.amend(client, &for_staff, &happened).await.unwrap());
    assert!(stores.groups.admits(user.id, &client.id).await.unwrap());
    let again = authorization("for staff", client, user, None, "openid");
    stores.authorizations.record(&again, None, now()).await.unwrap();
    stores.groups.change_members(&staff.name, MembershipChange::Remove(&ada), &happened).await.unwrap();
    assert!(stores.groups.delete(&staff.name, &happened).await.unwrap());
    // As the other lists.
    let _groups = stores.groups.list(Some(&staff.name), 10).await;
}

async fn use_every_port(database: &Arc<Database>) {
    let stores = Stores::new(database);
    let grant = Grant::recorded(&stores, "a", "openid offline_access").await;
    let (user, client) = (&grant.user, &grant.client);
    let token = user_token(&grant.authorization);
    stores.clients.find(&client.id).await.unwrap();
    stores.users.find(user.id).await.unwrap();
    stores.users.find_by_sign_in_name(&(&user.username).into()).await.unwrap();
    stores.one_time_links.find(digest("link"), now()).await.unwrap();
    stores.mail_queue.take_due(now(), after(60), 10).await.unwrap();
    stores.sessions.find(grant.cookie, now()).await.unwrap();
    stores.sessions.renew(&grant.session, digest("renewed"), &signed_in(&grant.session)).await.unwrap();
    agree(&stores, &consent(user, client, "openid")).await;
    stores.consents.find(user.id, &client.id).await.unwrap();
    stores.consents.list(user.id, Some(&client.id), 10).await.unwrap();
    stores.sessions.list(user.id, Some(grant.session.id), 10, now()).await.unwrap();
    stores.resources.find(&["https://api.example".parse().unwrap()]).await.unwrap();
    stores.authorization_codes.issue(digest("code"), &code(&grant.authorization)).await.unwrap();
    stores.authorization_codes.find(digest("code")).await.unwrap();
    stores.authorization_codes.redeem(digest("code")).await.unwrap();
    stores.interactions.find_ending(digest("x"), now()).await.unwrap();
    stores.interactions.finish(digest("x"), &ending("x"), None).await.unwrap();
    stores.pushed_requests.find(digest("x"), now()).await.unwrap();
    stores.pushed_requests.complete(digest("x"), digest("y"), None, now()).await.unwrap();
    stores.device_codes.find(digest("x"), now()).await.unwrap();
    stores.device_codes.look_at(digest("x")).await.unwrap();
    stores.device_codes.poll(digest("x"), None, client.incarnation, now()).await.unwrap();
    stores.device_codes.redeem(digest("x")).await.unwrap();
    stores.initial_access_tokens.find(digest("x"), now()).await.unwrap();
    stores.opaque_access_tokens.keep(digest("opaque"), &claims(&token), &token, after(60)).await.unwrap();
    OpaqueAccessTokens::find(database.as_ref(), digest("opaque"), now()).await.unwrap();
    stores.refresh_tokens.find(grant.refresh_token.digest, now()).await.unwrap();
    let successor = refresh_token("successor", &grant.authorization);
    let (presented, window) = (grant.refresh_token.digest, Duration::seconds(9));
    for _ in 0..2 {
        stores.refresh_tokens.rotate(presented, &successor, b"sealed", window, now()).await.unwrap();
    }
    stores.authorizations.token_status(&token, now()).await.unwrap();
    let limit = Limit { attempts: 5, window: Duration::seconds(60) };
    let key = AttemptKey::new("password", &["ada"]);
    assert_eq!(stores.attempts.count(&[Counter::new(key, limit)], now()).await.unwrap(), Attempt::Allowed);
    stores.attempts.forgive(&[Forgiven::One(key)]).await.unwrap();
    stores.server_secrets.find("key").await.unwrap();
    stores.server_secrets.keep_first("key", b"sealed").await.unwrap();
    stores.replay_marks.mark(digest("jti"), after(60)).await.unwrap();
    stores.authorizations.revoke_token(token.token, after(60)).await.unwrap();
    stores.authorizations.revoke(grant.authorization.id, now(), after(60)).await.unwrap();
    stores.sessions.end(grant.session.id, now()).await.unwrap();
    let happened = event("end", &user.id);
    stores.sessions.end_for_user(user.id, WhichSessions::All, now(), &happened).await.unwrap();
    stores.consents.withdraw(user.id, &client.id, &happened).await.unwrap();
    for notice in stores.logout_notices.take_due(now(), after(60), 10, &BTreeSet::new()).await.unwrap() {
        stores.logout_notices.postpone(&notice, after(120)).await.unwrap();
        stores.logout_notices.settle(&notice).await.unwrap();
    }
    stores.expired.purge(after(1_000_000), 500).await.unwrap();
    use_groups(&stores, user, client).await;
    let deletion = event("delete", &user.id);
    stores.users.change(user.id, &UserChange::Disable, now(), &deletion).await.unwrap();
    stores.users.delete(user.id, &deletion).await.unwrap();
    stores.clients.delete(&client.id, &deletion).await.unwrap();
    stores.set_up_links.offer(digest("link"), after(60), None).await.unwrap();
    // The lists fail on the generated rows, which the server could not have written; only the plans
    // matter here.
    let _clients = stores.clients.list(Some(&client.id), 10).await;
    let _resources = stores.resources.list(Some(&"https://api.example".parse().unwrap()), 10).await;
    let _users = stores.users.list(Some(user.id), 10).await;
    let _events = stores.audit_trail.latest(&application::port::EventFilter::default(), Some(1), 10).await;
}
