//! The passkeys of users.

use application::port::{AddedPasskey, Passkeys, RemovedPasskey, Unavailable, UsedPasskey};
use async_trait::async_trait;
use domain::{AuditEvent, CredentialId, Passkey, PasskeyName, PasskeyUse, SignInEvent, SignInKind, UserId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::Database;
use crate::column::{instant, micros, optional_instant, parse};
use crate::entity::passkey::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::fault::Fault;
use crate::store::{audit_trail, second_factors, sign_in_events};

#[async_trait]
impl Passkeys for Database {
    #[tracing::instrument(name = "passkeys.find", skip_all)]
    async fn find(&self, id: &CredentialId) -> Result<Option<Passkey>, Unavailable> {
        self.retried(|| async {
            let row = Entity::find_by_id(id.as_bytes().to_vec()).one(&self.reader).await?;
            row.map(from_row).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "passkeys.list", skip_all)]
    async fn list(&self, user: UserId) -> Result<Vec<Passkey>, Unavailable> {
        self.retried(|| async {
            let list = Entity::find().filter(of(user)).order_by_asc(Column::MadeAt).order_by_asc(Column::Id);
            list.all(&self.reader).await?.into_iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "passkeys.add", skip_all)]
    async fn add(
        &self,
        passkey: &Passkey,
        most: u32,
        event: &AuditEvent,
    ) -> Result<AddedPasskey, Unavailable> {
        self.retried(|| add(self, passkey, most, event)).await
    }

    #[tracing::instrument(name = "passkeys.record_use", skip_all)]
    async fn record_use(&self, id: &CredentialId, used: &PasskeyUse) -> Result<UsedPasskey, Unavailable> {
        self.retried(|| async {
            let count = i64::from(used.sign_count);
            // One statement: of two with the same count, the second finds the count of the first.
            let grows = Condition::any().add(Column::SignCount.lt(count));
            let grows = if count == 0 { grows.add(Column::SignCount.eq(0)) } else { grows };
            let recorded = Entity::update_many()
                .col_expr(Column::SignCount, Expr::val(count))
                .col_expr(Column::BackedUp, Expr::val(used.is_backed_up))
                .col_expr(Column::UsedAt, Expr::val(micros(used.at)))
                .filter(Column::Id.eq(id.as_bytes().to_vec()))
                .filter(grows);
            if recorded.exec(&self.writer).await?.rows_affected == 1 {
                return Ok(UsedPasskey::Accepted);
            }
            let is_known = Entity::find_by_id(id.as_bytes().to_vec()).count(&self.writer).await? > 0;
            Ok(if is_known { UsedPasskey::Copied } else { UsedPasskey::Unknown })
        })
        .await
    }

    #[tracing::instrument(name = "passkeys.rename", skip_all)]
    async fn rename(
        &self,
        user: UserId,
        id: &CredentialId,
        name: &PasskeyName,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            let renamed = Entity::update_many()
                .col_expr(Column::Name, Expr::val(name.as_str()))
                .filter(of(user).add(Column::Id.eq(id.as_bytes().to_vec())));
            let renamed = renamed.exec(&transaction).await?.rows_affected == 1;
            audit_trail::finish(transaction, renamed, event).await
        })
        .await
    }

    #[tracing::instrument(name = "passkeys.remove", skip_all)]
    async fn remove(
        &self,
        user: UserId,
        id: &CredentialId,
        event: &AuditEvent,
    ) -> Result<RemovedPasskey, Unavailable> {
        self.retried(|| remove(self, user, id, event)).await
    }
}

async fn add(
    database: &Database,
    passkey: &Passkey,
    most: u32,
    event: &AuditEvent,
) -> Result<AddedPasskey, Fault> {
    let transaction = database.begin().await?;
    // The lock makes concurrent calls for one user wait for each other.
    if second_factors::locked(&transaction, passkey.user).await?.is_none() {
        transaction.rollback().await?;
        return Ok(AddedPasskey::Unknown);
    }
    // The transaction that inserts the row is the first one with this id.
    let rows = Entity::insert(to_row(passkey))
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(&transaction)
        .await?;
    if rows == 0 {
        transaction.rollback().await?;
        return Ok(AddedPasskey::Taken);
    }
    if Entity::find().filter(of(passkey.user)).count(&transaction).await? > u64::from(most) {
        transaction.rollback().await?;
        return Ok(AddedPasskey::TooMany);
    }
    let added =
        SignInEvent::caused_by(event, passkey.user, SignInKind::PasskeyAdded, &passkey.id.to_string());
    sign_in_events::keep(&transaction, &added).await?;
    audit_trail::finish(transaction, true, event).await?;
    Ok(AddedPasskey::Done)
}

async fn remove(
    database: &Database,
    user: UserId,
    id: &CredentialId,
    event: &AuditEvent,
) -> Result<RemovedPasskey, Fault> {
    let transaction = database.begin().await?;
    // The lock makes concurrent calls for one user wait for each other.
    let row = user::Entity::find_by_id(user.as_uuid()).lock_exclusive().one(&transaction).await?;
    let theirs = of(user).add(Column::Id.eq(id.as_bytes().to_vec()));
    let removed = Entity::delete_many().filter(theirs).exec(&transaction).await?.rows_affected == 1;
    let has_another = Entity::find().filter(of(user)).count(&transaction).await? > 0;
    let has_password = row.is_some_and(|row| row.password_hash.is_some());
    if !removed || !(has_another || has_password) {
        transaction.rollback().await?;
        return Ok(if removed { RemovedPasskey::LastWayIn } else { RemovedPasskey::Unknown });
    }
    second_factors::end_codes_without_factor(&transaction, user).await?;
    let gone = SignInEvent::caused_by(event, user, SignInKind::PasskeyRemoved, &id.to_string());
    sign_in_events::keep(&transaction, &gone).await?;
    audit_trail::finish(transaction, true, event).await?;
    Ok(RemovedPasskey::Done)
}

fn of(user: UserId) -> Condition {
    Condition::all().add(Column::UserId.eq(user.as_uuid()))
}

fn to_row(passkey: &Passkey) -> ActiveModel {
    ActiveModel {
        id: Set(passkey.id.as_bytes().to_vec()),
        user_id: Set(passkey.user.as_uuid()),
        name: Set(passkey.name.as_str().to_owned()),
        credential: Set(passkey.credential.clone()),
        sign_count: Set(i64::from(passkey.sign_count)),
        syncable: Set(passkey.is_syncable),
        backed_up: Set(passkey.is_backed_up),
        on_security_key: Set(passkey.is_on_security_key),
        made_at: Set(micros(passkey.made_at)),
        used_at: Set(passkey.used_at.map(micros)),
    }
}

fn from_row(row: Model) -> Result<Passkey, Fault> {
    Ok(Passkey {
        id: row.id.try_into().map_err(|_| Fault::Corrupt("a credential id"))?,
        user: row.user_id.into(),
        name: parse(&row.name, "the name of a passkey")?,
        credential: row.credential,
        sign_count: row.sign_count.try_into().map_err(|_| Fault::Corrupt("the count of a passkey"))?,
        is_syncable: row.syncable,
        is_backed_up: row.backed_up,
        is_on_security_key: row.on_security_key,
        made_at: instant(row.made_at)?,
        used_at: optional_instant(row.used_at)?,
    })
}
