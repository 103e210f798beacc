//! Remembered consent.

use application::port::{Consents, Unavailable};
use async_trait::async_trait;
use domain::{AuditEvent, ClientId, Consent, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{agrees, instant, json, micros, parse, parse_json, same};
use crate::entity::consent::{ActiveModel, Column, Entity, Model};
use crate::entity::{authorization, user, withdrawal};
use crate::fault::Fault;
use crate::together::{Form, KeyType, Matter, Text, asked};
use crate::{Database, audit_trail, presence};

#[async_trait]
impl Consents for Database {
    #[tracing::instrument(name = "consents.find", skip_all)]
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable> {
        self.answered(
            async {
                let row = if self.speaks_postgres() {
                    let keys = [user.as_uuid().into(), client.as_str().into()];
                    let found = self.together.ask(Matter::Consent, keys).await?;
                    found.map(|found| parse_json(&found, "a consent")).transpose()?
                } else {
                    let key = (user.as_uuid(), client.to_string());
                    Entity::find_by_id(key).one(&self.reader).await?
                };
                row.as_ref().map(from_row).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "consents.grant", skip_all)]
    async fn grant(&self, consent: &Consent) -> Result<(), Unavailable> {
        self.repeated(|| grant(self, consent)).await
    }

    #[tracing::instrument(name = "consents.list", skip_all)]
    async fn list(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Consent>, Unavailable> {
        self.answered(
            async {
                let mut page = Entity::find()
                    .filter(Column::UserId.eq(user.as_uuid()))
                    .order_by_asc(Column::ClientId)
                    .limit(u64::from(limit));
                if let Some(after) = after {
                    page = page.filter(Column::ClientId.gt(after.as_str()));
                }
                let rows = page.all(&self.reader).await?;
                rows.iter().map(from_row).collect()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "consents.withdraw", skip_all)]
    async fn withdraw(
        &self,
        user: UserId,
        client: &ClientId,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        self.repeated(|| withdraw(self, user, client, event)).await
    }
}

pub(crate) fn question() -> Form {
    Form {
        keys: &[("user_id", KeyType::Uuid), ("client_id", KeyType::Text)],
        text: Text::look(
            Entity::find()
                .select_only()
                .expr_as(Expr::cust("row_to_json(consents)::text"), "found")
                .filter(same(Column::UserId, asked("user_id")))
                .filter(agrees(Column::ClientId, asked("client_id"))),
        ),
    }
}

async fn withdraw(
    database: &Database,
    user: UserId,
    client: &ClientId,
    event: &AuditEvent,
) -> Result<bool, Fault> {
    let transaction = database.begin().await?;
    // Whoever records a grant of theirs at this moment holds their row: that is done by now, or sees the withdrawal.
    let known = user::Entity::find_by_id(user.as_uuid()).lock_exclusive().one(&transaction).await?;
    if known.is_none() || presence::client(&transaction, client).await?.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    // Whoever records in one statement sees only this, and then looks step by step (`at_once::record`).
    user::Entity::update_many()
        .col_expr(user::Column::WithdrewAt, Expr::val(micros(event.at)))
        .filter(user::Column::Id.eq(user.as_uuid()))
        // Another node's clock may be ahead of ours.
        .filter(user::Column::WithdrewAt.is_null().or(user::Column::WithdrewAt.lt(micros(event.at))))
        .exec(&transaction)
        .await?;
    let key = (user.as_uuid(), client.to_string());
    let forgotten = Entity::delete_by_id(key).exec(&transaction).await?;
    let revoked = authorization::Entity::update_many()
        .col_expr(authorization::Column::RevokedAt, Expr::val(micros(event.at)))
        .filter(authorization::Column::UserId.eq(user.as_uuid()))
        .filter(authorization::Column::ClientId.eq(client.as_str()))
        .filter(authorization::Column::RevokedAt.is_null())
        .filter(authorization::Column::ExpiresAt.gt(micros(event.at)))
        .exec(&transaction)
        .await?;
    let withdrawn = forgotten.rows_affected + revoked.rows_affected > 0;
    let row = withdrawal::ActiveModel {
        user_id: Set(user.as_uuid()),
        client_id: Set(client.to_string()),
        withdrawn_at: Set(micros(event.at)),
    };
    let again = OnConflict::columns([withdrawal::Column::UserId, withdrawal::Column::ClientId])
        .update_column(withdrawal::Column::WithdrawnAt)
        .to_owned();
    // Also when nothing is known yet: what they approved may be recorded later.
    withdrawal::Entity::insert(row).on_conflict(again).exec_without_returning(&transaction).await?;
    if withdrawn {
        audit_trail::keep(&transaction, event).await?;
    }
    transaction.commit().await?;
    Ok(withdrawn)
}

async fn grant(database: &Database, consent: &Consent) -> Result<(), Fault> {
    let transaction = database.begin().await?;
    let client = presence::client(&transaction, &consent.client).await?;
    let user = presence::user(&transaction, consent.user).await?;
    let agreement = (consent.user.as_uuid(), consent.client.to_string());
    let withdrawal = withdrawal::Entity::find_by_id(agreement).one(&transaction).await?;
    let withdrawn = withdrawal.is_some_and(|it| micros(consent.granted_at) <= it.withdrawn_at);
    if client.is_none() || user.is_none() || withdrawn {
        transaction.rollback().await?;
        return Ok(());
    }
    let row = ActiveModel {
        user_id: Set(consent.user.as_uuid()),
        client_id: Set(consent.client.to_string()),
        scope: Set(consent.scope.to_string()),
        resources: Set(json(&consent.resources)?),
        claims: Set(json(&consent.claims)?),
        granted_at: Set(micros(consent.granted_at)),
    };
    // Touching the row locks it, new or old, so what is read from it next is still true when it is written.
    let agreed_before =
        OnConflict::columns([Column::UserId, Column::ClientId]).update_column(Column::GrantedAt).to_owned();
    let kept = Entity::insert(row).on_conflict(agreed_before).exec_with_returning(&transaction).await?;
    let together = from_row(&kept)?.and(consent);
    Entity::update_many()
        .col_expr(Column::Scope, Expr::val(together.scope.to_string()))
        .col_expr(Column::Resources, Expr::val(json(&together.resources)?))
        .col_expr(Column::Claims, Expr::val(json(&together.claims)?))
        .filter(Column::UserId.eq(kept.user_id))
        .filter(Column::ClientId.eq(kept.client_id))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

fn from_row(row: &Model) -> Result<Consent, Fault> {
    Ok(Consent {
        user: row.user_id.into(),
        client: parse(&row.client_id, "a client id")?,
        scope: parse(&row.scope, "a consent")?,
        resources: parse_json(&row.resources, "a consent")?,
        claims: parse_json(&row.claims, "a consent")?,
        granted_at: instant(row.granted_at)?,
    })
}
