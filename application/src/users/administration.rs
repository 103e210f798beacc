//! Creating, changing, disabling and deleting users.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::letter::Message;
use domain::{AuditEvent, Author, Changes, Secret, SignInName, User, UserId};
use serde_json::{Map, Value};

use super::account::NewUser;
use super::error::UserAdministrationError;
use super::mail::MailWriter;
use super::password_rule::{Owner, judge};
use crate::context::Context;
use crate::error::Error;
use crate::port::{
    AmendedUser, Authorizations, ChangedUser, Clients, Consents, InsertedUser, Passwords, Sessions,
    SignInEvents, UserChange, Users,
};

/// How often a change is tried while other requests change the same user.
const MAX_ATTEMPTS: usize = 16;

/// Administers users.
pub struct UserAdministration {
    /// The users.
    pub users: Arc<dyn Users>,
    /// Their sessions.
    pub sessions: Arc<dyn Sessions>,
    /// Their consents.
    pub consents: Arc<dyn Consents>,
    /// What they granted.
    pub authorizations: Arc<dyn Authorizations>,
    /// The clients that they granted it to.
    pub clients: Arc<dyn Clients>,
    /// Their sign-in history.
    pub events: Arc<dyn SignInEvents>,
    /// Hashes passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Writes mails, if mail is set up.
    pub mail: Option<Arc<MailWriter>>,
    /// The clock, and entropy for ids.
    pub context: Context,
}

impl UserAdministration {
    /// Creates a user.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then no user is created.
    pub async fn create(
        &self,
        new: NewUser,
        author: impl Into<Author> + Send,
    ) -> Result<User, UserAdministrationError> {
        let password = match &new.password {
            Some(password) => {
                let owner = Owner { username: &new.username, claims: &new.claims };
                let password = judge(password, &owner, &self.context.settings)?;
                Some(self.passwords.hash(password.expose()).await.map_err(Error::from)?)
            }
            None => None,
        };
        let now = self.context.now();
        let user = User {
            id: UserId::from_random(self.context.entropy.bytes()),
            username: new.username,
            password,
            claims: new.claims,
            administrator: new.administrator,
            disabled_at: None,
            unlocked_at: None,
            created_at: now,
            updated_at: now,
        };
        let event = AuditEvent::new(now, author, "user.create", &user.id);
        let event = event.with_changes(Changes::new_object(&members(&user)));
        match self.users.insert(&user, &event).await.map_err(Error::from)? {
            InsertedUser::Done => {
                self.warn_about_claims(&user);
                Ok(user)
            }
            InsertedUser::UsernameTaken => Err(username_taken(&user)),
            InsertedUser::EmailTaken => Err(email_taken(&user)),
        }
    }

