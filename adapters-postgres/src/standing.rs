//! When what a user granted still stands: the one rule behind introspection, refreshing and every access check.

use chrono::{DateTime, Utc};
use domain::AuthorizationId;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, RelationDef,
};

use crate::column::{after, micros};
use crate::entity::{authorization, client, session, user};

/// Joins what [`stands`] looks at. A row that is missing does not drop the authorization.
pub(crate) fn with_parties<Q: QuerySelect>(query: Q) -> Q {
    query
        .join(JoinType::LeftJoin, its_user())
        .join(JoinType::LeftJoin, its_client())
        .join(JoinType::LeftJoin, its_session())
}

/// Nothing has revoked the authorization by `now`: not itself, its user, its client or, unless it is
/// offline (OpenID Connect Core §11), its session.
pub(crate) fn stands(now: Expr) -> Condition {
    let session_is_live = Condition::all()
        .add(session::Column::Id.is_not_null())
        .add(session::Column::EndedAt.is_null())
        .add(after(session::Column::ExpiresAt, now.clone()));
    let session_allows = Condition::any()
        .add(authorization::Column::Offline.eq(true))
        .add(authorization::Column::SessionId.is_null())
        .add(session_is_live);
    Condition::all()
        .add(authorization::Column::Recorded.eq(true))
        .add(authorization::Column::RevokedAt.is_null())
        .add(after(authorization::Column::ExpiresAt, now))
        .add(user::Column::Id.is_not_null())
        .add(user::Column::DisabledAt.is_null())
        .add(client::Column::Id.is_not_null())
        .add(client::Column::DisabledAt.is_null())
        .add(session_allows)
}

/// Selects something if that authorization stands, to guard a statement with.
pub(crate) fn standing_authorization(id: AuthorizationId, now: DateTime<Utc>) -> SelectStatement {
    with_parties(authorization::Entity::find_by_id(id.as_uuid()).select_only())
        .expr(Expr::val(1))
        .filter(stands(micros(now).into()))
        .into_query()
}

fn its_user() -> RelationDef {
    authorization::Entity::belongs_to(user::Entity)
        .from(authorization::Column::UserId)
        .to(user::Column::Id)
        .into()
}

fn its_client() -> RelationDef {
    authorization::Entity::belongs_to(client::Entity)
        .from(authorization::Column::ClientId)
        .to(client::Column::Id)
        .into()
}

fn its_session() -> RelationDef {
    authorization::Entity::belongs_to(session::Entity)
        .from(authorization::Column::SessionId)
        .to(session::Column::Id)
        .into()
}
