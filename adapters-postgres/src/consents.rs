//! Remembered consent.

use application::port::{Consents, Unavailable};
use async_trait::async_trait;
use domain::{ClientId, Consent, UserId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::column::{instant, json, micros, parse, parse_json};
use crate::entity::consent::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;
use crate::{Database, presence};

#[async_trait]
impl Consents for Database {
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable> {
        self.answered(
            async {
                let key = (user.as_uuid(), client.to_string());
                let row = Entity::find_by_id(key).one(&self.reader).await?;
                row.as_ref().map(from_row).transpose()
            }
            .await,
        )
    }

    async fn grant(&self, consent: &Consent) -> Result<(), Unavailable> {
        self.answered(grant(self, consent).await)
    }

    async fn revoke(&self, user: UserId, client: &ClientId) -> Result<(), Unavailable> {
        self.answered(
            async {
                let key = (user.as_uuid(), client.to_string());
                Entity::delete_by_id(key).exec(&self.writer).await?;
                Ok(())
            }
            .await,
        )
    }
}

async fn grant(database: &Database, consent: &Consent) -> Result<(), Fault> {
    let transaction = database.begin().await?;
    let client = presence::client(&transaction, &consent.client).await?;
    let user = presence::user(&transaction, consent.user).await?;
    if client.is_none() || user.is_none() {
        transaction.rollback().await?;
        return Ok(());
    }
    let row = ActiveModel {
        user_id: Set(consent.user.as_uuid()),
        client_id: Set(consent.client.to_string()),
        scope: Set(consent.scope.to_string()),
        resources: Set(json(&consent.resources)?),
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
        granted_at: instant(row.granted_at)?,
    })
}
