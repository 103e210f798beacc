//! An interaction: something a browser is in the middle of, from the request to its answer.
//!
//! It travels, sealed, in the page's URL and form, and belongs to the browser that holds the cookie: two tabs never
//! disturb each other, a leaked link is useless, and nothing is kept for strangers. A store keeps only how it ended.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::redirect_uri::VerifiedRedirectUri;
use crate::{
    AuthorizationRequest, ClientId, DeskPage, Digest, ErrorCode, ErrorReference, Incarnation, ReturnTo,
    Session, SessionId, UiLocales, UserCode, UserId,
};

/// How long a user may take from the request to the answer.
pub const LIFETIME: Duration = Duration::minutes(30);

/// How long the same form gets the same answer again. A person who presses a button twice while the application is slow
/// sees the second answer only.
pub const REPEAT_WINDOW: Duration = Duration::minutes(1);

/// How long a user may take from the password to the end of the second step.
pub const SECOND_STEP_LIFETIME: Duration = Duration::minutes(10);

/// One unfinished interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// The digest of the cookie of the browser that it was begun in.
    pub browser: Digest,
    /// The purpose: which request waits for the user.
    pub purpose: Purpose,
    /// The login that the user made in it, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_login: Option<OwnLogin>,
    /// The login in it that waits for its second step, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_step: Option<FirstStep>,
    /// When it can no longer be continued.
    pub expires_at: DateTime<Utc>,
}

/// The login that a user made in an interaction. A request that demands a fresh authentication is satisfied by this one,
/// and by no other login of the browser (OpenID Connect Core §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLogin {
    session: SessionId,
    auth_time: DateTime<Utc>,
}

/// A login whose password was right. No user is signed in before the second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstStep {
    /// The user.
    pub user: UserId,
    /// Changes with every password: another password since then ends the login.
    pub password: Digest,
    /// A time before the password was read.
    pub at: DateTime<Utc>,
    /// When the user proved a factor that they turned on in this login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_at: Option<DateTime<Utc>>,
}

/// How an interaction ended. It is kept until every interaction with its id has expired. What it was about is in the address, and
/// is not repeated here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The user that the answer is for; none if it is for every user of this browser, because it grants nothing.
    #[serde(deserialize_with = "Option::deserialize")]
    pub user: Option<UserId>,
    /// The answer, encrypted with a key that is derived from the id of the interaction and from the browser's cookie: it
    /// may contain a code. In base64url.
    pub sealed_answer: String,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// When a store may delete it.
    pub expires_at: DateTime<Utc>,
}

/// What an interaction is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A valid authorization request that waits for login or consent.
    Authorize(Box<AuthorizationRequest>),
    /// An error response that waits for a login.
    #[serde(rename = "refused")]
    HeldError(HeldError),
    /// A sign-out that waits for the user's confirmation (OpenID Connect RP-Initiated Logout §2).
    SignOut {
        /// The client that sent the user here, and its incarnation, if it is known.
        client: Option<(ClientId, Incarnation)>,
        /// The client's registered URI to go to afterwards, its `state` included.
        continue_to: Option<String>,
    },
    /// A user connects a device (RFC 8628 §3.3).
    Device {
        /// The user code from the link or the form, if any; it is not looked up before a user is signed in.
        user_code: Option<(UserCode, UserCodeOrigin)>,
        /// The languages that the pages should be in.
        ui_locales: UiLocales,
    },
    /// A login without an authorization request: it leads to a page of ours.
    Account {
        /// The page.
        page: DeskPage,
        /// The languages that the pages should be in.
        ui_locales: UiLocales,
    },
}

/// How a user code came to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserCodeOrigin {
    /// In a link (`verification_uri_complete`, RFC 8628 §3.3.1), which an attacker may have sent (§5.4).
    Link,
    /// The user typed it.
    Typed,
}

