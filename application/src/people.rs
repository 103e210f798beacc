//! Administering users.

use std::sync::Arc;

use domain::claims::ProfileClaims;
use domain::user::Username;
use domain::{Actor, AuditEvent, Secret, User, UserId};

use crate::client_auth::unavailable;
use crate::error::Error;
use crate::password_rule::{self, WeakPassword};
use crate::port::{Clock, Entropy, InsertedUser, Passwords, UserChange, Users};

/// Administers users.
pub struct People {
    /// Where they are kept.
    pub users: Arc<dyn Users>,
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
pub enum PeopleError {
    /// The name is taken.
    #[error("a user with the name {0} exists already")]
    UsernameTaken(String),
    /// There is no such user.
    #[error("there is no such user")]
    Unknown,
    /// The password cannot be set.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// A store or the hashing did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl People {
    /// Creates a user.
    ///
    /// # Errors
    /// [`PeopleError`]; then nobody is created.
    pub async fn create(&self, new: NewUser, actor: Actor) -> Result<User, PeopleError> {
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
            InsertedUser::UsernameTaken => Err(PeopleError::UsernameTaken(user.username.as_str().to_owned())),
        }
    }

    /// The user of this name.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] if there is none.
    pub async fn named(&self, username: &Username) -> Result<User, PeopleError> {
        self.users.find_by_username(username).await.map_err(Error::from)?.ok_or(PeopleError::Unknown)
    }

    /// Sets a password.
    ///
    /// # Errors
    /// [`PeopleError`]; then the old one still works.
    pub async fn set_password(
        &self,
        user: &User,
        password: &Secret,
        actor: Actor,
    ) -> Result<(), PeopleError> {
        password_rule::check(password.expose(), user.username.as_str())?;
        let hash = self.passwords.hash(password.expose()).await.map_err(unavailable)?;
        self.change(user.id, &UserChange::Password(hash), "user.set-password", actor).await
    }

    /// Replaces the profile claims.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] if the user is gone.
    pub async fn set_claims(
        &self,
        id: UserId,
        claims: ProfileClaims,
        actor: Actor,
    ) -> Result<(), PeopleError> {
        self.change(id, &UserChange::Claims(claims), "user.set-claims", actor).await
    }

    /// Disables a user: they are signed out everywhere, and nothing they granted works. Or enables them again.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] if the user is gone.
    pub async fn set_enabled(&self, id: UserId, enabled: bool, actor: Actor) -> Result<(), PeopleError> {
        let (change, action) =
            if enabled { (UserChange::Enable, "user.enable") } else { (UserChange::Disable, "user.disable") };
        self.change(id, &change, action, actor).await
    }

    /// Removes a user with everything they granted.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] if there is none.
    pub async fn delete(&self, id: UserId, actor: Actor) -> Result<(), PeopleError> {
        let event = AuditEvent::new(self.clock.now(), actor, "user.delete", &id);
        let deleted = self.users.delete(id, &event).await.map_err(Error::from)?;
        if deleted { Ok(()) } else { Err(PeopleError::Unknown) }
    }

    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        action: &str,
        actor: Actor,
    ) -> Result<(), PeopleError> {
        let now = self.clock.now();
        let event = AuditEvent::new(now, actor, action, &id);
        let changed = self.users.change(id, change, now, &event).await.map_err(Error::from)?;
        if changed { Ok(()) } else { Err(PeopleError::Unknown) }
    }
}
