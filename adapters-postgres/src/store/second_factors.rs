//! The second factors of users: authenticator apps and recovery codes.

use application::port::{EnrolledApp, SecondFactors, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    AuditEvent, AuthenticatorApp, Digest, Incarnation, SignInEvent, SignInKind, User, UserFactors, UserId,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set,
};

use crate::column::{bytes, instant, micros, optional_instant};
use crate::entity::authenticator_app::{ActiveModel, Column, Entity, Model};
use crate::entity::{passkey, recovery_code, user};
use crate::fault::Fault;
use crate::store::{audit_trail, sign_in_events, users};
use crate::{Database, locks};

#[async_trait]
impl SecondFactors for Database {
    #[tracing::instrument(name = "second_factors.find", skip_all)]
    async fn find(&self, user: UserId) -> Result<UserFactors, Unavailable> {
        self.retried(|| async {
            let passkeys = passkey::Entity::find().filter(passkey::Column::UserId.eq(user.as_uuid()));
            // At once: a login waits for them.
            let (app, passkeys) = tokio::join!(
                Entity::find_by_id(user.as_uuid()).one(&self.reader),
                passkeys.count(&self.reader)
            );
            let (app, passkeys) = (app?, passkeys?);
            // Most users have no factor, and then no codes.
            let recovery_codes = if app.is_some() || passkeys > 0 {
                recovery_code::Entity::find().filter(codes_of(user)).count(&self.reader).await?
            } else {
                0
            };
            let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            let app = app.map(from_row).transpose()?;
            Ok(UserFactors { passkeys: number(passkeys), app, recovery_codes: number(recovery_codes) })
        })
        .await
    }

    #[tracing::instrument(name = "second_factors.enrol_app", skip_all)]
    async fn enrol_app(
        &self,
        user: UserId,
        app: &AuthenticatorApp,
        recovery_codes: &[Digest],
        event: &AuditEvent,
    ) -> Result<EnrolledApp, Unavailable> {
        self.retried(|| enrol_app(self, user, app, recovery_codes, event)).await
    }

    #[tracing::instrument(name = "second_factors.accept_step", skip_all)]
    async fn accept_step(
        &self,
        user: UserId,
        app: Incarnation,
        step: i64,
        now: DateTime<Utc>,
    ) -> Result<bool, Unavailable> {
        self.retried(|| async {
            // One statement: of two with the same step, the second finds the step of the first.
            let accepted = Entity::update_many()
                .col_expr(Column::LastStep, Expr::val(step))
                .col_expr(Column::UsedAt, Expr::val(micros(now)))
                .filter(Column::UserId.eq(user.as_uuid()))
                .filter(Column::Incarnation.eq(app.as_uuid()))
                .filter(Column::LastStep.lt(step));
            Ok(accepted.exec(&self.writer).await?.rows_affected == 1)
        })
        .await
    }

    #[tracing::instrument(name = "second_factors.redeem_recovery_code", skip_all)]
    async fn redeem_recovery_code(
        &self,
        user: UserId,
        code: Digest,
        event: &SignInEvent,
    ) -> Result<bool, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            if locks::user(&transaction, user).await?.is_none() {
                transaction.rollback().await?;
                return Ok(false);
            }
            // The call that deletes the row is the first one.
            let this = codes_of(user).add(recovery_code::Column::Digest.eq(bytes(&code)));
            let spent = recovery_code::Entity::delete_many().filter(this).exec(&transaction).await?;
            if spent.rows_affected == 0 {
                transaction.rollback().await?;
                return Ok(false);
            }
            sign_in_events::keep(&transaction, event).await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    #[tracing::instrument(name = "second_factors.replace_recovery_codes", skip_all)]
    async fn replace_recovery_codes(
        &self,
        user: UserId,
        codes: &[Digest],
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            let has_factor =
                locked(&transaction, user).await?.is_some() && has_factor(&transaction, user).await?;
            if has_factor {
                replace_codes(&transaction, user, codes).await?;
            }
            audit_trail::finish(transaction, has_factor, event).await
        })
        .await
    }

    #[tracing::instrument(name = "second_factors.remove_app", skip_all)]
    async fn remove_app(&self, user: UserId, event: &AuditEvent) -> Result<bool, Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            // The lock makes concurrent calls for one user wait for each other.
            user::Entity::find_by_id(user.as_uuid()).lock_exclusive().one(&transaction).await?;
            let removed = Entity::delete_by_id(user.as_uuid()).exec(&transaction).await?.rows_affected == 1;
            if removed {
                end_codes_without_factor(&transaction, user).await?;
                let gone = SignInEvent::caused_by(event, user, SignInKind::FactorRemoved, "");
                sign_in_events::keep(&transaction, &gone).await?;
            }
            audit_trail::finish(transaction, removed, event).await
        })
        .await
    }

    #[tracing::instrument(name = "second_factors.remove_all", skip_all)]
    async fn remove_all(&self, user: UserId, event: &AuditEvent) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let transaction = database.begin().await?;
                // A disabled user may lose their factors too.
                let known = user::Entity::find_by_id(user.as_uuid()).lock_exclusive();
                let known = known.one(&transaction).await?.is_some();
                let removed =
                    if known { users::end::factors_of(&transaction, user).await? } else { Vec::new() };
                for kind in &removed {
                    let gone = SignInEvent::caused_by(event, user, *kind, "");
                    sign_in_events::keep(&transaction, &gone).await?;
                }
                audit_trail::finish(transaction, !removed.is_empty(), event).await
            })
            .await
    }
}

