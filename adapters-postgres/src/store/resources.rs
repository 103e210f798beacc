//! Registered resource servers.

use std::collections::BTreeSet;

use application::port::{AmendedResource, RegisteredResource, Resources, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Incarnation, Resource, ResourceIdentifier};
use futures_util::future::try_join_all;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::column::{instant, micros, parse};
use crate::entity::resource::{ActiveModel, Column, Entity, Model};
use crate::entity::{ended_resource, resource};
use crate::fault::Fault;
use crate::page::page;
use crate::sql::{LookUp, request, row};
use crate::store::audit_trail;
use crate::{Database, locks};

request! {
    /// A resource to find.
    ResourceKey {
        id: String,
    }
}

row! {
    FoundResource {
        ;
        resource: resource of "resources",
    }
}

static FIND: LookUp<ResourceKey, FoundResource> = LookUp::new(include_str!("../sql/resources/find.sql"));

#[async_trait]
impl Resources for Database {
    #[tracing::instrument(name = "resources.register", skip_all)]
    async fn register(
        &self,
        resource: &Resource,
        event: &AuditEvent,
    ) -> Result<RegisteredResource, Unavailable> {
        self.retried(|| register(self, resource, event)).await
    }

    #[tracing::instrument(name = "resources.amend", skip_all)]
    async fn amend(
        &self,
        before: &Resource,
        after: &Resource,
        event: &AuditEvent,
    ) -> Result<AmendedResource, Unavailable> {
        self.retried(|| amend(self, before, after, event)).await
    }

    #[tracing::instrument(name = "resources.find", skip_all)]
    async fn find(&self, ids: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable> {
        self.retried(|| async {
            let named: BTreeSet<_> = ids.iter().map(ResourceIdentifier::normalised).collect();
            let each = named.into_iter().map(|id| self.look_up(&FIND, ResourceKey { id: id.to_owned() }));
            let found = try_join_all(each).await?;
            found.iter().flatten().map(|found| from_row(&found.resource)).collect()
        })
        .await
    }

    #[tracing::instrument(name = "resources.list", skip_all)]
    async fn list(
        &self,
        after: Option<&ResourceIdentifier>,
        limit: u32,
    ) -> Result<Vec<Resource>, Unavailable> {
        self.retried(|| async {
            let after = after.map(ResourceIdentifier::normalised);
            let rows = page(self, Entity::find(), Column::Id, after, limit).await?;
            rows.iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "resources.delete", skip_all)]
    async fn delete(
        &self,
        id: &ResourceIdentifier,
        forget_at: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let transaction = database.begin().await?;
                // Locked: of two deletions the second finds nothing.
                let found = Entity::find_by_id(id.normalised()).lock_exclusive().one(&transaction).await?;
                let Some(resource) = found else {
                    transaction.rollback().await?;
                    return Ok(false);
                };
                Entity::delete_by_id(id.normalised()).exec(&transaction).await?;
                let ended = ended_resource::ActiveModel {
                    incarnation: Set(Incarnation::from(resource.incarnation).to_string()),
                    forget_at: Set(micros(forget_at)),
                };
                ended_resource::Entity::insert(ended).exec_without_returning(&transaction).await?;
                audit_trail::finish(transaction, true, event).await
            })
            .await
    }
}

async fn register(
    database: &Database,
    resource: &Resource,
    event: &AuditEvent,
) -> Result<RegisteredResource, Fault> {
    let transaction = database.begin().await?;
    if names_no_client(&transaction, resource).await? {
        transaction.rollback().await?;
        return Ok(RegisteredResource::NoSuchClient);
    }
    let taken = OnConflict::column(Column::Id).do_nothing().to_owned();
    let row = to_row(resource);
    let rows = Entity::insert(row).on_conflict(taken).exec_without_returning(&transaction).await?;
    let done = audit_trail::finish(transaction, rows > 0, event).await?;
    Ok(if done { RegisteredResource::Done } else { RegisteredResource::Taken })
}

async fn amend(
    database: &Database,
    before: &Resource,
    after: &Resource,
    event: &AuditEvent,
) -> Result<AmendedResource, Fault> {
    let transaction = database.begin().await?;
    // The client first, as its deletion does.
    if names_no_client(&transaction, after).await? {
        transaction.rollback().await?;
        return Ok(AmendedResource::NoSuchClient);
    }
    let row = Entity::find_by_id(before.id.normalised()).lock_exclusive().one(&transaction).await?;
    if row.as_ref().map(from_row).transpose()?.as_ref() != Some(before) {
        transaction.rollback().await?;
        return Ok(AmendedResource::Outdated);
    }
    Entity::update_many()
        .set(to_row(after))
        .filter(Column::Id.eq(before.id.normalised()))
        .exec(&transaction)
        .await?;
    audit_trail::keep(&transaction, event).await?;
    transaction.commit().await?;
    Ok(AmendedResource::Done)
}

/// Whether the client is missing that the resource names. It is locked: a deletion that comes now finds the resource, and takes
/// the client from it.
async fn names_no_client(transaction: &DatabaseTransaction, resource: &Resource) -> Result<bool, Fault> {
    match &resource.client {
        Some(client) => Ok(locks::client(transaction, client).await?.is_none()),
        None => Ok(false),
    }
}

fn to_row(resource: &Resource) -> ActiveModel {
    ActiveModel {
        id: Set(resource.id.normalised().to_owned()),
        identifier: Set(resource.id.to_string()),
        incarnation: Set(resource.incarnation.as_uuid()),
        name: Set(resource.name.clone()),
        scope: Set(resource.scope.to_string()),
        default_scope: Set(resource.default_scope.to_string()),
        for_registered_clients: Set(resource.for_registered_clients),
        access_token_typ: Set(resource.access_token_typ.as_str().to_owned()),
        documentation: Set(resource.documentation.clone()),
        client_id: Set(resource.client.as_ref().map(ToString::to_string)),
        created_at: Set(micros(resource.created_at)),
    }
}

fn from_row(row: &Model) -> Result<Resource, Fault> {
    let client = row.client_id.as_deref().map(|id| parse(id, "a client id")).transpose()?;
    Ok(Resource {
        id: parse(&row.identifier, "a resource identifier")?,
        incarnation: row.incarnation.into(),
        name: row.name.clone(),
        scope: parse(&row.scope, "a scope")?,
        default_scope: parse(&row.default_scope, "a scope")?,
        for_registered_clients: row.for_registered_clients,
        access_token_typ: parse(&row.access_token_typ, "the typ of access tokens")?,
        documentation: row.documentation.clone(),
        client,
        created_at: instant(row.created_at)?,
    })
}
