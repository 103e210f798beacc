//! Administering users: who they are, where they are signed in, what they agreed to.
//!
//! See docs/decisions/people-and-passwords.md.

mod account;
pub mod password_rule;
mod sessions;
pub mod set_up;
pub mod subject_identifiers;

use std::sync::Arc;

use domain::claims::{InvalidClaim, ProfileClaims};
use domain::user::Username;
use domain::{Actor, AuditEvent, Secret, User, UserId};

use crate::client_auth::unavailable;
use crate::error::Error;
use crate::port::{
    AmendedUser, ChangedUser, Clock, Consents, Entropy, InsertedUser, Passwords, Sessions, UserChange, Users,
};
use crate::users::password_rule::WeakPassword;

pub use account::{Account, AccountDocument, InvalidAccount};

/// How often a change is tried on a user whom others change at the same moment.
const TRIES: usize = 16;

/// Administers users.
pub struct UserAdministration {
    /// Where they are kept.
    pub users: Arc<dyn Users>,
    /// Where they are signed in.
    pub sessions: Arc<dyn Sessions>,
    /// What they agreed to.
    pub consents: Arc<dyn Consents>,
    /// Hashes passwords.
    pub passwords: Arc<dyn Passwords>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For ids.
    pub entropy: Arc<dyn Entropy>,
}

/// A user to be created by an operator.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// What they type to sign in.
    pub username: Username,
    /// Their password; none for somebody who cannot sign in with one yet.
    pub password: Option<Secret>,
    /// Their profile.
    pub claims: ProfileClaims,
    /// May use the administrative side.
    pub administrator: bool,
}

/// Why a user is not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserAdministrationError {
    /// The name is taken.
    #[error("a user with the name {0} exists already")]
    UsernameTaken(String),
    /// There is no such user.
    #[error("there is no such user")]
    Unknown,
    /// They have no such live session.
    #[error("the user has no such session")]
    UnknownSession,
    /// They agreed to nothing with that client.
    #[error("the user has granted nothing to this client")]
    NothingGranted,
    /// Nobody would be left who can administer.
    #[error("this is the last administrator who is enabled; make somebody else one first")]
    LastAdministrator,
    /// Others changed the user again and again in the meantime.
    #[error("the user is being changed by others; try again")]
    Contended,
    /// What was said of them cannot be.
    #[error(transparent)]
    Invalid(#[from] InvalidAccount),
    /// A claim that cannot be kept.
    #[error(transparent)]
    Claim(#[from] InvalidClaim),
    /// The password cannot be set.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// A store or the hashing did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl UserAdministration {
    /// Creates a user.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then nobody is created.
    pub async fn create(&self, new: NewUser, actor: Actor) -> Result<User, UserAdministrationError> {
        let password = match &new.password {
            Some(password) => {
                password_rule::check(password.expose(), new.username.as_str())?;
                Some(self.passwords.hash(password.expose()).await.map_err(unavailable)?)
            }
            None => None,
        };
        let now = self.clock.now();
        let user = User {
            id: UserId::from_random(self.entropy.bytes()),
            username: new.username,
            password,
            claims: new.claims,
            administrator: new.administrator,
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        let event = AuditEvent::new(now, actor, "user.create", &user.id);
        match self.users.insert(&user, &event).await.map_err(Error::from)? {
            InsertedUser::Done => Ok(user),
            InsertedUser::UsernameTaken => {
                Err(UserAdministrationError::UsernameTaken(user.username.as_str().to_owned()))
            }
        }
    }

    /// The user of this name.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn named(&self, username: &Username) -> Result<User, UserAdministrationError> {
        self.users
            .find_by_username(username)
            .await
            .map_err(Error::from)?
            .ok_or(UserAdministrationError::Unknown)
    }

    /// Sets a password.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then the old one still works.
    pub async fn set_password(
        &self,
        user: &User,
        password: &Secret,
        actor: Actor,
    ) -> Result<(), UserAdministrationError> {
        password_rule::check(password.expose(), user.username.as_str())?;
        let hash = self.passwords.hash(password.expose()).await.map_err(unavailable)?;
        self.change(user.id, &UserChange::Password(hash), "user.set-password", actor).await
    }

    /// The user of this id.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn show(&self, id: UserId) -> Result<User, UserAdministrationError> {
        self.users.find(id).await.map_err(Error::from)?.ok_or(UserAdministrationError::Unknown)
    }

    /// Up to `limit` users in the order of their ids, after the one named.
    ///
    /// # Errors
    /// [`UserAdministrationError::Failed`] only.
    pub async fn list(
        &self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, UserAdministrationError> {
        Ok(self.users.list(after, limit).await.map_err(Error::from)?)
    }

    /// Makes of a user's name, claims and administratorship what `change` makes of them; the rest stays. Of changes
    /// made at the same moment none is lost: `change` may be asked again, with the user as they are by then.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then nothing is changed.
    pub async fn update(
        &self,
        id: UserId,
        change: impl Fn(&mut User) -> Result<(), UserAdministrationError> + Send + Sync,
        actor: Actor,
    ) -> Result<User, UserAdministrationError> {
        for _ in 0..TRIES {
            let before = self.show(id).await?;
            let mut asked = before.clone();
            change(&mut asked)?;
            let mut after = User {
                username: asked.username,
                claims: asked.claims,
                administrator: asked.administrator,
                ..before.clone()
            };
            if after == before {
                return Ok(before);
            }
            let now = self.clock.now();
            after.updated_at = now;
            let action = match (before.administrator, after.administrator) {
                (false, true) => "user.promote",
                (true, false) => "user.demote",
                (true, true) | (false, false) => "user.update",
            };
            let event = AuditEvent::new(now, actor.clone(), action, &id);
            match self.users.amend(&before, &after, &event).await.map_err(Error::from)? {
                AmendedUser::Done => return Ok(after),
                AmendedUser::Stale => {}
                AmendedUser::UsernameTaken => {
                    return Err(UserAdministrationError::UsernameTaken(after.username.as_str().to_owned()));
                }
                AmendedUser::LastAdministrator => return Err(UserAdministrationError::LastAdministrator),
            }
        }
        Err(UserAdministrationError::Contended)
    }

    /// Disables a user: they are signed out everywhere, and nothing they granted works. Or enables them again.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if the user is gone.
    pub async fn set_enabled(
        &self,
        id: UserId,
        enabled: bool,
        actor: Actor,
    ) -> Result<(), UserAdministrationError> {
        let (change, action) =
            if enabled { (UserChange::Enable, "user.enable") } else { (UserChange::Disable, "user.disable") };
        self.change(id, &change, action, actor).await
    }

    /// Removes a user with everything they granted.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn delete(&self, id: UserId, actor: Actor) -> Result<(), UserAdministrationError> {
        let event = AuditEvent::new(self.clock.now(), actor, "user.delete", &id);
        done(self.users.delete(id, &event).await.map_err(Error::from)?)
    }

    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        action: &str,
        actor: Actor,
    ) -> Result<(), UserAdministrationError> {
        let now = self.clock.now();
        let event = AuditEvent::new(now, actor, action, &id);
        done(self.users.change(id, change, now, &event).await.map_err(Error::from)?)
    }
}

const fn done(changed: ChangedUser) -> Result<(), UserAdministrationError> {
    match changed {
        ChangedUser::Done => Ok(()),
        ChangedUser::Unknown => Err(UserAdministrationError::Unknown),
        ChangedUser::LastAdministrator => Err(UserAdministrationError::LastAdministrator),
    }
}
