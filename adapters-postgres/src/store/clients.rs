//! Registered clients.

use application::port::{ClientFilter, Clients, Inserted, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::self_registration::SelfRegistration;
use domain::{AuditEvent, Client, ClientId, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, NotSet, QueryFilter, QuerySelect, QueryTrait,
    Set,
};

use crate::Database;
use crate::column::{json, micros, parse_json};
use crate::entity::client::{ActiveModel, Column, Entity, Model};
use crate::entity::{allowed_group, consent, group_member};
use crate::fault::Fault;
use crate::page::page;
use crate::sql::{LookUp, request, row};
use crate::store::{allowed_groups, audit_trail, client_deletion};

request! {
    /// A client to find.
    ClientKey {
        id: String,
    }
}

row! {
    FoundClient {
        registration: String,
    }
}

/// Nearly every request to the server finds a client.
static FIND: LookUp<ClientKey, FoundClient> = LookUp::companion(include_str!("../sql/clients/find.sql"));

#[async_trait]
impl Clients for Database {
    #[tracing::instrument(name = "clients.find", skip_all)]
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, Unavailable> {
        self.retried(|| async {
            let found = self.look_up(&FIND, ClientKey { id: id.to_string() }).await?;
            found.map(|found| self.parsed_clients.parse(id.as_str(), &found.registration)).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "clients.insert", skip_all)]
    async fn insert(&self, client: &Client, event: &AuditEvent) -> Result<Inserted, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            let Some(groups) = allowed(&transaction, client).await? else {
                transaction.rollback().await?;
                return Ok(Inserted::NoSuchGroup);
            };
            let kept = keep(&transaction, client).await?;
            if kept && client.allowed_groups.is_some() {
                allowed_groups::replace(&transaction, &client.id, groups).await?;
            }
            let done = audit_trail::finish(transaction, kept, event).await?;
            Ok(if done { Inserted::Done } else { Inserted::IdTaken })
        })
        .await
    }

    #[tracing::instrument(name = "clients.amend", skip_all)]
    async fn amend(&self, before: &Client, after: &Client, event: &AuditEvent) -> Result<bool, Unavailable> {
        // To disable a client is possible on a full disk.
        let database = if after.disabled_at.is_some() { self.protecting() } else { self.clone() };
        database
            .retried(|| async {
                let transaction = database.begin().await?;
                let lets_others_in = before.allowed_groups != after.allowed_groups;
                // The groups first, as where one is deleted.
                let groups =
                    if lets_others_in { allowed(&transaction, after).await? } else { Some(Vec::new()) };
                // Locked, so that it is still what was read when it is replaced.
                let row = Entity::find_by_id(before.id.as_str()).lock_exclusive().one(&transaction).await?;
                let is_same = row.as_ref().map(from_row).transpose()?.as_ref() == Some(before);
                let Some(groups) = groups.filter(|_| is_same) else {
                    transaction.rollback().await?;
                    return Ok(false);
                };
                Entity::update_many()
                    .set(to_row(after)?)
                    .filter(Column::Id.eq(before.id.as_str()))
                    .exec(&transaction)
                    .await?;
                if !before.keeps_consents_as(after) {
                    let given = consent::Column::ClientId.eq(before.id.as_str());
                    consent::Entity::delete_many().filter(given).exec(&transaction).await?;
                }
                if lets_others_in {
                    allowed_groups::replace(&transaction, &before.id, groups).await?;
                }
                if lets_others_in && after.allowed_groups.is_some() {
                    let client = [before.id.to_string()];
                    allowed_groups::end_entry(&transaction, client, None, event.at).await?;
                }
                audit_trail::finish(transaction, true, event).await
            })
            .await
    }

    #[tracing::instrument(name = "clients.delete", skip_all)]
    async fn delete(&self, id: &ClientId, event: &AuditEvent) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database.retried(|| client_deletion::delete(&database, id, event)).await
    }

    #[tracing::instrument(name = "clients.mark_used", skip_all)]
    async fn mark_used(&self, id: &ClientId, now: DateTime<Utc>) -> Result<(), Unavailable> {
        self.retried(|| client_deletion::mark_used(self, id, now)).await
    }

    #[tracing::instrument(name = "clients.delete_unused", skip_all)]
    async fn delete_unused(
        &self,
        since: DateTime<Utc>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, Unavailable> {
        let database = self.protecting();
        database.retried(|| client_deletion::delete_unused(&database, since, limit, now)).await
    }

    #[tracing::instrument(name = "clients.list_for_user", skip_all)]
    async fn list_for_user(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, Unavailable> {
        self.retried(|| async {
            let theirs = group_member::Entity::find()
                .select_only()
                .column(group_member::Column::GroupId)
                .filter(group_member::Column::UserId.eq(user.as_uuid()))
                .into_query();
            let that_allow_them = allowed_group::Entity::find()
                .select_only()
                .column(allowed_group::Column::ClientId)
                .filter(allowed_group::Column::GroupId.in_subquery(theirs))
                .into_query();
            let may_enter = Condition::any()
                .add(Column::MembersOnly.eq(false))
                .add(Column::Id.in_subquery(that_allow_them));
            let entered = Entity::find()
                .filter(Column::Unattended.eq(false))
                .filter(Column::DisabledAt.is_null())
                .filter(may_enter);
            let rows = page(self, entered, Column::Id, after.map(ClientId::as_str), limit).await?;
            rows.iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "clients.list", skip_all)]
    async fn list(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<Client>, Unavailable> {
        self.retried(|| async {
            let after = after.map(ClientId::as_str);
            let rows = page(self, Entity::find(), Column::Id, after, limit).await?;
            rows.iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "clients.search", skip_all)]
    async fn search(
        &self,
        filter: &ClientFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Client>, Unavailable> {
        self.retried(|| async {
            let wanted = Entity::find().filter(condition(filter));
            let rows = page(self, wanted, Column::NameKey, after, limit).await?;
            rows.iter().map(from_row).collect()
        })
        .await
    }
}

fn condition(ClientFilter { begins_with, is_enabled }: &ClientFilter) -> Condition {
    // No text goes on with the last character of Unicode.
    let begins = |column: Column, text: &str| column.gte(text).and(column.lt(format!("{text}{}", char::MAX)));
    let is_enabled = is_enabled.map(|is_enabled| {
        if is_enabled { Column::DisabledAt.is_null() } else { Column::DisabledAt.is_not_null() }
    });
    let is_named = begins_with
        .as_ref()
        .map(|text| begins(Column::NameKey, &text.to_lowercase()).or(begins(Column::Id, text)));
    Condition::all().add_option(is_named).add_option(is_enabled)
}

/// The groups that a client allows, locked; none if one does not exist.
async fn allowed(transaction: &DatabaseTransaction, client: &Client) -> Result<Option<Vec<Uuid>>, Fault> {
    match &client.allowed_groups {
        Some(groups) => allowed_groups::locked(transaction, groups).await,
        None => Ok(Some(Vec::new())),
    }
}

/// Adds a client; false if its id is taken.
pub(crate) async fn keep(transaction: &DatabaseTransaction, client: &Client) -> Result<bool, Fault> {
    let row = ActiveModel { used_at: Set(micros(client.created_at)), ..to_row(client)? };
    let rows = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(rows == 1)
}

fn to_row(client: &Client) -> Result<ActiveModel, Fault> {
    Ok(ActiveModel {
        id: Set(client.id.to_string()),
        incarnation: Set(client.incarnation.as_uuid()),
        registration: Set(json(client)?),
        name_key: Set(client.name_key()),
        disabled_at: Set(client.disabled_at.map(micros)),
        created_at: Set(micros(client.created_at)),
        unattended: Set(client.registration.as_ref().is_some_and(SelfRegistration::is_unattended)),
        members_only: Set(client.allowed_groups.is_some()),
        // It is not part of the registration.
        used_at: NotSet,
    })
}

pub(crate) fn from_row(row: &Model) -> Result<Client, Fault> {
    parse_json(&row.registration, "a client")
}
