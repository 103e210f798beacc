//! Turning on an authenticator app. Nothing is stored before the person has typed a code of it: the secret waits, sealed, in the
//! form of the page.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::letter::Message;
use domain::recovery_code::CODES;
use domain::{Actor, AuditEvent, AuthenticatorApp, Author, Incarnation, RecoveryCode, User, UserId};
use serde::{Deserialize, Serialize};

use super::totp::{AppSecret, SECRET_BYTES};
use crate::context::Context;
use crate::error::{Error, broken_key};
use crate::keys::sealed_texts::SealedTexts;
use crate::keys::sealing::SealingKey;
use crate::port::{EnrolledApp, SecondFactors};
use crate::users::mail::MailWriter;

/// What a secret that waits is sealed for.
const PURPOSE: &str = "authenticator app to turn on";
/// How long it waits.
const LIFETIME: Duration = Duration::minutes(30);

/// Turns on authenticator apps, and makes recovery codes.
pub struct AppEnrolment {
    /// The store.
    pub factors: Arc<dyn SecondFactors>,
    /// Seals the secrets that the store keeps.
    pub sealing_key: Arc<SealingKey>,
    /// Seals the secrets that wait in a page.
    pub sealed: Arc<SealedTexts>,
    /// Tells the user by mail, if mail is set up.
    pub mail: Option<Arc<MailWriter>>,
    /// Time and entropy, and the name of the operator.
    pub context: Context,
}

/// An app that is not turned on yet, for its page. It is never logged.
pub struct Enrolment {
    /// The sealed secret, for the form.
    pub token: String,
    /// The secret for typing, in groups of four.
    pub key: String,
    /// The address that the app reads from the picture.
    pub address: String,
}

/// What became of the form.
pub enum Confirmed {
    /// The app is turned on. These are the recovery codes, which are shown only now.
    Done(Vec<String>),
    /// The code is wrong.
    Wrong,
    /// The code is that of a clock that is fast by so many minutes, or slow if negative.
    WrongClock(i64),
    /// The secret has waited too long, or is not for this user.
    Expired,
    /// Another app is turned on already.
    HasApp,
}

/// What waits in the page.
#[derive(Serialize, Deserialize)]
struct Waiting {
    user: UserId,
    incarnation: Incarnation,
    secret: Vec<u8>,
    /// The random bytes of the recovery codes: a form that is sent twice shows the same ones.
    codes: Vec<[u8; domain::recovery_code::RANDOM_BYTES]>,
    until: DateTime<Utc>,
}

impl AppEnrolment {
    /// An app with a new secret.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub fn begin(&self, user: &User) -> Result<Enrolment, Error> {
        let entropy = &self.context.entropy;
        let waiting = Waiting {
            user: user.id,
            incarnation: Incarnation::from_random(entropy.bytes()),
            secret: entropy.bytes::<SECRET_BYTES>().to_vec(),
            codes: (0..CODES).map(|_| entropy.bytes()).collect(),
            until: self.context.now() + LIFETIME,
        };
        let token = self.sealed.seal(PURPOSE, &waiting, 0)?;
        self.shown(token, &waiting, user)
    }

    /// The app of this form once more, for example after a wrong code; none if it has waited too long or is not for this user.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub fn reopen(&self, token: &str, user: &User) -> Result<Option<Enrolment>, Error> {
        match self.waiting(token, user)? {
            Some(waiting) => self.shown(token.to_owned(), &waiting, user).map(Some),
            None => Ok(None),
        }
    }

    /// Turns on the app of this form, if `code` is one of its codes, for a request from `address`. The same form may come twice.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn confirm(
        &self,
        token: &str,
        user: &User,
        code: &str,
        address: &str,
    ) -> Result<Confirmed, Error> {
        let now = self.context.now();
        let Some(waiting) = self.waiting(token, user)? else {
            return Ok(Confirmed::Expired);
        };
        let secret = secret(&waiting)?;
        let Some(last_step) = secret.step_of(code, now)? else {
            let off = secret.clock_error(code, now)?.filter(|minutes| *minutes != 0);
            return Ok(off.map_or(Confirmed::Wrong, Confirmed::WrongClock));
        };
        let context = AuthenticatorApp::seal_context(user.id, waiting.incarnation);
        let sealed =
            self.sealing_key.seal(&context, secret.as_bytes()).map_err(|error| broken_key(&error))?;
        let app = AuthenticatorApp {
            incarnation: waiting.incarnation,
            sealed_secret: sealed,
            last_step,
            enrolled_at: now,
            used_at: None,
        };
        let codes: Vec<_> = waiting.codes.iter().map(|bytes| RecoveryCode::from_random(*bytes)).collect();
        let digests: Vec<_> = codes.iter().map(|code| code.digest(user.id)).collect();
        let author = Author::at(Actor::Person(user.id), address);
        let mut event = AuditEvent::new(now, author, "user.add-factor", &user.id);
        if let Some(mail) = &self.mail {
            let address = Some(address.to_owned());
            mail.notify(user, Message::FactorAdded { at: now, address }, &mut event)?;
        }
        Ok(match self.factors.enrol_app(user.id, &app, &digests, &event).await? {
            EnrolledApp::Done | EnrolledApp::Again => {
                Confirmed::Done(codes.iter().map(RecoveryCode::shown).collect())
            }
            EnrolledApp::HasApp => Confirmed::HasApp,
            EnrolledApp::Unknown => Confirmed::Expired,
        })
    }

    /// Replaces the recovery codes of a user by new ones, which are shown only now; none if the user has no app and no
    /// passkey.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn new_recovery_codes(&self, user: &User, address: &str) -> Result<Option<Vec<String>>, Error> {
        let draw = || RecoveryCode::from_random(self.context.entropy.bytes());
        let codes: Vec<_> = (0..CODES).map(|_| draw()).collect();
        let digests: Vec<_> = codes.iter().map(|code| code.digest(user.id)).collect();
        let author = Author::at(Actor::Person(user.id), address);
        let event = AuditEvent::new(self.context.now(), author, "user.recovery-codes", &user.id);
        let replaced = self.factors.replace_recovery_codes(user.id, &digests, &event).await?;
        Ok(replaced.then(|| codes.iter().map(RecoveryCode::shown).collect()))
    }

    fn waiting(&self, token: &str, user: &User) -> Result<Option<Waiting>, Error> {
        let opened: Option<Waiting> = self.sealed.open(PURPOSE, token)?;
        Ok(opened.filter(|waiting| waiting.user == user.id && self.context.now() < waiting.until))
    }

    fn shown(&self, token: String, waiting: &Waiting, user: &User) -> Result<Enrolment, Error> {
        let secret = secret(waiting)?;
        let address = secret.address(&self.context.settings.operator(), user.username.as_str());
        Ok(Enrolment { token, key: secret.shown(), address })
    }
}

fn secret(waiting: &Waiting) -> Result<AppSecret, Error> {
    AppSecret::from_bytes(&waiting.secret).ok_or_else(|| broken_key(&"a secret of another length"))
}
