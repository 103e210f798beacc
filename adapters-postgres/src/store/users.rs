//! The users who can sign in.

pub(crate) mod end;
pub(crate) mod names;

use application::port::{
    AmendedUser, ChangedUser, InsertedUser, SessionsAfterPassword, Unavailable, UserChange, UserFilter, Users,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{AuditEvent, Person, SessionId, SignInName, User, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::Database;
use crate::column::{json, micros};
use crate::entity::user::{ActiveModel, Column, Entity};
use crate::entity::{authorization, consent, session, set_up_link, withdrawal};
use crate::fault::Fault;
use crate::page::page;
use crate::store::{audit_trail, group_members, logout_notices, sign_in_events};

mod find;
mod row;
mod search;

use names::TakenName;

pub(crate) use row::from_row;

#[async_trait]
impl Users for Database {
    #[tracing::instrument(name = "users.find", skip_all)]
    async fn find(&self, id: UserId) -> Result<Option<User>, Unavailable> {
        self.answered(find::find(self, id).await)
    }

    #[tracing::instrument(name = "users.find_with_groups", skip_all)]
    async fn find_with_groups(&self, id: UserId) -> Result<Option<Person>, Unavailable> {
        self.answered(find::find_with_groups(self, id).await)
    }

    #[tracing::instrument(name = "users.find_by_sign_in_name", skip_all)]
    async fn find_by_sign_in_name(&self, name: &SignInName) -> Result<Option<User>, Unavailable> {
        self.answered(
            async {
                let named = Entity::find().filter(Column::Id.in_subquery(names::user_with(name)));
                let row = named.one(&self.reader).await?;
                row.map(from_row).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "users.insert", skip_all)]
    async fn insert(&self, user: &User, event: &AuditEvent) -> Result<InsertedUser, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            if user.administrator {
                // The set-up link ends. First, as in a redemption, so that there is no deadlock.
                set_up_link::Entity::delete_many().exec(&transaction).await?;
            }
            let inserted = names::keep(&transaction, user).await?;
            audit_trail::finish(transaction, inserted == InsertedUser::Done, event).await?;
            Ok(inserted)
        })
        .await
    }

    #[tracing::instrument(name = "users.change", skip_all)]
    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<ChangedUser, Unavailable> {
        let database = self.protecting();
        database.retried(|| self::change(&database, id, change, now, event)).await
    }

    #[tracing::instrument(name = "users.amend", skip_all)]
    async fn amend(
        &self,
        before: &User,
        after: &User,
        event: &AuditEvent,
    ) -> Result<AmendedUser, Unavailable> {
        self.retried(|| amend(self, before, after, event)).await
    }

    #[tracing::instrument(name = "users.renew_hash", skip_all)]
    async fn renew_hash(
        &self,
        id: UserId,
        before: &PasswordHash,
        after: &PasswordHash,
    ) -> Result<(), Unavailable> {
        let renewed = Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::val(after.expose()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::PasswordHash.eq(before.expose()))
            .exec(&self.writer);
        self.answered(async { Ok(renewed.await.map(|_| ())?) }.await)
    }

    #[tracing::instrument(name = "users.delete", skip_all)]
    async fn delete(&self, id: UserId, event: &AuditEvent) -> Result<ChangedUser, Unavailable> {
        let database = self.protecting();
        database.retried(|| delete(&database, id, event)).await
    }

    #[tracing::instrument(name = "users.list", skip_all)]
    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, Unavailable> {
        self.answered(
            async {
                let rows =
                    page(self, Entity::find(), Column::Id, after.map(|it| it.as_uuid()), limit).await?;
                rows.into_iter().map(from_row).collect()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "users.search", skip_all)]
    async fn search(
        &self,
        filter: &UserFilter,
        after: Option<&SignInName>,
        limit: u32,
    ) -> Result<Vec<User>, Unavailable> {
        self.answered(search::search(self, filter, after, limit).await)
    }
}

/// What a change ends.
#[derive(Clone, Copy)]
enum Ends {
    Nothing,
    Links,
    /// Links, sessions and grants; not this session, nor what was granted in it.
    EverythingBut(Option<SessionId>),
}

impl Ends {
    const fn by(change: &UserChange) -> Self {
        match change {
            UserChange::Disable | UserChange::Password(_) => Self::EverythingBut(None),
            UserChange::OwnPassword { sessions: SessionsAfterPassword::EndAllBut(kept), .. } => {
                Self::EverythingBut(Some(*kept))
            }
            UserChange::OwnPassword { sessions: SessionsAfterPassword::Keep, .. } => Self::Links,
            UserChange::Enable | UserChange::Unlock => Self::Nothing,
        }
    }
}

async fn change(
    database: &Database,
    id: UserId,
    change: &UserChange,
    now: DateTime<Utc>,
    event: &AuditEvent,
) -> Result<ChangedUser, Fault> {
    let mut row = ActiveModel { updated_at: Set(micros(now)), ..ActiveModel::default() };
    match change {
        UserChange::Password(hash) | UserChange::OwnPassword { hash, .. } => {
            row.password_hash = Set(Some(hash.expose().to_owned()));
        }
        UserChange::Disable => row.disabled_at = Set(Some(micros(now))),
        UserChange::Enable => row.disabled_at = Set(None),
        UserChange::Unlock => row.unlocked_at = Set(Some(micros(now))),
    }
    let ends = Ends::by(change);
    if matches!(ends, Ends::EverythingBut(_)) {
        // What the user approved may not be recorded yet.
        row.ended_before = Set(Some(micros(now)));
    }
    let transaction = database.begin().await?;
    if *change == UserChange::Disable && is_last_administrator(&transaction, id).await? {
        transaction.rollback().await?;
        return Ok(ChangedUser::LastAdministrator);
    }
    let changed =
        Entity::update_many().set(row).filter(Column::Id.eq(id.as_uuid())).exec(&transaction).await?;
    if changed.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(ChangedUser::Unknown);
    }
    match ends {
        Ends::EverythingBut(kept) => end::everything_of(&transaction, id, kept, now).await?,
        Ends::Links => end::links_of(&transaction, id.as_uuid()).await?,
        Ends::Nothing => {}
    }
    sign_in_events::keep_change(&transaction, id, change, event).await?;
    audit_trail::finish(transaction, true, event).await?;
    Ok(ChangedUser::Done)
}

