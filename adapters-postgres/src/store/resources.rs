//! Registered resource servers.

use application::port::{RegisteredResource, Resources, Unavailable};
use async_trait::async_trait;
use domain::{AuditEvent, Resource, ResourceIdentifier};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{instant, micros, parse};
use crate::entity::resource::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;
use crate::store::audit_trail;
use crate::{Database, locks};

#[async_trait]
impl Resources for Database {
    #[tracing::instrument(name = "resources.register", skip_all)]
    async fn register(
        &self,
        resource: &Resource,
        event: &AuditEvent,
    ) -> Result<RegisteredResource, Unavailable> {
        self.answered(register(self, resource, event).await)
    }

    #[tracing::instrument(name = "resources.find", skip_all)]
    async fn find(&self, ids: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable> {
        self.answered(
            async {
                let named = Column::Id.is_in(ids.iter().map(ResourceIdentifier::normalised));
                let rows = Entity::find().filter(named).order_by_asc(Column::Id).all(&self.reader).await?;
                rows.iter().map(from_row).collect()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "resources.list", skip_all)]
    async fn list(
        &self,
        after: Option<&ResourceIdentifier>,
        limit: u32,
    ) -> Result<Vec<Resource>, Unavailable> {
        self.answered(
            async {
                let mut page = Entity::find().order_by_asc(Column::Id).limit(u64::from(limit));
                if let Some(after) = after {
                    page = page.filter(Column::Id.gt(after.normalised()));
                }
                let rows = page.all(&self.reader).await?;
                rows.iter().map(from_row).collect()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "resources.delete", skip_all)]
    async fn delete(&self, id: &ResourceIdentifier, event: &AuditEvent) -> Result<bool, Unavailable> {
        self.answered(
            async {
                let transaction = self.begin().await?;
                let deleted = Entity::delete_by_id(id.normalised()).exec(&transaction).await?;
                if deleted.rows_affected == 0 {
                    transaction.rollback().await?;
                    return Ok(false);
                }
                audit_trail::keep(&transaction, event).await?;
                transaction.commit().await?;
                Ok(true)
            }
            .await,
        )
    }
}

async fn register(
    database: &Database,
    resource: &Resource,
    event: &AuditEvent,
) -> Result<RegisteredResource, Fault> {
    let transaction = database.begin().await?;
    // Locked: a deletion that comes now finds the resource, and takes the client from it.
    let missing = match &resource.client {
        Some(client) => locks::client(&transaction, client).await?.is_none(),
        None => false,
    };
    if missing {
        transaction.rollback().await?;
        return Ok(RegisteredResource::NoSuchClient);
    }
    let row = ActiveModel {
        id: Set(resource.id.normalised().to_owned()),
        identifier: Set(resource.id.to_string()),
        name: Set(resource.name.clone()),
        scope: Set(resource.scope.to_string()),
        default_scope: Set(resource.default_scope.to_string()),
        for_registered_clients: Set(resource.for_registered_clients),
        documentation: Set(resource.documentation.clone()),
        client_id: Set(resource.client.as_ref().map(ToString::to_string)),
        created_at: Set(micros(resource.created_at)),
    };
    let taken = OnConflict::column(Column::Id).do_nothing().to_owned();
    let rows = Entity::insert(row).on_conflict(taken).exec_without_returning(&transaction).await?;
    if rows == 0 {
        transaction.rollback().await?;
        return Ok(RegisteredResource::Taken);
    }
    audit_trail::keep(&transaction, event).await?;
    transaction.commit().await?;
    Ok(RegisteredResource::Done)
}

fn from_row(row: &Model) -> Result<Resource, Fault> {
    let client = row.client_id.as_deref().map(|id| parse(id, "a client id")).transpose()?;
    Ok(Resource {
        id: parse(&row.identifier, "a resource identifier")?,
        name: row.name.clone(),
        scope: parse(&row.scope, "a scope")?,
        default_scope: parse(&row.default_scope, "a scope")?,
        for_registered_clients: row.for_registered_clients,
        documentation: row.documentation.clone(),
        client,
        created_at: instant(row.created_at)?,
    })
}
