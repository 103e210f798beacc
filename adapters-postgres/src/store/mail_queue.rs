//! Mails that wait to be sent: the transaction that causes one adds it.

use application::port::{MailQueue, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::QueuedMail;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::Database;
use crate::column::{instant, micros};
use crate::entity::mail::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;

#[async_trait]
impl MailQueue for Database {
    #[tracing::instrument(name = "mail_queue.queue", skip_all)]
    async fn queue(&self, mail: &QueuedMail) -> Result<(), Unavailable> {
        self.answered(add(&self.writer, std::slice::from_ref(mail)).await)
    }

    #[tracing::instrument(name = "mail_queue.take_due", skip_all)]
    async fn take_due(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<QueuedMail>, Unavailable> {
        let database = self.protecting();
        database.retried(|| take_due(&database, now, until, limit)).await
    }

    #[tracing::instrument(name = "mail_queue.settle", skip_all)]
    async fn settle(&self, mail: &QueuedMail) -> Result<(), Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                Entity::delete_by_id(mail.id.as_uuid()).exec(&database.writer).await?;
                Ok(())
            })
            .await
    }

    #[tracing::instrument(name = "mail_queue.postpone", skip_all)]
    async fn postpone(&self, mail: &QueuedMail, due_at: DateTime<Utc>) -> Result<(), Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                Entity::update_many()
                    .col_expr(Column::DueAt, Expr::val(micros(due_at)))
                    .filter(Column::Id.eq(mail.id.as_uuid()))
                    .filter(Column::Attempts.eq(attempts(mail.attempts)?))
                    .exec(&database.writer)
                    .await?;
                Ok(())
            })
            .await
    }
}

/// Adds mails, which are due at once.
pub(crate) async fn add(connection: &impl ConnectionTrait, mails: &[QueuedMail]) -> Result<(), Fault> {
    if mails.is_empty() {
        return Ok(());
    }
    let row = |mail: &QueuedMail| {
        Ok(ActiveModel {
            id: Set(mail.id.as_uuid()),
            sealed: Set(mail.sealed.clone()),
            queued_at: Set(micros(mail.queued_at)),
            expires_at: Set(micros(mail.expires_at)),
            attempts: Set(attempts(mail.attempts)?),
            due_at: Set(micros(mail.queued_at)),
        })
    };
    let rows = mails.iter().map(row).collect::<Result<Vec<_>, Fault>>()?;
    Entity::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}

/// Looks first, without a lock: most of the time nothing is due. The condition of each update then lets one of any number of
/// callers through.
async fn take_due(
    database: &Database,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<QueuedMail>, Fault> {
    let due = Entity::find()
        .filter(Column::DueAt.lte(micros(now)))
        .order_by_asc(Column::DueAt)
        .limit(u64::from(limit))
        .all(&database.reader)
        .await?;
    let mut taken = Vec::new();
    for row in due {
        let seen = from_row(row)?;
        let mail = QueuedMail { attempts: seen.attempts.saturating_add(1), ..seen.clone() };
        let update = Entity::update_many()
            .col_expr(Column::Attempts, Expr::val(attempts(mail.attempts)?))
            .col_expr(Column::DueAt, Expr::val(micros(until)))
            .filter(Column::Id.eq(seen.id.as_uuid()))
            .filter(Column::Attempts.eq(attempts(seen.attempts)?))
            .filter(Column::DueAt.lte(micros(now)))
            .exec(&database.writer)
            .await?;
        if update.rows_affected == 1 {
            taken.push(mail);
        }
    }
    Ok(taken)
}

fn attempts(count: u32) -> Result<i32, Fault> {
    i32::try_from(count).map_err(|_| Fault::Corrupt("a number of attempts"))
}

fn from_row(row: Model) -> Result<QueuedMail, Fault> {
    Ok(QueuedMail {
        id: row.id.into(),
        sealed: row.sealed,
        queued_at: instant(row.queued_at)?,
        expires_at: instant(row.expires_at)?,
        attempts: u32::try_from(row.attempts).map_err(|_| Fault::Corrupt("a number of attempts"))?,
    })
}
