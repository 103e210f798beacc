//! Signed-in browsers.

use application::port::{Begun, DeviceSession, Sessions, SignedIn, Unavailable, WhichSessions};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::subject::Naming;
use domain::{AuditEvent, ClientId, Digest, Session, SessionId, SignInEvent, UserAgent, UserId};
use sea_orm::sea_query::IntoCondition;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Set};

use crate::Database;
use crate::column::{bytes, instant, micros, parse_json};
use crate::entity::session::{ActiveModel, Column, Entity, Model};
use crate::entity::{authorization, session, user};
use crate::fault::Fault;
use crate::page::page;
use crate::sql::{LookUp, request, row};
use crate::store::{audit_trail, logout_notices, users};

mod begin;
mod renew;

request! {
    /// A session to find.
    SessionKey {
        cookie: Vec<u8>,
        now: i64,
    }
}

row! {
    FoundSession {
        ;
        session: session of "sessions",
        user: user of "users",
    }
}

static FIND: LookUp<SessionKey, FoundSession> = LookUp::new(include_str!("../sql/sessions/find.sql"));

#[async_trait]
impl Sessions for Database {
    #[tracing::instrument(name = "sessions.begin", skip_all)]
    async fn begin(
        &self,
        session: &Session,
        cookie: Digest,
        most: u32,
        event: &SignInEvent,
    ) -> Result<Begun, Unavailable> {
        self.retried(|| begin::begin(self, session, cookie, most, event)).await
    }

    #[tracing::instrument(name = "sessions.find", skip_all)]
    async fn find(&self, cookie: Digest, now: DateTime<Utc>) -> Result<Option<SignedIn>, Unavailable> {
        self.answered(
            async {
                let key = SessionKey { cookie: bytes(&cookie), now: micros(now) };
                let Some(FoundSession { session, user }) = self.look_up(&FIND, key).await? else {
                    return Ok(None);
                };
                Ok(Some(SignedIn { session: from_row(session)?, user: users::from_row(user)? }))
            }
            .await,
        )
    }

    #[tracing::instrument(name = "sessions.renew", skip_all)]
    async fn renew(
        &self,
        session: &Session,
        cookie: Digest,
        event: &SignInEvent,
    ) -> Result<bool, Unavailable> {
        self.retried(|| renew::renew(self, session, cookie, event)).await
    }

    #[tracing::instrument(name = "sessions.extend", skip_all)]
    async fn extend(
        &self,
        id: SessionId,
        expires_at: DateTime<Utc>,
        unless_from: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        let extended = Entity::update_many()
            .set(ActiveModel { expires_at: Set(micros(expires_at)), ..ActiveModel::default() })
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::EndedAt.is_null())
            .filter(Column::ExpiresAt.gt(micros(now)))
            .filter(Column::ExpiresAt.lt(micros(unless_from)))
            .exec(&self.writer);
        self.answered(async { Ok(extended.await.map(|_| ())?) }.await)
    }

    #[tracing::instrument(name = "sessions.end_beyond", skip_all)]
    async fn end_beyond(
        &self,
        user: UserId,
        kept: SessionId,
        most: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, Unavailable> {
        self.answered(begin::end_beyond(self, (user, kept), most, now).await)
    }

    #[tracing::instrument(name = "sessions.end", skip_all)]
    async fn end(&self, id: SessionId, now: DateTime<Utc>) -> Result<Vec<(ClientId, Naming)>, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let transaction = database.begin().await?;
                let this_one = Condition::all().add(Column::Id.eq(id.as_uuid()));
                let clients = logout_notices::end_sessions(&transaction, this_one, now).await?.clients;
                transaction.commit().await?;
                Ok(clients)
            })
            .await
    }

    #[tracing::instrument(name = "sessions.find_for_user", skip_all)]
    async fn find_for_user(
        &self,
        user: UserId,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Unavailable> {
        self.answered(
            async {
                let this_one =
                    Condition::all().add(Column::Id.eq(id.as_uuid())).add(Column::UserId.eq(user.as_uuid()));
                live_page(self, this_one, None, 1, now).await?.pop().map(from_row).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "sessions.list", skip_all)]
    async fn list(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Unavailable> {
        self.answered(
            async {
                let rows = live_page(self, Column::UserId.eq(user.as_uuid()), after, limit, now).await?;
                rows.into_iter().map(from_row).collect()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "sessions.list_devices", skip_all)]
    async fn list_devices(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<DeviceSession>, Unavailable> {
        self.answered(
            async {
                let rows = live_page(self, Column::UserId.eq(user.as_uuid()), after, limit, now).await?;
                let device = |mut row: Model| {
                    let (address, user_agent) = (row.address.take(), row.user_agent.take());
                    let user_agent = user_agent.as_deref().and_then(UserAgent::new);
                    Ok(DeviceSession { session: from_row(row)?, address, user_agent })
                };
                rows.into_iter().map(device).collect()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "sessions.list_for_client", skip_all)]
    async fn list_for_client(
        &self,
        client: &ClientId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Unavailable> {
        self.answered(
            async {
                let granted = authorization::Entity::find()
                    .select_only()
                    .column(authorization::Column::SessionId)
                    .filter(authorization::Column::ClientId.eq(client.as_str()))
                    .into_query();
                let rows = live_page(self, Column::Id.in_subquery(granted), after, limit, now).await?;
                rows.into_iter().map(from_row).collect()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "sessions.end_for_user", skip_all)]
    async fn end_for_user(
        &self,
        user: UserId,
        which: WhichSessions,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<u64, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let transaction = database.begin().await?;
                let mut ending = Condition::all()
                    .add(Column::UserId.eq(user.as_uuid()))
                    .add(Column::ExpiresAt.gt(micros(now)));
                match which {
                    WhichSessions::One(id) => ending = ending.add(Column::Id.eq(id.as_uuid())),
                    WhichSessions::AllBut(id) => ending = ending.add(Column::Id.ne(id.as_uuid())),
                    WhichSessions::All => {}
                }
                let ended = logout_notices::end_sessions(&transaction, ending, now).await?.sessions;
                audit_trail::finish(transaction, ended > 0, event).await?;
                Ok(ended)
            })
            .await
    }
}

/// Up to `limit` of the live sessions that meet `condition`, in the order of their ids, after the one named.
async fn live_page(
    database: &Database,
    condition: impl IntoCondition,
    after: Option<SessionId>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<Model>, Fault> {
    let live = Entity::find()
        .filter(condition)
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(micros(now)));
    page(database, live, Column::Id, after.map(|after| after.as_uuid()), limit).await
}

fn from_row(row: Model) -> Result<Session, Fault> {
    Ok(Session {
        id: row.id.into(),
        sid: row.sid,
        user: row.user_id.into(),
        auth_time: instant(row.auth_time)?,
        acr: row.acr,
        amr: parse_json(&row.amr, "an amr")?,
        expires_at: instant(row.expires_at)?,
    })
}
