//! The second factors of a person: an authenticator app, turned on and off, and recovery codes.
//!
//! The pages are opened only shortly after the person has signed in. See docs/decisions/second-factors.md.

use domain::UserFactors;

use super::{OwnAccount, author};
use crate::error::Error;
use crate::port::SignedIn;
use crate::users::factors::{Confirmed, Enrolment};

impl OwnAccount {
    /// The factors that are turned on.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn factors(&self, visitor: &SignedIn) -> Result<UserFactors, Error> {
        Ok(self.factors.factors.find(visitor.user.id).await?)
    }

    /// An app to turn on: the one that waits in a form with this sealed secret, or a new one.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub fn app_to_turn_on(&self, visitor: &SignedIn, waiting: Option<&str>) -> Result<Enrolment, Error> {
        let reopened =
            waiting.map(|token| self.enrolment.reopen(token, &visitor.user)).transpose()?.flatten();
        reopened.map_or_else(|| self.enrolment.begin(&visitor.user), Ok)
    }

    /// Turns on the app with this sealed secret, if `code` is one of its codes, for a request from `address`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn turn_app_on(
        &self,
        visitor: &SignedIn,
        waiting: &str,
        code: &str,
        address: &str,
    ) -> Result<Confirmed, Error> {
        self.enrolment.confirm(waiting, &visitor.user, code, address).await
    }

    /// Turns off the app, and ends the recovery codes with it if there is no passkey, for a request from `address`. No session ends.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn turn_app_off(&self, visitor: &SignedIn, address: &str) -> Result<(), Error> {
        let user = &visitor.user;
        self.factors.remove_app(user, author(user, address)).await?;
        Ok(())
    }

    /// Replaces the recovery codes by new ones, which are shown only now, for a request from `address`; none without an app
    /// and without a passkey.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn new_recovery_codes(
        &self,
        visitor: &SignedIn,
        address: &str,
    ) -> Result<Option<Vec<String>>, Error> {
        self.enrolment.new_recovery_codes(&visitor.user, address).await
    }
}
