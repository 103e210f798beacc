//! Ends sessions and links, and revokes grants, when a user changes.

use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{SessionId, SignInKind, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use crate::column::micros;
use crate::entity::{authenticator_app, authorization, one_time_link, passkey, recovery_code, session, user};
use crate::fault::Fault;
use crate::store::logout_notices;

/// Sets the password of a user, whose row the transaction has locked, and ends what was there before.
pub(crate) async fn by_password(
    transaction: &DatabaseTransaction,
    id: UserId,
    hash: &PasswordHash,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = user::ActiveModel {
        password_hash: Set(Some(hash.expose().to_owned())),
        ended_before: Set(Some(micros(now))),
        updated_at: Set(micros(now)),
        ..user::ActiveModel::default()
    };
    let theirs = user::Column::Id.eq(id.as_uuid());
    user::Entity::update_many().set(row).filter(theirs).exec(transaction).await?;
    everything_of(transaction, id, None, now).await
}

/// Ends the links and the sessions of a user, and revokes what they granted; not the session `but`, nor what was granted in it.
pub(crate) async fn everything_of(
    transaction: &DatabaseTransaction,
    id: UserId,
    but: Option<SessionId>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    links_of(transaction, id.as_uuid()).await?;
    let mut sessions = sessions_of(id);
    let mut granted = Condition::all().add(authorization::Column::UserId.eq(id.as_uuid()));
    if let Some(but) = but {
        sessions = sessions.add(session::Column::Id.ne(but.as_uuid()));
        let in_no_session = authorization::Column::SessionId.is_null();
        let in_another = authorization::Column::SessionId.ne(but.as_uuid());
        granted = granted.add(Condition::any().add(in_no_session).add(in_another));
    }
    logout_notices::end_sessions(transaction, sessions, now).await?;
    authorization::Entity::update_many()
        .col_expr(authorization::Column::RevokedAt, Expr::val(micros(now)))
        .filter(granted)
        .exec(transaction)
        .await?;
    Ok(())
}

/// Ends every link of a user, whose row the transaction has locked.
pub(crate) async fn links_of(transaction: &DatabaseTransaction, user: Uuid) -> Result<(), Fault> {
    let theirs = one_time_link::Column::UserId.eq(user);
    one_time_link::Entity::delete_many().filter(theirs).exec(transaction).await?;
    Ok(())
}

/// Removes the second factors of a user, whose row the transaction has locked, and tells what that was for their history.
pub(crate) async fn factors_of(
    transaction: &DatabaseTransaction,
    user: UserId,
) -> Result<Vec<SignInKind>, Fault> {
    let theirs = recovery_code::Column::UserId.eq(user.as_uuid());
    let codes = recovery_code::Entity::delete_many().filter(theirs).exec(transaction).await?;
    let theirs = passkey::Column::UserId.eq(user.as_uuid());
    let passkeys = passkey::Entity::delete_many().filter(theirs).exec(transaction).await?;
    let app = authenticator_app::Entity::delete_by_id(user.as_uuid()).exec(transaction).await?;
    let (had_codes, had_passkeys) = (codes.rows_affected > 0, passkeys.rows_affected > 0);
    let had_app = app.rows_affected > 0 || (had_codes && !had_passkeys);
    let app = had_app.then_some(SignInKind::FactorRemoved);
    Ok(app.into_iter().chain(had_passkeys.then_some(SignInKind::PasskeyRemoved)).collect())
}

pub(crate) fn sessions_of(id: UserId) -> Condition {
    Condition::all().add(session::Column::UserId.eq(id.as_uuid()))
}