/// An error response that a client gets only after a user has signed in. Otherwise an attacker could use the server
/// as an open redirector to their own client (RFC 9700 §4.11.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldError {
    /// The client that sent the request.
    pub client: ClientId,
    /// The incarnation of the client.
    pub incarnation: Incarnation,
    /// Whether an operator vouched for the client when it was checked.
    pub is_vetted: bool,
    /// Where the error response goes.
    pub return_to: ReturnTo,
    /// The code.
    pub code: ErrorCode,
    /// The public description.
    pub description: String,
    /// The reference under which the log has the reason.
    pub reference: ErrorReference,
    /// The languages that the pages should be in.
    pub ui_locales: UiLocales,
}

impl OwnLogin {
    /// The login that has just begun or renewed this session.
    #[must_use]
    pub const fn of(session: &Session) -> Self {
        Self { session: session.id, auth_time: session.auth_time }
    }

    /// Whether the browser is still signed in with it: in the same session, which another login may have renewed.
    #[must_use]
    pub fn is_in(&self, session: &Session) -> bool {
        self.session == session.id && self.auth_time <= session.auth_time
    }
}

impl FirstStep {
    /// Whether its user may still take the second step at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.at + SECOND_STEP_LIFETIME
    }
}

impl Ending {
    /// Whether it has not expired at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether the answer may be given again at `now` to the same browser, in which this user is signed in.
    #[must_use]
    pub fn may_be_repeated(&self, user: Option<UserId>, now: DateTime<Utc>) -> bool {
        self.is_recent(now) && (self.user.is_none() || self.user == user)
    }

    /// Whether it ended so short ago that the same form may come again.
    #[must_use]
    pub fn is_recent(&self, now: DateTime<Utc>) -> bool {
        now - self.ended_at <= REPEAT_WINDOW
    }
}

impl Purpose {
    /// The client that sent the user here, and its incarnation, if it is known.
    #[must_use]
    pub fn client(&self) -> Option<(ClientId, Incarnation)> {
        match self {
            Self::Authorize(request) => Some((request.client.clone(), request.incarnation)),
            Self::HeldError(held) => Some((held.client.clone(), held.incarnation)),
            Self::SignOut { client, .. } => client.clone(),
            Self::Device { .. } | Self::Account { .. } => None,
        }
    }

    /// The redirect URI that the answer goes to, if it goes to one.
    #[must_use]
    pub fn redirect_uri(&self) -> Option<&VerifiedRedirectUri> {
        match self {
            Self::Authorize(request) => Some(request.return_to.redirect_uri()),
            Self::HeldError(held) => Some(held.return_to.redirect_uri()),
            Self::SignOut { .. } | Self::Device { .. } | Self::Account { .. } => None,
        }
    }

    /// The languages that its pages should be in. The default means that the request named none, or that its page is shown
    /// at once.
    #[must_use]
    pub fn ui_locales(&self) -> UiLocales {
        match self {
            Self::Authorize(request) => request.ui_locales.clone(),
            Self::HeldError(held) => held.ui_locales.clone(),
            Self::Device { ui_locales, .. } | Self::Account { ui_locales, .. } => ui_locales.clone(),
            Self::SignOut { .. } => UiLocales::default(),
        }
    }
}

