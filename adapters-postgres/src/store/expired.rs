//! Forgetting what has expired, in statements of their own: nobody waits long for a lock.

use application::port::{Expired, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement, WithClause,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, QueryTrait, Set, Statement,
};

use crate::Database;
use crate::column::micros;
use crate::entity::{
    attempt, authorization, authorization_code, device_code, initial_access_token, interaction,
    opaque_access_token, pushed_request, refresh_token, replay_mark, revoked_token, session, set_up_link,
};
use crate::fault::Fault;

/// Any number that nobody else locks: "purge".
const PURGE_LOCK: i64 = 0x70_7572_6765;
/// The transaction that holds the turn says nothing while others remove.
const TURN_TIMEOUT: &str = "SET LOCAL idle_in_transaction_session_timeout = '5min'";

#[async_trait]
impl Expired for Database {
    #[tracing::instrument(name = "expired.purge", skip_all)]
    async fn purge(&self, now: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
        self.answered(purge(self, now, batch).await)
    }
}

/// Forgets, unless another node is at it: then nothing goes, and it will have gone.
async fn purge(database: &Database, now: DateTime<Utc>, batch: u32) -> Result<u64, Fault> {
    let Some(turn) = Turn::of(database).await? else {
        return Ok(0);
    };
    let gone = Purge { database, now: micros(now), batch: u64::from(batch) }.run().await?;
    turn.end().await?;
    Ok(gone)
}

/// This node's turn to forget. It ends with its transaction, and so with the node if that dies.
struct Turn(Option<DatabaseTransaction>);

impl Turn {
    /// None if it is another node's.
    async fn of(database: &Database) -> Result<Option<Self>, Fault> {
        // SQLite has one writer: whoever removes is alone.
        if database.writer.get_database_backend() != DatabaseBackend::Postgres {
            return Ok(Some(Self(None)));
        }
        let transaction = database.begin().await?;
        transaction.execute_unprepared(TURN_TIMEOUT).await?;
        let lock = format!("SELECT pg_try_advisory_xact_lock({PURGE_LOCK}) AS ours");
        let lock = Statement::from_string(DatabaseBackend::Postgres, lock);
        let row = transaction.query_one_raw(lock).await?.ok_or(Fault::Corrupt("a lock"))?;
        if row.try_get("", "ours")? {
            return Ok(Some(Self(Some(transaction))));
        }
        transaction.rollback().await?;
        Ok(None)
    }

    async fn end(self) -> Result<(), Fault> {
        match self.0 {
            Some(transaction) => Ok(transaction.commit().await?),
            None => Ok(()),
        }
    }
}

/// One round of forgetting.
struct Purge<'a> {
    database: &'a Database,
    now: i64,
    batch: u64,
}

