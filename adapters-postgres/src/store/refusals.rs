//! What explains refused requests.

use std::collections::BTreeSet;

use application::port::{RefusalBounds, Refusals, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::refusal::Cause;
use domain::{ClientId, ErrorCode, ErrorReference, KeptRefusal, RefusalId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IdenStatic, QueryFilter, QueryOrder,
    QuerySelect, Set, Statement,
};
use serde::{Deserialize, Serialize};

use crate::Database;
use crate::column::{instant, json, micros, parse, parse_json};
use crate::entity::refusal::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;

/// The error code, and why.
#[derive(Serialize, Deserialize)]
struct Content {
    code: ErrorCode,
    cause: Cause,
}

#[async_trait]
impl Refusals for Database {
    #[tracing::instrument(name = "refusals.record", skip_all)]
    async fn record(&self, refusals: &[KeptRefusal], bounds: RefusalBounds) -> Result<(), Unavailable> {
        self.retried(|| record(self, refusals, bounds)).await
    }

    #[tracing::instrument(name = "refusals.find", skip_all)]
    async fn find(
        &self,
        reference: &ErrorReference,
        now: DateTime<Utc>,
    ) -> Result<Option<KeptRefusal>, Unavailable> {
        self.retried(|| async {
            let found = Entity::find()
                .filter(Column::Reference.eq(reference.as_str()))
                .filter(Column::ExpiresAt.gt(micros(now)));
            found.one(&self.reader).await?.map(from_row).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "refusals.latest", skip_all)]
    async fn latest(
        &self,
        client: &ClientId,
        before: Option<RefusalId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<KeptRefusal>, Unavailable> {
        self.retried(|| async {
            let mut latest = Entity::find()
                .filter(Column::ClientId.eq(client.as_str()))
                .filter(Column::ExpiresAt.gt(micros(now)));
            if let Some(before) = before {
                latest = latest.filter(Column::Id.lt(before.as_uuid()));
            }
            let latest = latest.order_by_desc(Column::Id).limit(u64::from(limit));
            latest.all(&self.reader).await?.into_iter().map(from_row).collect()
        })
        .await
    }
}

async fn record(database: &Database, refusals: &[KeptRefusal], bounds: RefusalBounds) -> Result<(), Fault> {
    let rows = refusals.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    let once = OnConflict::new().do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(&transaction).await?;
    let networks = refusals.iter().map(|refusal| refusal.network.as_str()).collect();
    trim(&transaction, Column::Network, networks, bounds.of_network).await?;
    let clients =
        refusals.iter().filter_map(|refusal| refusal.client.as_ref()).map(ClientId::as_str).collect();
    trim(&transaction, Column::ClientId, clients, bounds.of_client).await?;
    let oldest = format!(
        "DELETE FROM refusals WHERE id <= (SELECT id FROM refusals ORDER BY id DESC LIMIT 1 OFFSET {})",
        bounds.all
    );
    transaction.execute_unprepared(&oldest).await?;
    Ok(transaction.commit().await?)
}

/// Of each of these networks or clients, removes the oldest refusals, until `most` are left.
async fn trim(
    transaction: &DatabaseTransaction,
    column: Column,
    of: BTreeSet<&str>,
    most: u32,
) -> Result<(), Fault> {
    if of.is_empty() {
        return Ok(());
    }
    let (backend, column) = (transaction.get_database_backend(), column.as_str());
    let each = (1..=of.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    let beyond = format!(
        "DELETE FROM refusals WHERE id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY {column} \
         ORDER BY id DESC) AS place FROM refusals WHERE {column} IN ({each})) AS ranked WHERE place > {most})"
    );
    let values: Vec<sea_orm::Value> = of.into_iter().map(Into::into).collect();
    transaction.execute_raw(Statement::from_sql_and_values(backend, beyond, values)).await?;
    Ok(())
}

fn to_row(refusal: &KeptRefusal) -> Result<ActiveModel, Fault> {
    let content = Content { code: refusal.code, cause: refusal.cause.clone() };
    Ok(ActiveModel {
        id: Set(refusal.id.as_uuid()),
        reference: Set(refusal.reference.to_string()),
        endpoint: Set(refusal.endpoint.clone()),
        network: Set(refusal.network.clone()),
        client_id: Set(refusal.client.as_ref().map(ToString::to_string)),
        content: Set(json(&content)?),
        expires_at: Set(micros(refusal.expires_at)),
    })
}

fn from_row(row: Model) -> Result<KeptRefusal, Fault> {
    let client = row.client_id.as_deref().map(|id| parse::<ClientId>(id, "a client id"));
    let Content { code, cause } = parse_json(&row.content, "a refusal")?;
    Ok(KeptRefusal {
        id: row.id.into(),
        reference: parse(&row.reference, "an error reference")?,
        endpoint: row.endpoint,
        network: row.network,
        client: client.transpose()?,
        code,
        cause,
        expires_at: instant(row.expires_at)?,
    })
}
