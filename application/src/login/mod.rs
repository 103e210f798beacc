//! Signing in with a user name and a password.

pub mod password_verifier;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{Client, ErrorCode, Secret, Session, SessionId, User, acr};

use crate::authorize::{AuthorizationEndpoint, OpenInteraction, Reply};
use crate::browser::Browser;
use crate::error::{Advice, Error, Refusal};
use crate::login::password_verifier::{PasswordVerifier, Verified};
use crate::port::SignedIn;

/// Signs people in.
pub struct Login {
    /// Whose turn comes next.
    pub authorization: Arc<AuthorizationEndpoint>,
    /// Judges what was typed.
    pub passwords: Arc<PasswordVerifier>,
}

/// What the login page shows.
#[derive(Debug)]
pub struct LoginView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// Who asks, if a client does.
    pub client: Option<Client>,
    /// What to put into the user name's field.
    pub username: Option<String>,
}

/// The posted login form.
#[derive(Debug, Clone)]
pub struct LoginForm {
    /// The interaction of the page.
    pub interaction: String,
    /// The token of the form.
    pub form_token: String,
    /// The user name, as typed.
    pub username: String,
    /// The password, as typed.
    pub password: Secret,
}

/// What became of a login.
#[derive(Debug)]
pub enum LoggedIn {
    /// They are signed in.
    Done {
        /// The session cookie's new value.
        cookie: Secret,
        /// What comes next.
        reply: Box<Reply>,
    },
    /// Name or password is wrong; which one is nobody's business.
    Wrong,
    /// Too many failures, until then.
    Limited(DateTime<Utc>),
}

impl Login {
    /// An interaction for a login that no application asked for.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn begin(&self, browser: &Browser) -> Result<OpenInteraction, Error> {
        let now = self.authorization.clock.now();
        self.authorization.begin(Purpose::Home, browser, now).await
    }

    /// What to show on the login page of this interaction.
    ///
    /// # Errors
    /// `invalid_request` when the interaction is not this browser's, or is finished or expired.
    pub async fn page(&self, id: &str, browser: &Browser) -> Result<LoginView, Error> {
        let now = self.authorization.clock.now();
        let (open, interaction) = self.authorization.open(id, browser, now).await?;
        let (client, username) = match interaction.purpose {
            Purpose::Authorize(request) => {
                (self.authorization.clients.find(&request.client).await?, request.login_hint)
            }
            Purpose::Refused { .. }
            | Purpose::Posted(_)
            | Purpose::SignOut { .. }
            | Purpose::Device { .. }
            | Purpose::Home => (None, None),
        };
        Ok(LoginView { open, client, username })
    }

    /// Verifies the form, and on success begins or renews the session and goes on with the interaction.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page; [`Error::Unavailable`] also when too many
    /// passwords wait to be hashed.
    pub async fn submit(
        &self,
        form: &LoginForm,
        browser: &Browser,
        address: &str,
    ) -> Result<LoggedIn, Error> {
        let now = self.authorization.clock.now();
        if !browser.sent_form(&form.interaction, &form.form_token) {
            return Err(Refusal::invalid_request(
                "this page has expired or belongs to another browser; go back to the application and start again",
            )
            .because("the login form does not carry this browser's token")
            .advising(Advice::StartAgain)
            .into());
        }
        self.authorization.open(&form.interaction, browser, now).await?;
        let user = match self.passwords.verify(&form.username, &form.password, address, now).await? {
            Verified::User(user) => user,
            Verified::Nobody => return Ok(LoggedIn::Wrong),
            Verified::Limited(until) => return Ok(LoggedIn::Limited(until)),
        };
        // As of before the password was looked at: if it is another one since, there is no session.
        let cookie = self.sign_in(&user, browser, now).await?;
        let browser = Browser { session: Some(cookie.clone()), binding: browser.binding.clone() };
        let reply = match self.authorization.resume(&form.interaction, &browser).await {
            Ok(reply) => reply,
            // The same form was posted twice: whoever was first went on. They are signed in all the same.
            Err(Error::Refused(refusal)) if refusal.code == ErrorCode::InvalidRequest => Reply::Home,
            Err(error) => return Err(error),
        };
        Ok(LoggedIn::Done { cookie, reply: Box::new(reply) })
    }

    /// Begins a session, or renews the one this user has in this browser; the cookie changes either way.
    async fn sign_in(&self, user: &User, browser: &Browser, now: DateTime<Utc>) -> Result<Secret, Error> {
        let AuthorizationEndpoint { sessions, entropy, settings, .. } = &*self.authorization;
        let cookie = Secret::from_random(entropy.bytes());
        let fresh = |id: SessionId, sid: String| Session {
            id,
            sid,
            user: user.id,
            auth_time: now,
            acr: Some(settings.authentication_contexts.strongest().to_string()),
            amr: vec![acr::AMR_PASSWORD.to_owned()],
            expires_at: now + settings.lifetimes.session,
        };
        let earlier = match &browser.session {
            Some(earlier) => sessions.find(earlier.digest(), now).await?,
            None => None,
        };
        match earlier {
            Some(SignedIn { session, .. }) if session.user == user.id => {
                let renewed = fresh(session.id, session.sid);
                if sessions.renew(&renewed, cookie.digest()).await? {
                    return Ok(cookie);
                }
            }
            // Somebody else takes over the browser: what the one before did in it ends.
            Some(SignedIn { session, .. }) => {
                self.authorization.end(&session, now).await?;
            }
            None => {}
        }
        let sid = Secret::from_random(entropy.bytes()).expose().to_owned();
        let session = fresh(SessionId::ordered(now, entropy.bytes()), sid);
        sessions.begin(&session, cookie.digest()).await?;
        Ok(cookie)
    }
}