async fn enrol_app(
    database: &Database,
    user: UserId,
    app: &AuthenticatorApp,
    recovery_codes: &[Digest],
    event: &AuditEvent,
) -> Result<EnrolledApp, Fault> {
    let transaction = database.begin().await?;
    // The lock makes concurrent calls for one user wait for each other.
    let refused = match locked(&transaction, user).await? {
        None => Some(EnrolledApp::Unknown),
        Some(_) => Entity::find_by_id(user.as_uuid()).one(&transaction).await?.map(|before| {
            let is_same = before.incarnation == app.incarnation.as_uuid();
            if is_same { EnrolledApp::Again } else { EnrolledApp::HasApp }
        }),
    };
    if let Some(refused) = refused {
        transaction.rollback().await?;
        return Ok(refused);
    }
    let row = ActiveModel {
        user_id: Set(user.as_uuid()),
        incarnation: Set(app.incarnation.as_uuid()),
        sealed: Set(app.sealed_secret.clone()),
        last_step: Set(app.last_step),
        enrolled_at: Set(micros(app.enrolled_at)),
        used_at: Set(app.used_at.map(micros)),
    };
    Entity::insert(row).exec_without_returning(&transaction).await?;
    replace_codes(&transaction, user, recovery_codes).await?;
    let added = SignInEvent::caused_by(event, user, SignInKind::FactorAdded, "");
    sign_in_events::keep(&transaction, &added).await?;
    audit_trail::finish(transaction, true, event).await?;
    Ok(EnrolledApp::Done)
}

/// The user, if they may sign in. Their row is locked until the transaction ends.
pub(super) async fn locked(transaction: &DatabaseTransaction, user: UserId) -> Result<Option<User>, Fault> {
    let row = user::Entity::find_by_id(user.as_uuid()).lock_exclusive().one(transaction).await?;
    Ok(row.map(users::from_row).transpose()?.filter(User::is_enabled))
}

async fn has_factor(transaction: &DatabaseTransaction, user: UserId) -> Result<bool, Fault> {
    let passkeys = passkey::Entity::find().filter(passkey::Column::UserId.eq(user.as_uuid()));
    Ok(Entity::find_by_id(user.as_uuid()).one(transaction).await?.is_some()
        || passkeys.count(transaction).await? > 0)
}

/// Ends the recovery codes of a user, whose row the transaction has locked, if they have no factor any more.
pub(super) async fn end_codes_without_factor(
    transaction: &DatabaseTransaction,
    user: UserId,
) -> Result<(), Fault> {
    if !has_factor(transaction, user).await? {
        replace_codes(transaction, user, &[]).await?;
    }
    Ok(())
}

async fn replace_codes(
    transaction: &DatabaseTransaction,
    user: UserId,
    codes: &[Digest],
) -> Result<(), Fault> {
    recovery_code::Entity::delete_many().filter(codes_of(user)).exec(transaction).await?;
    let rows: Vec<_> = codes
        .iter()
        .map(|code| recovery_code::ActiveModel { user_id: Set(user.as_uuid()), digest: Set(bytes(code)) })
        .collect();
    if !rows.is_empty() {
        recovery_code::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    }
    Ok(())
}

fn codes_of(user: UserId) -> Condition {
    Condition::all().add(recovery_code::Column::UserId.eq(user.as_uuid()))
}

fn from_row(row: Model) -> Result<AuthenticatorApp, Fault> {
    Ok(AuthenticatorApp {
        incarnation: row.incarnation.into(),
        sealed_secret: row.sealed,
        last_step: row.last_step,
        enrolled_at: instant(row.enrolled_at)?,
        used_at: optional_instant(row.used_at)?,
    })
}