async fn amend(
    database: &Database,
    before: &User,
    after: &User,
    event: &AuditEvent,
) -> Result<AmendedUser, Fault> {
    let transaction = database.begin().await?;
    if after.administrator {
        set_up_link::Entity::delete_many().exec(&transaction).await?;
    }
    // The administrators first, in the order in which a disabling or deletion locks them, so that there is no deadlock.
    let last = !after.administrator && is_last_administrator(&transaction, before.id).await?;
    let row = Entity::find_by_id(before.id.as_uuid()).lock_exclusive().one(&transaction).await?;
    if row.map(from_row).transpose()?.as_ref() != Some(before) {
        transaction.rollback().await?;
        return Ok(AmendedUser::Stale);
    }
    if last {
        transaction.rollback().await?;
        return Ok(AmendedUser::LastAdministrator);
    }
    if let Some(taken) = names::replace(&transaction, before.id, before, after).await? {
        transaction.rollback().await?;
        return Ok(match taken {
            TakenName::Username => AmendedUser::UsernameTaken,
            TakenName::Email => AmendedUser::EmailTaken,
        });
    }
    let row = ActiveModel {
        username: Set(after.username.as_str().to_owned()),
        claims: Set(json(&after.claims)?),
        administrator: Set(after.administrator),
        updated_at: Set(micros(after.updated_at)),
        ..ActiveModel::default()
    };
    if before.email() != after.email() {
        end::links_of(&transaction, before.id.as_uuid()).await?;
    }
    Entity::update_many().set(row).filter(Column::Id.eq(before.id.as_uuid())).exec(&transaction).await?;
    audit_trail::finish(transaction, true, event).await?;
    Ok(AmendedUser::Done)
}

/// Whether this is the only administrator who can sign in. The rows of all such administrators stay locked until the
/// transaction ends, so that of two that are removed at the same moment, the second sees the first.
async fn is_last_administrator(transaction: &DatabaseTransaction, id: UserId) -> Result<bool, Fault> {
    let enabled: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        // As a condition, not a value: so PostgreSQL knows how few they are.
        .filter(Expr::col(Column::Administrator))
        .filter(Column::DisabledAt.is_null())
        .filter(Column::PasswordHash.is_not_null())
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(enabled == [id.as_uuid()])
}

async fn delete(database: &Database, id: UserId, event: &AuditEvent) -> Result<ChangedUser, Fault> {
    let transaction = database.begin().await?;
    if is_last_administrator(&transaction, id).await? {
        transaction.rollback().await?;
        return Ok(ChangedUser::LastAdministrator);
    }
    // The user first: from here on no grant can be recorded for them.
    let deleted = Entity::delete_by_id(id.as_uuid()).exec(&transaction).await?;
    if deleted.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(ChangedUser::Unknown);
    }
    names::remove_all(&transaction, id).await?;
    end::links_of(&transaction, id.as_uuid()).await?;
    end::factors_of(&transaction, id).await?;
    group_members::forget_member(&transaction, id).await?;
    logout_notices::end_sessions(&transaction, end::sessions_of(id), event.at).await?;
    session::Entity::delete_many().filter(end::sessions_of(id)).exec(&transaction).await?;
    // Refresh tokens go with their authorizations.
    let theirs = authorization::Column::UserId.eq(id.as_uuid());
    authorization::Entity::delete_many().filter(theirs).exec(&transaction).await?;
    let theirs = consent::Column::UserId.eq(id.as_uuid());
    consent::Entity::delete_many().filter(theirs).exec(&transaction).await?;
    let theirs = withdrawal::Column::UserId.eq(id.as_uuid());
    withdrawal::Entity::delete_many().filter(theirs).exec(&transaction).await?;
    sign_in_events::delete(&transaction, id).await?;
    audit_trail::finish(transaction, true, event).await?;
    Ok(ChangedUser::Done)
}