    /// Finds the user with this user name or e-mail address.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn find_by_sign_in_name(&self, name: &SignInName) -> Result<User, UserAdministrationError> {
        self.users
            .find_by_sign_in_name(name)
            .await
            .map_err(Error::from)?
            .ok_or(UserAdministrationError::Unknown)
    }

    /// Sets a password, and tells the user by mail.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then the old one still works.
    pub async fn set_password(
        &self,
        user: &User,
        password: &Secret,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        let password = judge(password, &Owner::from(user), &self.context.settings)?;
        let hash = self.passwords.hash(password.expose()).await.map_err(Error::from)?;
        let at = self.context.now();
        let mut event = AuditEvent::new(at, author, "user.set-password", &user.id);
        if let Some(mail) = &self.mail {
            mail.notify(user, Message::PasswordChanged { at, address: None }, &mut event)?;
        }
        let change = UserChange::Password(hash);
        require_changed(self.users.change(user.id, &change, at, &event).await.map_err(Error::from)?)
    }

    /// Finds the user with this id.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn find(&self, id: UserId) -> Result<User, UserAdministrationError> {
        self.users.find(id).await.map_err(Error::from)?.ok_or(UserAdministrationError::Unknown)
    }

    /// Lists up to `limit` users in the order of their ids, from the one after `after` on.
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

    /// Changes a user's name, claims and administrator right as `change` does; the rest stays. Concurrent changes are not
    /// lost: `change` is called again if another request changed the user first.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then nothing is changed.
    pub async fn update(
        &self,
        id: UserId,
        change: impl Fn(&mut User) -> Result<(), UserAdministrationError> + Send + Sync,
        author: impl Into<Author> + Send,
    ) -> Result<User, UserAdministrationError> {
        let author = author.into();
        for _ in 0..MAX_ATTEMPTS {
            let before = self.find(id).await?;
            let mut changed = before.clone();
            change(&mut changed)?;
            let mut after = User {
                username: changed.username,
                claims: changed.claims,
                administrator: changed.administrator,
                ..before.clone()
            };
            if after == before {
                return Ok(before);
            }
            let now = self.context.now();
            after.updated_at = now;
            let action = match (before.administrator, after.administrator) {
                (false, true) => "user.promote",
                (true, false) => "user.demote",
                (true, true) | (false, false) => "user.update",
            };
            let mut event = AuditEvent::new(now, author.clone(), action, &id)
                .with_changes(Changes::between(&members(&before), &members(&after)));
            if let Some(mail) = self.mail.as_ref().filter(|_| before.email() != after.email()) {
                mail.notify(&before, Message::EmailChanged { at: now, address: None }, &mut event)?;
            }
            match self.users.amend(&before, &after, &event).await.map_err(Error::from)? {
                AmendedUser::Done => {
                    if after.claims != before.claims {
                        self.warn_about_claims(&after);
                    }
                    return Ok(after);
                }
                AmendedUser::Stale => {}
                AmendedUser::UsernameTaken => return Err(username_taken(&after)),
                AmendedUser::EmailTaken => return Err(email_taken(&after)),
                AmendedUser::LastAdministrator => return Err(UserAdministrationError::LastAdministrator),
            }
        }
        Err(UserAdministrationError::Contended)
    }

    /// Disables or enables a user. A disabled user is signed out everywhere, and everything the user granted is revoked.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn set_enabled(
        &self,
        id: UserId,
        enabled: bool,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        let (change, action) =
            if enabled { (UserChange::Enable, "user.enable") } else { (UserChange::Disable, "user.disable") };
        self.change(id, &change, action, author).await
    }

    /// Ends every lockout of a user: the failures so far count no more, of strangers, of known browsers and of applications.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn unlock(
        &self,
        id: UserId,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        self.change(id, &UserChange::Unlock, "user.unlock", author).await
    }

    /// Deletes a user with everything the user granted.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is none.
    pub async fn delete(
        &self,
        id: UserId,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        let event = AuditEvent::new(self.context.now(), author, "user.delete", &id);
        require_changed(self.users.delete(id, &event).await.map_err(Error::from)?)
    }

    /// A claim that no scope opens is valid, but no application sees it: perhaps its name is mistyped.
    fn warn_about_claims(&self, user: &User) {
        let opened: BTreeSet<_> = self.context.settings.declared_scopes.claims().collect();
        for claim in user.claims.custom().filter(|name| !opened.contains(name)) {
            tracing::warn!(
                user_id = %user.id,
                claim,
                "no application sees this claim of the user, because no scope opens it; name it in the claims of a scope in the \
                 configuration ([scopes.NAME])"
            );
        }
    }

    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        action: &str,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        let now = self.context.now();
        let event = AuditEvent::new(now, author, action, &id);
        require_changed(self.users.change(id, change, now, &event).await.map_err(Error::from)?)
    }
}

/// What an administrator sees of a user, for the audit trail. The password is not part of it.
pub(super) fn members(user: &User) -> Map<String, Value> {
    let mut members = user.claims.as_map().clone();
    members.insert("username".to_owned(), user.username.as_str().into());
    members.insert("admin".to_owned(), user.administrator.into());
    members
}

fn username_taken(user: &User) -> UserAdministrationError {
    UserAdministrationError::UsernameTaken(user.username.as_str().to_owned())
}

fn email_taken(user: &User) -> UserAdministrationError {
    let email = user.email_address().map(|address| address.to_text());
    UserAdministrationError::EmailTaken(email.unwrap_or_default())
}

const fn require_changed(changed: ChangedUser) -> Result<(), UserAdministrationError> {
    match changed {
        ChangedUser::Done => Ok(()),
        ChangedUser::Unknown => Err(UserAdministrationError::Unknown),
        ChangedUser::LastAdministrator => Err(UserAdministrationError::LastAdministrator),
    }
}
