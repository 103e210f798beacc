//! A new password, which its person chooses.

use domain::letter::Message;
use domain::{AuditEvent, Secret};

use super::{OwnAccount, author, unexpected};
use crate::error::Error;
use crate::port::{ChangedUser, SessionsAfterPassword, SignedIn, UserChange};
use crate::users::UserAdministrationError;
use crate::users::password_rule::{Owner, WeakPassword, judge};

/// What becomes of the other devices of a person who chooses a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherDevices {
    /// The person is signed out on them, and applications lose their access.
    SignOut,
    /// They stay signed in.
    Keep,
}

impl OwnAccount {
    /// Sets the password of the person, for a request from `address`, and tells them by mail. This session goes on.
    ///
    /// The outer result is a failure of the server; the inner one says why the password is too weak. Then the old one still works.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn change_password(
        &self,
        visitor: &SignedIn,
        password: &Secret,
        others: OtherDevices,
        address: &str,
    ) -> Result<Result<(), WeakPassword>, Error> {
        let SignedIn { user, session } = visitor;
        let password = match judge(password, &Owner::from(user), &self.context.settings) {
            Ok(password) => password,
            Err(weak) => return Ok(Err(weak)),
        };
        let hash = self.users.passwords.hash(password.expose()).await?;
        let at = self.context.now();
        let mut event = AuditEvent::new(at, author(user, address), "user.set-password", &user.id);
        if let Some(mail) = &self.users.mail {
            let notice = Message::PasswordChanged { at, address: Some(address.to_owned()) };
            mail.notify(user, notice, &mut event)?;
        }
        let sessions = match others {
            OtherDevices::SignOut => SessionsAfterPassword::EndAllBut(session.id),
            OtherDevices::Keep => SessionsAfterPassword::Keep,
        };
        let change = UserChange::OwnPassword { hash, sessions };
        let changed = self.users.users.change(user.id, &change, at, &event).await?;
        self.sessions.logout_signal.send();
        match changed {
            ChangedUser::Done => Ok(Ok(())),
            ChangedUser::Unknown | ChangedUser::LastAdministrator => {
                Err(unexpected(UserAdministrationError::Unknown))
            }
        }
    }
}
