//! Remembered consent.

use application::port::{Consents, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Client, ClientId, Consent, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, Set,
};

use crate::column::{instant, json, micros, parse, parse_json};
use crate::entity::consent::{ActiveModel, Column, Entity, Model};
use crate::entity::{authorization, consent, session, user, withdrawal};
use crate::fault::Fault;
use crate::page::page;
use crate::sql::{LookUp, request, row};
use crate::store::{audit_trail, clients};
use crate::{Database, locks};

request! {
    /// A consent to find.
    ConsentKey {
        user_id: Uuid,
        client_id: String,
    }
}

row! {
    FoundConsent {
        ;
        consent: consent of "consents",
    }
}

static FIND: LookUp<ConsentKey, FoundConsent> = LookUp::new(include_str!("../sql/consents/find.sql"));

#[async_trait]
impl Consents for Database {
    #[tracing::instrument(name = "consents.find", skip_all)]
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable> {
        self.retried(|| async {
            let key = ConsentKey { user_id: user.as_uuid(), client_id: client.to_string() };
            let found = self.look_up(&FIND, key).await?;
            found.map(|found| from_row(&found.consent)).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "consents.grant", skip_all)]
    async fn grant(&self, consent: &Consent, client: &Client) -> Result<(), Unavailable> {
        self.retried(|| grant(self, consent, client)).await
    }

    #[tracing::instrument(name = "consents.list", skip_all)]
    async fn list(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Consent>, Unavailable> {
        self.retried(|| async {
            let theirs = Entity::find().filter(Column::UserId.eq(user.as_uuid()));
            let after = after.map(ClientId::as_str);
            let rows = page(self, theirs, Column::ClientId, after, limit).await?;
            rows.iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "consents.withdraw", skip_all)]
    async fn withdraw(
        &self,
        user: UserId,
        client: &ClientId,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database.retried(|| withdraw(&database, user, client, event)).await
    }
}

async fn withdraw(
    database: &Database,
    user: UserId,
    client: &ClientId,
    event: &AuditEvent,
) -> Result<bool, Fault> {
    let transaction = database.begin().await?;
    // A transaction that records a grant of this user has locked the row: it has ended by now, or sees the withdrawal.
    let known = user::Entity::find_by_id(user.as_uuid()).lock_exclusive().one(&transaction).await?;
    if known.is_none() || locks::client(&transaction, client).await?.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    // The statement that records in bulk sees only this; what is not newer is then recorded step by step.
    user::Entity::update_many()
        .col_expr(user::Column::WithdrewAt, Expr::val(micros(event.at)))
        .filter(user::Column::Id.eq(user.as_uuid()))
        // Another node's clock may be ahead of ours.
        .filter(user::Column::WithdrewAt.is_null().or(user::Column::WithdrewAt.lt(micros(event.at))))
        .exec(&transaction)
        .await?;
    let key = (user.as_uuid(), client.to_string());
    let forgotten = Entity::delete_by_id(key).exec(&transaction).await?.rows_affected;
    let withdrawn = revoke_grants(&transaction, user, client, event.at).await? + forgotten > 0;
    let row = withdrawal::ActiveModel {
        user_id: Set(user.as_uuid()),
        client_id: Set(client.to_string()),
        withdrawn_at: Set(micros(event.at)),
    };
    let again = OnConflict::columns([withdrawal::Column::UserId, withdrawal::Column::ClientId])
        .update_column(withdrawal::Column::WithdrawnAt)
        .to_owned();
    // Also when no grant is known yet: what the user approved may be recorded later.
    withdrawal::Entity::insert(row).on_conflict(again).exec_without_returning(&transaction).await?;
    if withdrawn {
        audit_trail::keep(&transaction, event).await?;
    }
    transaction.commit().await?;
    Ok(withdrawn)
}

/// Revokes everything that a user granted to a client. It answers how much of it had not ended with its session.
async fn revoke_grants(
    transaction: &DatabaseTransaction,
    user: UserId,
    client: &ClientId,
    at: DateTime<Utc>,
) -> Result<u64, Fault> {
    let granted = Condition::all()
        .add(authorization::Column::UserId.eq(user.as_uuid()))
        .add(authorization::Column::ClientId.eq(client.as_str()))
        .add(authorization::Column::RevokedAt.is_null())
        .add(authorization::Column::ExpiresAt.gt(micros(at)));
    let live_sessions = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(micros(at)))
        .into_query();
    let has_not_ended = Condition::any()
        .add(authorization::Column::Offline.eq(true))
        .add(authorization::Column::SessionId.is_null())
        .add(authorization::Column::SessionId.in_subquery(live_sessions));
    let left = authorization::Entity::find()
        .filter(granted.clone())
        .filter(has_not_ended)
        .count(transaction)
        .await?;
    // All of it: by the clock of another node, the session may not have expired yet.
    authorization::Entity::update_many()
        .col_expr(authorization::Column::RevokedAt, Expr::val(micros(at)))
        .filter(granted)
        .exec(transaction)
        .await?;
    Ok(left)
}

async fn grant(database: &Database, consent: &Consent, client: &Client) -> Result<(), Fault> {
    let transaction = database.begin().await?;
    let kept = locks::client(&transaction, &consent.client).await?;
    let kept = kept.as_ref().map(clients::from_row).transpose()?;
    let is_same = |kept: &Client| kept.incarnation == client.incarnation && client.keeps_consents_as(kept);
    let user = locks::user(&transaction, consent.user).await?;
    let agreement = (consent.user.as_uuid(), consent.client.to_string());
    let withdrawal = withdrawal::Entity::find_by_id(agreement).one(&transaction).await?;
    let withdrawn = withdrawal.is_some_and(|it| micros(consent.granted_at) <= it.withdrawn_at);
    if !kept.as_ref().is_some_and(is_same) || user.is_none() || withdrawn {
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
    // The update locks the row, new or old, so that what is read from it next is still true when it is written.
    let agreed_before =
        OnConflict::columns([Column::UserId, Column::ClientId]).update_column(Column::GrantedAt).to_owned();
    let kept = Entity::insert(row).on_conflict(agreed_before).exec_with_returning(&transaction).await?;
    let both = from_row(&kept)?.and(consent);
    Entity::update_many()
        .col_expr(Column::Scope, Expr::val(both.scope.to_string()))
        .col_expr(Column::Resources, Expr::val(json(&both.resources)?))
        .col_expr(Column::Claims, Expr::val(json(&both.claims)?))
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
