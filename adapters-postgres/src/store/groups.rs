//! Groups of users, and who is in them.

use application::port::{ChangedMembers, Groups, InsertedGroup, MembershipChange, Unavailable};
use async_trait::async_trait;
use domain::{AuditEvent, ClientId, Group, GroupName, User, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{instant, json, micros, parse, parse_json};
use crate::entity::group::{ActiveModel, Column, Entity, Model};
use crate::entity::{group, group_member, user};
use crate::fault::Fault;
use crate::page::page;
use crate::sql::{Exists, List, LookUp, request, row};
use crate::store::{allowed_groups, audit_trail, group_members, users};

request! {
    /// The groups of a user.
    MemberKey {
        user_id: Uuid,
        rows: i64,
    }
}

request! {
    /// A page of the members of a group.
    MembersKey {
        name_key: String,
        after: Uuid,
        rows: i64,
    }
}

request! {
    /// A user, and a client that they may enter or not.
    EntryKey {
        user_id: Uuid,
        client_id: String,
    }
}

row! { GroupOfUser { ; group: group of "groups", } }
row! { Member { ; user: user of "users", } }

static OF_USER: List<MemberKey, GroupOfUser> = List::new(include_str!("../sql/groups/of_user.sql"));
static ADMITS: LookUp<EntryKey, Exists> = LookUp::new(include_str!("../sql/groups/admits.sql"));
static MEMBERS: List<MembersKey, Member> = List::new(include_str!("../sql/groups/members.sql"));

#[async_trait]
impl Groups for Database {
    #[tracing::instrument(name = "groups.insert", skip_all)]
    async fn insert(&self, group: &Group, event: &AuditEvent) -> Result<InsertedGroup, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            let taken = OnConflict::column(Column::NameKey).do_nothing().to_owned();
            let insertion = Entity::insert(to_row(group)?).on_conflict(taken);
            let rows = insertion.exec_without_returning(&transaction).await?;
            let done = audit_trail::finish(transaction, rows > 0, event).await?;
            Ok(if done { InsertedGroup::Done } else { InsertedGroup::NameTaken })
        })
        .await
    }

    #[tracing::instrument(name = "groups.amend", skip_all)]
    async fn amend(&self, before: &Group, after: &Group, event: &AuditEvent) -> Result<bool, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            let row = group_members::locked_group(&transaction, &before.name).await?;
            if row.as_ref().map(from_row).transpose()?.as_ref() != Some(before) {
                transaction.rollback().await?;
                return Ok(false);
            }
            let changed = to_row(&Group { name: before.name.clone(), ..after.clone() })?;
            let row = ActiveModel {
                display_name: changed.display_name,
                description: changed.description,
                claims: changed.claims,
                updated_at: changed.updated_at,
                ..ActiveModel::default()
            };
            let same = Column::Id.eq(before.id.as_uuid());
            Entity::update_many().set(row).filter(same).exec(&transaction).await?;
            audit_trail::finish(transaction, true, event).await
        })
        .await
    }

    #[tracing::instrument(name = "groups.delete", skip_all)]
    async fn delete(&self, name: &GroupName, event: &AuditEvent) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let transaction = database.begin().await?;
                let Some(row) = group_members::locked_group(&transaction, name).await? else {
                    transaction.rollback().await?;
                    return Ok(false);
                };
                let clients = allowed_groups::locked_clients(&transaction, row.id).await?;
                Entity::delete_by_id(row.id).exec(&transaction).await?;
                let of_it = group_member::Column::GroupId.eq(row.id);
                group_member::Entity::delete_many().filter(of_it).exec(&transaction).await?;
                let name: GroupName = parse(&row.name, "the name of a group")?;
                allowed_groups::forget_group(&transaction, (row.id, &name), &clients).await?;
                let clients = clients.into_iter().map(|client| client.id);
                allowed_groups::end_entry(&transaction, clients, None, event.at).await?;
                audit_trail::finish(transaction, true, event).await
            })
            .await
    }

    #[tracing::instrument(name = "groups.change_members", skip_all)]
    async fn change_members(
        &self,
        group: &GroupName,
        change: MembershipChange<'_>,
        event: &AuditEvent,
    ) -> Result<ChangedMembers, Unavailable> {
        // To take a right away is possible on a full disk.
        let database = match change {
            MembershipChange::Add(_) => self.clone(),
            MembershipChange::Remove(_) => self.protecting(),
        };
        database.retried(|| group_members::change(&database, group, change, event)).await
    }

    #[tracing::instrument(name = "groups.find", skip_all)]
    async fn find(&self, name: &GroupName) -> Result<Option<Group>, Unavailable> {
        self.retried(|| async {
            let row = Entity::find().filter(Column::NameKey.eq(name.key())).one(&self.reader).await?;
            row.as_ref().map(from_row).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "groups.list", skip_all)]
    async fn list(&self, after: Option<&GroupName>, limit: u32) -> Result<Vec<Group>, Unavailable> {
        self.retried(|| async {
            let after = after.map(GroupName::key);
            let rows = page(self, Entity::find(), Column::NameKey, after, limit).await?;
            rows.iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "groups.members", skip_all)]
    async fn members(
        &self,
        group: &GroupName,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, Unavailable> {
        self.retried(|| async {
            // The nil UUID is before every id.
            let after = after.map_or(Uuid::nil(), |id| id.as_uuid());
            let key = MembersKey { name_key: group.key(), after, rows: limit.into() };
            let members = self.list_page(&MEMBERS, key).await?;
            members.into_iter().map(|member| users::from_row(member.user)).collect()
        })
        .await
    }

    #[tracing::instrument(name = "groups.admits", skip_all)]
    async fn admits(&self, user: UserId, client: &ClientId) -> Result<bool, Unavailable> {
        let key = || EntryKey { user_id: user.as_uuid(), client_id: client.to_string() };
        self.retried(|| async { Ok(self.look_up(&ADMITS, key()).await?.is_some()) }).await
    }

    #[tracing::instrument(name = "groups.of_user", skip_all)]
    async fn of_user(&self, user: UserId) -> Result<Vec<Group>, Unavailable> {
        self.retried(|| async {
            let key = MemberKey { user_id: user.as_uuid(), rows: i64::MAX };
            let groups = self.list_page(&OF_USER, key).await?;
            groups.iter().map(|found| from_row(&found.group)).collect()
        })
        .await
    }
}

fn to_row(group: &Group) -> Result<ActiveModel, Fault> {
    let text = |text: &Option<domain::group::GroupText>| text.as_ref().map(|text| text.as_str().to_owned());
    Ok(ActiveModel {
        id: Set(group.id.as_uuid()),
        name: Set(group.name.to_string()),
        name_key: Set(group.name.key()),
        display_name: Set(text(&group.display_name)),
        description: Set(text(&group.description)),
        claims: Set(json(&group.claims)?),
        created_at: Set(micros(group.created_at)),
        updated_at: Set(micros(group.updated_at)),
    })
}

fn from_row(row: &Model) -> Result<Group, Fault> {
    let text =
        |text: &Option<String>| text.as_deref().map(|text| parse(text, "a text of a group")).transpose();
    Ok(Group {
        id: row.id.into(),
        name: parse(&row.name, "the name of a group")?,
        display_name: text(&row.display_name)?,
        description: text(&row.description)?,
        claims: parse_json(&row.claims, "claims of a group")?,
        created_at: instant(row.created_at)?,
        updated_at: instant(row.updated_at)?,
    })
}