impl Interaction {
    /// Whether it may be continued by the browser whose cookie has this digest.
    #[must_use]
    pub fn belongs_to(&self, browser: &Digest) -> bool {
        self.browser == *browser
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountPage;
    use crate::authorization_request::tests::request;

    fn second() -> Duration {
        Duration::seconds(1)
    }

    fn begun(purpose: Purpose) -> Interaction {
        let expires_at = DateTime::UNIX_EPOCH + LIFETIME;
        Interaction { browser: Digest::of(b"cookie"), purpose, own_login: None, first_step: None, expires_at }
    }

    fn ending(user: Option<UserId>) -> Ending {
        Ending {
            user,
            sealed_answer: String::new(),
            ended_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH + LIFETIME,
        }
    }

    #[test]
    fn a_second_step_is_taken_within_ten_minutes_or_not_at_all() {
        let begun = DateTime::UNIX_EPOCH;
        let user = UserId::from_random([1; 16]);
        let step = FirstStep { user, password: Digest::of(b"hash"), at: begun, enrolled_at: None };
        let end = begun + Duration::minutes(10);
        assert!(step.is_live(begun) && step.is_live(end - second()) && !step.is_live(end));
    }

    #[test]
    fn an_ending_lasts_for_half_an_hour() {
        let end = DateTime::UNIX_EPOCH + Duration::minutes(30);
        for (now, is_live) in [(end - second(), true), (end, false), (end + second(), false)] {
            assert_eq!(ending(None).is_live(now), is_live, "{now}");
        }
    }

    #[test]
    fn the_login_of_an_interaction_counts_in_its_session_only_and_not_before_it_was_made() {
        let session = |id, seconds| Session {
            id: SessionId::from_random([id; 16]),
            sid: String::new(),
            user: UserId::from_random([1; 16]),
            auth_time: DateTime::UNIX_EPOCH + Duration::seconds(seconds),
            acr: None,
            amr: Vec::new(),
            expires_at: DateTime::UNIX_EPOCH + Duration::hours(1),
        };
        let login = OwnLogin::of(&session(1, 10));
        for (id, seconds, is_in) in [(1, 10, true), (1, 11, true), (1, 9, false), (2, 10, false)] {
            assert_eq!(login.is_in(&session(id, seconds)), is_in, "{id} {seconds}");
        }
    }

    #[test]
    fn an_answer_is_repeated_for_a_minute_to_the_user_that_it_was_for() {
        let (ada, eve) = (UserId::from_random([1; 16]), UserId::from_random([2; 16]));
        let minute = DateTime::UNIX_EPOCH + Duration::minutes(1);
        for (user, signed_in, is_theirs) in [
            (Some(ada), Some(ada), true),
            (Some(ada), Some(eve), false),
            (Some(ada), None, false),
            // It grants nothing, so it is for every user of the browser.
            (None, Some(eve), true),
            (None, None, true),
        ] {
            let ending = ending(user);
            assert_eq!(ending.may_be_repeated(signed_in, minute), is_theirs, "{user:?} {signed_in:?}");
            assert!(!ending.may_be_repeated(signed_in, minute + second()));
            assert!(ending.is_recent(minute) && !ending.is_recent(minute + second()));
        }
    }

    #[test]
    fn only_the_browser_that_an_interaction_was_begun_in_continues_it() {
        let (own, other) = (Digest::of(b"cookie"), Digest::of(b"another"));
        let begun = begun(Purpose::SignOut { client: None, continue_to: None });
        assert!(begun.belongs_to(&own) && !begun.belongs_to(&other));
    }

    #[test]
    fn an_interaction_knows_the_client_the_target_and_the_languages_of_what_it_is_about() {
        let languages = UiLocales::parse("fr-CA fr");
        let request = AuthorizationRequest { ui_locales: languages.clone(), ..request("openid", "{}", &[]) };
        let client = Some((request.client.clone(), request.incarnation));
        let held = HeldError {
            client: request.client.clone(),
            incarnation: request.incarnation,
            is_vetted: true,
            return_to: request.return_to.clone(),
            code: ErrorCode::InvalidScope,
            description: String::new(),
            reference: ErrorReference::from_random([1; 9]),
            ui_locales: languages.clone(),
        };
        let target = Some("https://web.example/cb");
        let none = UiLocales::default();
        for (purpose, client, redirect_uri, ui_locales) in [
            (Purpose::Authorize(Box::new(request)), client.clone(), target, &languages),
            (Purpose::HeldError(held), client.clone(), target, &languages),
            (Purpose::SignOut { client: client.clone(), continue_to: None }, client, None, &none),
            (Purpose::SignOut { client: None, continue_to: None }, None, None, &none),
            (Purpose::Device { user_code: None, ui_locales: languages.clone() }, None, None, &languages),
            (
                Purpose::Account { page: AccountPage::Devices.into(), ui_locales: languages.clone() },
                None,
                None,
                &languages,
            ),
        ] {
            assert_eq!(purpose.client(), client, "{purpose:?}");
            assert_eq!(purpose.redirect_uri().map(VerifiedRedirectUri::as_str), redirect_uri, "{purpose:?}");
            assert_eq!(purpose.ui_locales(), *ui_locales, "{purpose:?}");
        }
    }
}