impl Purge<'_> {
    async fn run(&self) -> Result<u64, Fault> {
        self.unseal_successors().await?;
        let now = self.now;
        let gone = [
            self.remove::<interaction::Entity>(
                interaction::Column::Digest,
                Condition::all().add(interaction::Column::ExpiresAt.lte(now)),
            )
            .await?,
            // Whoever opened it in time may still complete it.
            self.remove::<pushed_request::Entity>(
                pushed_request::Column::Digest,
                Condition::all().add(pushed_request::Column::ForgetAt.lte(now)),
            )
            .await?,
            self.remove::<authorization_code::Entity>(
                authorization_code::Column::Digest,
                self.is_expired_code(),
            )
            .await?,
            self.remove::<device_code::Entity>(
                device_code::Column::Digest,
                Condition::all().add(device_code::Column::ForgetAt.lte(now)),
            )
            .await?,
            self.remove::<refresh_token::Entity>(refresh_token::Column::Digest, self.is_of_expired_family())
                .await?,
            self.remove::<authorization::Entity>(authorization::Column::Id, self.is_expired_family()).await?,
            self.remove::<session::Entity>(session::Column::Id, self.is_session_nobody_asks_for()).await?,
            self.remove::<revoked_token::Entity>(
                revoked_token::Column::Digest,
                Condition::all().add(revoked_token::Column::ExpiresAt.lte(now)),
            )
            .await?,
            self.remove::<opaque_access_token::Entity>(
                opaque_access_token::Column::Digest,
                Condition::all().add(opaque_access_token::Column::ExpiresAt.lte(now)),
            )
            .await?,
            self.remove::<replay_mark::Entity>(
                replay_mark::Column::Digest,
                Condition::all().add(replay_mark::Column::ExpiresAt.lte(now)),
            )
            .await?,
            self.remove::<attempt::Entity>(
                attempt::Column::Digest,
                Condition::all().add(attempt::Column::RestartsAt.lte(now)),
            )
            .await?,
            self.remove::<set_up_link::Entity>(
                set_up_link::Column::Slot,
                Condition::all().add(set_up_link::Column::ExpiresAt.lte(now)),
            )
            .await?,
            self.remove::<initial_access_token::Entity>(
                initial_access_token::Column::Id,
                Condition::all().add(initial_access_token::Column::ExpiresAt.lte(now)),
            )
            .await?,
        ];
        Ok(gone.iter().sum())
    }

    /// Removes up to a batch of rows. Each is judged again when it is removed: it may have
    /// changed since it was chosen.
    async fn remove<E: EntityTrait>(&self, key: E::Column, expired: Condition) -> Result<u64, Fault> {
        // A row that somebody is changing is left for the next time: forgetting waits for nobody.
        let chosen = E::find()
            .select_only()
            .column(key)
            .filter(expired.clone())
            .limit(self.batch)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_query();
        let removed = E::delete_many().filter(key.in_subquery(from_chosen(key))).filter(expired).into_query();
        let removed = self.database.writer.execute(&once(chosen).query(removed)).await?;
        Ok(removed.rows_affected())
    }

    /// After its window a successor is never handed out again.
    async fn unseal_successors(&self) -> Result<(), Fault> {
        let window_is_over = refresh_token::Column::SealedUntil.lt(self.now);
        let chosen = refresh_token::Entity::find()
            .select_only()
            .column(refresh_token::Column::Digest)
            .filter(window_is_over.clone())
            .limit(self.batch)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_query();
        let key = refresh_token::Column::Digest;
        let unsealed = refresh_token::ActiveModel {
            sealed_successor: Set(None),
            sealed_until: Set(None),
            ..refresh_token::ActiveModel::default()
        };
        let unsealed = refresh_token::Entity::update_many()
            .set(unsealed)
            .filter(key.in_subquery(from_chosen(key)))
            .filter(window_is_over)
            .into_query();
        let unsealed = once(chosen).query(unsealed);
        // All of them: whoever has an old token and a copy of the database could go from seal to seal to the last one.
        while self.database.writer.execute(&unsealed).await?.rows_affected() >= self.batch {}
        Ok(())
    }

    /// A spent code is kept until what was issued from it has expired, so that a replay is noticed.
    fn is_expired_code(&self) -> Condition {
        let unspent = Condition::all()
            .add(authorization_code::Column::Redeemed.eq(false))
            .add(authorization_code::Column::ExpiresAt.lte(self.now));
        Condition::any().add(unspent).add(authorization_code::Column::ForgetAt.lte(self.now))
    }

    /// A spent refresh token is kept as long as its family can live, so that reuse is noticed.
    fn is_of_expired_family(&self) -> Condition {
        let families = authorization::Entity::find()
            .select_only()
            .column(authorization::Column::Id)
            .filter(authorization::Column::ExpiresAt.lte(self.now))
            .into_query();
        Condition::all().add(refresh_token::Column::AuthorizationId.in_subquery(families))
    }

    /// A family goes after its last token, so that no batch grows with the length of a family, and what was granted
    /// in a session goes after the session: its end is told to every client of it.
    fn is_expired_family(&self) -> Condition {
        let tokens = refresh_token::Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(
                Expr::col((refresh_token::Entity, refresh_token::Column::AuthorizationId))
                    .equals((authorization::Entity, authorization::Column::Id)),
            )
            .into_query();
        let live_session = session::Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(
                Expr::col((session::Entity, session::Column::Id))
                    .equals((authorization::Entity, authorization::Column::SessionId)),
            )
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(self.now))
            .into_query();
        Condition::all()
            .add(authorization::Column::ExpiresAt.lte(self.now))
            .add(Expr::not_exists(tokens))
            .add(Expr::not_exists(live_session))
    }

    /// An ended session stays known until what was granted from it has expired.
    fn is_session_nobody_asks_for(&self) -> Condition {
        let granted = authorization::Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(
                Expr::col((authorization::Entity, authorization::Column::SessionId))
                    .equals((session::Entity, session::Column::Id)),
            )
            .filter(authorization::Column::ExpiresAt.gt(self.now))
            .into_query();
        Condition::all()
            .add(
                Condition::any()
                    .add(session::Column::EndedAt.is_not_null())
                    .add(session::Column::ExpiresAt.lte(self.now)),
            )
            .add(Expr::not_exists(granted))
    }
}

/// The name of a batch within its statement.
const CHOSEN: &str = "chosen";

/// Chooses a batch one time. As a plain subquery Postgres may choose again for every row that it looks at, and skip what
/// this statement itself has locked: a batch without a bound.
fn once(batch: SelectStatement) -> WithClause {
    let chosen = CommonTableExpression::new().query(batch).table_name(CHOSEN).materialized(true).to_owned();
    WithClause::new().cte(chosen).to_owned()
}

fn from_chosen(key: impl ColumnTrait) -> SelectStatement {
    Query::select().column(key.as_str()).from(CHOSEN).to_owned()
}
