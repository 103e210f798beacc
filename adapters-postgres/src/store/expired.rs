//! Removing what has expired, in many short statements, so that no lock is held for long.

use application::port::{Expired, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, QueryTrait, Set, Statement,
};

use crate::Database;
use crate::column::micros;
use crate::entity::{
    attempt, authorization, authorization_code, device_code, ended_resource, initial_access_token,
    interaction, mail, one_time_link, opaque_access_token, pushed_request, refresh_token, refusal,
    replay_mark, revoked_token, session, set_up_link,
};
use crate::fault::Fault;
use crate::removal::{from_chosen, once, remove};

/// Any number that nothing else locks: "purge".
const PURGE_LOCK: i64 = 0x70_7572_6765;
/// The transaction that holds the turn is idle while others remove.
const TURN_TIMEOUT: &str = "SET LOCAL idle_in_transaction_session_timeout = '5min'";

/// The unit of the index on `attempts`.
const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;

#[async_trait]
impl Expired for Database {
    #[tracing::instrument(name = "expired.purge", skip_all)]
    async fn purge(&self, now: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
        let database = self.protecting();
        database.retried(|| purge(&database, now, batch)).await
    }
}

/// Removes what has expired, unless another node is doing it.
async fn purge(database: &Database, now: DateTime<Utc>, batch: u32) -> Result<u64, Fault> {
    let Some(turn) = Turn::take(database).await? else {
        return Ok(0);
    };
    let gone = Purge { database, now: micros(now), batch: u64::from(batch) }.run().await?;
    turn.end().await?;
    database.shrink_after(gone, batch).await?;
    Ok(gone)
}

/// This node's turn to remove what has expired. It ends with its transaction, and so with the node if that crashes.
struct Turn(Option<DatabaseTransaction>);

impl Turn {
    /// None if it is another node's.
    async fn take(database: &Database) -> Result<Option<Self>, Fault> {
        // SQLite has one writer, and no other node.
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

/// One run.
struct Purge<'a> {
    database: &'a Database,
    now: i64,
    batch: u64,
}

impl Purge<'_> {
    async fn run(&self) -> Result<u64, Fault> {
        self.unseal_successors().await?;
        let gone = [
            self.remove::<interaction::Entity>(
                interaction::Column::Digest,
                self.is_past(interaction::Column::ExpiresAt),
            )
            .await?,
            // A browser that opened it in time may still complete it.
            self.remove::<pushed_request::Entity>(
                pushed_request::Column::Digest,
                self.is_past(pushed_request::Column::ForgetAt),
            )
            .await?,
            self.remove::<authorization_code::Entity>(
                authorization_code::Column::Digest,
                self.is_expired_code(),
            )
            .await?,
            self.remove::<device_code::Entity>(
                device_code::Column::Digest,
                self.is_past(device_code::Column::ForgetAt),
            )
            .await?,
            self.remove_grants().await?,
            self.remove_revocations().await?,
            self.remove_opaque_tokens().await?,
            self.remove::<replay_mark::Entity>(
                replay_mark::Column::Digest,
                self.is_past(replay_mark::Column::ExpiresAt),
            )
            .await?,
            self.remove::<attempt::Entity>(
                attempt::Column::Digest,
                self.is_past(attempt::Column::RestartsAt)
                    .add(Expr::col("restarts_in_hour").lte(self.now / MICROSECONDS_PER_HOUR)),
            )
            .await?,
            self.remove::<set_up_link::Entity>(
                set_up_link::Column::Slot,
                self.is_past(set_up_link::Column::ExpiresAt),
            )
            .await?,
            self.remove::<mail::Entity>(mail::Column::Id, self.is_past(mail::Column::ExpiresAt)).await?,
            self.remove::<one_time_link::Entity>(
                one_time_link::Column::Digest,
                self.is_past(one_time_link::Column::ExpiresAt),
            )
            .await?,
            self.remove::<initial_access_token::Entity>(
                initial_access_token::Column::Id,
                self.is_past(initial_access_token::Column::ExpiresAt),
            )
            .await?,
            self.remove::<refusal::Entity>(refusal::Column::Id, self.is_past(refusal::Column::ExpiresAt))
                .await?,
        ];
        Ok(gone.iter().sum())
    }

    async fn remove_opaque_tokens(&self) -> Result<u64, Fault> {
        self.remove::<opaque_access_token::Entity>(
            opaque_access_token::Column::Digest,
            self.is_past(opaque_access_token::Column::ExpiresAt),
        )
        .await
    }

    /// Which tokens were revoked, and which resources were deleted.
    async fn remove_revocations(&self) -> Result<u64, Fault> {
        let tokens = self
            .remove::<revoked_token::Entity>(
                revoked_token::Column::Digest,
                self.is_past(revoked_token::Column::ExpiresAt),
            )
            .await?;
        let resources = self
            .remove::<ended_resource::Entity>(
                ended_resource::Column::Incarnation,
                self.is_past(ended_resource::Column::ForgetAt),
            )
            .await?;
        Ok(tokens + resources)
    }

    /// Refresh tokens, then their families, then their sessions.
    async fn remove_grants(&self) -> Result<u64, Fault> {
        let tokens = self
            .remove::<refresh_token::Entity>(refresh_token::Column::Digest, self.is_of_expired_family())
            .await?;
        let families =
            self.remove::<authorization::Entity>(authorization::Column::Id, self.is_expired_family()).await?;
        let sessions = self.remove::<session::Entity>(session::Column::Id, self.is_ended_session()).await?;
        Ok(tokens + families + sessions)
    }

    fn is_past(&self, column: impl ColumnTrait) -> Condition {
        Condition::all().add(column.lte(self.now))
    }

    async fn remove<E: EntityTrait>(&self, key: E::Column, expired: Condition) -> Result<u64, Fault> {
        remove::<E>(self.database, key, expired, self.batch).await
    }

    /// After its window a successor is never handed out again.
    async fn unseal_successors(&self) -> Result<(), Fault> {
        let window_is_over = refresh_token::Column::SealedUntil.lt(self.now);
        let chosen = refresh_token::Entity::find()
            .select_only()
            .column(refresh_token::Column::Digest)
            .filter(window_is_over)
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
            .into_query();
        let unsealed = once(chosen).query(unsealed);
        // All of them: with an old token and a copy of the database an attacker could unseal one after the other, to the last.
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

    /// A family goes after its last token, so that no batch grows with the length of a family. What was granted in a session
    /// is removed after the session, because its clients get a logout notice when the session ends.
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

    /// An ended session stays known until what was granted from it has been removed.
    fn is_ended_session(&self) -> Condition {
        let granted = authorization::Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(
                Expr::col((authorization::Entity, authorization::Column::SessionId))
                    .equals((session::Entity, session::Column::Id)),
            )
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
