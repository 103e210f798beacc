//! Another e-mail address: its person confirms it with a link that is sent there.

use chrono::{DateTime, Duration, Utc};
use domain::claims::InvalidClaim;
use domain::{EmailAddress, LinkPurpose};

use super::{OwnAccount, author, unexpected};
use crate::error::Error;
use crate::port::{Attempt, AttemptKey, Counter, Limit, SignedIn};
use crate::users::UserAdministrationError;

/// Links for one account: this server must not flood the mailbox of a stranger.
const PER_ACCOUNT: Limit = Limit { attempts: 5, window: Duration::hours(1) };

/// What became of a request for another e-mail address. It is the same whether or not another person has the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedEmail {
    /// The link is on its way to this address.
    Sent(String),
    /// The text is no e-mail address.
    Invalid,
    /// There were too many requests: the next one is possible at this time.
    Limited(DateTime<Utc>),
}

impl OwnAccount {
    /// Whether people can change their e-mail address: mail is set up.
    #[must_use]
    pub fn can_change_email(&self) -> bool {
        self.links.mail.is_some()
    }

    /// Sends a link to another e-mail address of the person, for a request from `address`. The address changes when the link is used; then
    /// the old address is told.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn ask_for_email(
        &self,
        visitor: &SignedIn,
        email: &str,
        languages: &[String],
        address: &str,
    ) -> Result<AskedEmail, Error> {
        let user = &visitor.user;
        let Ok(email) = email.trim().parse::<EmailAddress>() else {
            return Ok(AskedEmail::Invalid);
        };
        let counter = Counter::new(AttemptKey::new("account.email", &[&user.id.to_string()]), PER_ACCOUNT);
        if let Attempt::Limited(until) = self.attempts.count(&[counter], self.context.now()).await? {
            return Ok(AskedEmail::Limited(until));
        }
        let email = email.to_text();
        let purpose = LinkPurpose::EmailChange(email.clone());
        match self.links.issue_in(user, purpose, languages, author(user, address)).await {
            Ok(_) => Ok(AskedEmail::Sent(email)),
            Err(UserAdministrationError::Claim(InvalidClaim::Email(_))) => Ok(AskedEmail::Invalid),
            Err(error) => Err(unexpected(error)),
        }
    }
}
