//! The one-time link that makes the first administrator.

use application::port::{InsertedUser, LinkStatus, Offered, RedeemedLink, SetUpLinks, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Digest, SignInEvent, SignInKind, User};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, micros};
use crate::entity::set_up_link::{ActiveModel, Column, Entity};
use crate::entity::user;
use crate::fault::Fault;
use crate::store::users::names;
use crate::store::{audit_trail, sign_in_events};

/// The one row there can be.
const SLOT: i32 = 1;

#[async_trait]
impl SetUpLinks for Database {
    #[tracing::instrument(name = "set_up_links.offer", skip_all)]
    async fn offer(
        &self,
        link: Digest,
        expires_at: DateTime<Utc>,
        unless_live_at: Option<DateTime<Utc>>,
    ) -> Result<Offered, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let row = ActiveModel {
                    slot: Set(SLOT),
                    digest: Set(bytes(&link)),
                    expires_at: Set(micros(expires_at)),
                };
                let mut in_place = OnConflict::column(Column::Slot);
                in_place.update_columns([Column::Digest, Column::ExpiresAt]);
                if let Some(at) = unless_live_at {
                    in_place.action_and_where(Expr::col((Entity, Column::ExpiresAt)).lte(micros(at)));
                }
                let transaction = database.begin().await?;
                // The row is locked before the look at the administrators: a redemption has happened, or waits.
                let kept =
                    Entity::insert(row).on_conflict(in_place).exec_without_returning(&transaction).await?;
                if has_administrator(&transaction).await? {
                    transaction.rollback().await?;
                    return Ok(Offered::AlreadySetUp);
                }
                transaction.commit().await?;
                Ok(if kept == 1 { Offered::Done } else { Offered::Before })
            })
            .await
    }

    #[tracing::instrument(name = "set_up_links.status", skip_all)]
    async fn status(&self, link: Digest, now: DateTime<Utc>) -> Result<LinkStatus, Unavailable> {
        self.answered(
            async {
                if has_administrator(&self.reader).await? {
                    return Ok(LinkStatus::AlreadySetUp);
                }
                let offered = Entity::find_by_id(SLOT)
                    .filter(Column::Digest.eq(bytes(&link)))
                    .filter(Column::ExpiresAt.gt(micros(now)))
                    .one(&self.reader)
                    .await?;
                Ok(if offered.is_some() { LinkStatus::Open } else { LinkStatus::Invalid })
            }
            .await,
        )
    }

    #[tracing::instrument(name = "set_up_links.redeem", skip_all)]
    async fn redeem(
        &self,
        link: Digest,
        administrator: &User,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<RedeemedLink, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            // The call that deletes the row is first. A rollback leaves the link as it was.
            let spent = Entity::delete_by_id(SLOT)
                .filter(Column::Digest.eq(bytes(&link)))
                .filter(Column::ExpiresAt.gt(micros(now)))
                .exec(&transaction)
                .await?;
            let is_set_up = has_administrator(&transaction).await?;
            if spent.rows_affected == 0 || is_set_up {
                transaction.rollback().await?;
                return Ok(if is_set_up { RedeemedLink::AlreadySetUp } else { RedeemedLink::Invalid });
            }
            let kept = names::keep(&transaction, administrator).await? == InsertedUser::Done;
            let used = SignInEvent::caused_by(event, administrator.id, SignInKind::LinkUsed, "");
            sign_in_events::keep(&transaction, &used).await?;
            let done = audit_trail::finish(transaction, kept, event).await?;
            Ok(if done { RedeemedLink::Done } else { RedeemedLink::UsernameTaken })
        })
        .await
    }
}

async fn has_administrator(connection: &impl ConnectionTrait) -> Result<bool, Fault> {
    let administrator = user::Entity::find().filter(user::Column::Administrator.eq(true));
    Ok(administrator.one(connection).await?.is_some())
}
