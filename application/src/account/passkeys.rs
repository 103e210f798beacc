//! The passkeys of a person: added, renamed, removed. The page is opened only shortly after the person has signed in.
//!
//! See docs/decisions/passkeys.md.

use domain::letter::Message;
use domain::{AuditEvent, CredentialId, Passkey, PasskeyName, Secret};

use super::{OwnAccount, author};
use crate::error::{Error, Refusal};
use crate::port::{RemovedPasskey, SignedIn};
use crate::users::passkeys::{Ceremony, NewPasskey, Place};

/// The page, in the place of its challenges.
const PAGE: &str = "passkeys of the account";

/// What a person may add a passkey with.
#[derive(Debug, Clone)]
pub enum PasskeyOffer {
    /// The ceremony.
    Ceremony(Ceremony),
    /// The person has as many passkeys as they may have.
    TooMany,
    /// The address of this server has no name, so there are no passkeys.
    Impossible,
}

impl OwnAccount {
    /// The passkeys of the person, the oldest first, and how to add one in the browser with this cookie.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn passkeys(
        &self,
        visitor: &SignedIn,
        binding: &Secret,
    ) -> Result<(Vec<Passkey>, PasskeyOffer), Error> {
        let passkeys = self.factors.passkeys.list(visitor.user.id).await?;
        let offer = match &self.passkey_enrolment {
            None => PasskeyOffer::Impossible,
            Some(enrolment) => {
                let ceremony = enrolment.begin(place(visitor, binding), &visitor.user, &passkeys)?;
                ceremony.map_or(PasskeyOffer::TooMany, PasskeyOffer::Ceremony)
            }
        };
        Ok((passkeys, offer))
    }

    /// Adds the passkey of this challenge and answer, which is called `name` unless it says itself who keeps it, for a request from
    /// `address`.
    ///
    /// # Errors
    /// `invalid_request` where passkeys are impossible; [`Error::Unavailable`].
    pub async fn add_passkey(
        &self,
        visitor: &SignedIn,
        binding: &Secret,
        sent: (&str, &str),
        (name, address): (&PasskeyName, &str),
    ) -> Result<NewPasskey, Error> {
        let Some(enrolment) = &self.passkey_enrolment else {
            return Err(Refusal::invalid_request("there are no passkeys here").into());
        };
        enrolment.confirm(place(visitor, binding), &visitor.user, sent, (name, address)).await
    }

    /// Gives a passkey of the person another name, for a request from `address`. It is false if they have no such passkey.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn rename_passkey(
        &self,
        visitor: &SignedIn,
        id: &CredentialId,
        name: &PasskeyName,
        address: &str,
    ) -> Result<bool, Error> {
        let user = &visitor.user;
        let author = author(user, address);
        let event = AuditEvent::new(self.context.now(), author, "user.rename-passkey", &user.id);
        Ok(self.factors.passkeys.rename(user.id, id, name, &event).await?)
    }

    /// Removes a passkey of the person, for a request from `address`. No session ends.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn remove_passkey(
        &self,
        visitor: &SignedIn,
        id: &CredentialId,
        address: &str,
    ) -> Result<RemovedPasskey, Error> {
        let (user, at) = (&visitor.user, self.context.now());
        let mut event = AuditEvent::new(at, author(user, address), "user.remove-passkey", &user.id);
        if let Some(mail) = &self.factors.mail {
            let address = Some(address.to_owned());
            mail.notify(user, Message::PasskeyRemoved { at, address }, &mut event)?;
        }
        Ok(self.factors.passkeys.remove(user.id, id, &event).await?)
    }
}

fn place(visitor: &SignedIn, binding: &Secret) -> Place {
    Place::new(PAGE, binding, &visitor.session.id.to_string())
}
