//! One-time links: invitations, new passwords, changes of e-mail addresses.

use application::port::{IssuedLink, LinkUse, OneTimeLinks, Unavailable, UsedLink};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Digest, LinkKind, LinkPurpose, OneTimeLink, SignInEvent, User, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set,
};

use crate::Database;
use crate::column::{bytes, digest as digest_of, instant, json, micros};
use crate::entity::one_time_link::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::fault::Fault;
use crate::store::{audit_trail, sign_in_events, users};

#[async_trait]
impl OneTimeLinks for Database {
    #[tracing::instrument(name = "one_time_links.issue", skip_all)]
    async fn issue(
        &self,
        link: &OneTimeLink,
        email: Option<&str>,
        event: &AuditEvent,
    ) -> Result<IssuedLink, Unavailable> {
        self.retried(|| issue(self, link, email, event)).await
    }

    #[tracing::instrument(name = "one_time_links.find", skip_all)]
    async fn find(
        &self,
        digest: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<(OneTimeLink, User)>, Unavailable> {
        self.answered(
            async {
                let Some(link) = live(&self.reader, digest, now).await? else {
                    return Ok(None);
                };
                let user = user::Entity::find_by_id(link.user.as_uuid()).one(&self.reader).await?;
                let user = user.map(users::from_row).transpose()?.filter(User::is_enabled);
                Ok(user.map(|user| (link, user)))
            }
            .await,
        )
    }

    #[tracing::instrument(name = "one_time_links.redeem", skip_all)]
    async fn redeem(
        &self,
        digest: Digest,
        with: &LinkUse,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<UsedLink, Unavailable> {
        let database = self.protecting();
        database.retried(|| redeem(&database, digest, with, now, event)).await
    }
}

async fn issue(
    database: &Database,
    link: &OneTimeLink,
    email: Option<&str>,
    event: &AuditEvent,
) -> Result<IssuedLink, Fault> {
    let transaction = database.begin().await?;
    let kind = link.purpose.kind();
    let user = locked(&transaction, link.user).await?;
    let refused = match &user {
        None => Some(IssuedLink::Unknown),
        Some(user) if user.email() != email => Some(IssuedLink::AddressChanged),
        Some(user) => {
            (kind == LinkKind::Invitation && user.password.is_some()).then_some(IssuedLink::HasPassword)
        }
    };
    if let Some(refused) = refused {
        transaction.rollback().await?;
        return Ok(refused);
    }
    let email = match &link.purpose {
        LinkPurpose::EmailChange(email) => Some(email.clone()),
        LinkPurpose::Invitation | LinkPurpose::PasswordReset => None,
    };
    let row = ActiveModel {
        user_id: Set(link.user.as_uuid()),
        kind: Set(kind.as_str().to_owned()),
        digest: Set(bytes(&link.digest)),
        email: Set(email),
        expires_at: Set(micros(link.expires_at)),
    };
    let mut in_place = OnConflict::columns([Column::UserId, Column::Kind]);
    in_place.update_columns([Column::Digest, Column::Email, Column::ExpiresAt]);
    Entity::insert(row).on_conflict(in_place).exec_without_returning(&transaction).await?;
    audit_trail::finish(transaction, true, event).await?;
    Ok(IssuedLink::Done)
}

async fn redeem(
    database: &Database,
    digest: Digest,
    with: &LinkUse,
    now: DateTime<Utc>,
    event: &AuditEvent,
) -> Result<UsedLink, Fault> {
    let transaction = database.begin().await?;
    let user = spend(&transaction, digest, with, now).await?;
    if let Some(user) = user {
        for used in SignInEvent::of_link(event, user, with.password()) {
            sign_in_events::keep(&transaction, &used).await?;
        }
    }
    let done = audit_trail::finish(transaction, user.is_some(), event).await?;
    Ok(if done { UsedLink::Done } else { UsedLink::Invalid })
}

/// Spends the link and changes its user, who is returned; none if it does not work, or is for something else.
async fn spend(
    transaction: &DatabaseTransaction,
    digest: Digest,
    with: &LinkUse,
    now: DateTime<Utc>,
) -> Result<Option<UserId>, Fault> {
    let Some(seen) = live(transaction, digest, now).await? else {
        return Ok(None);
    };
    // The user first, as in every change of a user, so that there is no deadlock.
    let Some(user) = locked(transaction, seen.user).await? else {
        return Ok(None);
    };
    // Another call may have spent it, or issued another link, before the row of the user was locked.
    if live(transaction, digest, now).await?.as_ref() != Some(&seen) {
        return Ok(None);
    }
    match (&seen.purpose, with) {
        (LinkPurpose::Invitation | LinkPurpose::PasswordReset, LinkUse::Password(hash)) => {
            users::end::by_password(transaction, user.id, hash, now).await?;
        }
        (LinkPurpose::EmailChange(email), LinkUse::Email) => {
            let changed = user.with_verified_email(email).map_err(|_| Fault::Corrupt("an e-mail address"))?;
            if users::names::replace(transaction, user.id, &user, &changed).await?.is_some() {
                return Ok(None);
            }
            let row = user::ActiveModel {
                claims: Set(json(&changed.claims)?),
                updated_at: Set(micros(now)),
                ..user::ActiveModel::default()
            };
            let theirs = user::Column::Id.eq(user.id.as_uuid());
            user::Entity::update_many().set(row).filter(theirs).exec(transaction).await?;
            users::end::links_of(transaction, user.id.as_uuid()).await?;
        }
        (_, LinkUse::Password(_) | LinkUse::Email) => return Ok(None),
    }
    Ok(Some(user.id))
}

/// The user with this id, if they may sign in. Their row is locked until the transaction ends.
async fn locked(transaction: &DatabaseTransaction, id: UserId) -> Result<Option<User>, Fault> {
    let row = user::Entity::find_by_id(id.as_uuid()).lock_exclusive().one(transaction).await?;
    Ok(row.map(users::from_row).transpose()?.filter(User::is_enabled))
}

async fn live(
    connection: &impl ConnectionTrait,
    digest: Digest,
    now: DateTime<Utc>,
) -> Result<Option<OneTimeLink>, Fault> {
    let found =
        Entity::find().filter(Column::Digest.eq(bytes(&digest))).filter(Column::ExpiresAt.gt(micros(now)));
    found.one(connection).await?.map(from_row).transpose()
}

fn from_row(row: Model) -> Result<OneTimeLink, Fault> {
    const CORRUPT: Fault = Fault::Corrupt("a one-time link");
    let purpose = match (LinkKind::find(&row.kind).ok_or(CORRUPT)?, row.email) {
        (LinkKind::Invitation, None) => LinkPurpose::Invitation,
        (LinkKind::PasswordReset, None) => LinkPurpose::PasswordReset,
        (LinkKind::EmailChange, Some(email)) => LinkPurpose::EmailChange(email),
        (LinkKind::Invitation | LinkKind::PasswordReset, Some(_)) | (LinkKind::EmailChange, None) => {
            return Err(CORRUPT);
        }
    };
    Ok(OneTimeLink {
        digest: digest_of(&row.digest)?,
        user: row.user_id.into(),
        purpose,
        expires_at: instant(row.expires_at)?,
    })
}
