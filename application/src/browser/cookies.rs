//! The cookies of a browser, and the token that binds a form to it.

use domain::{Digest, Secret, Session};

use super::ended_page::{expired_page, no_cookies};
use crate::error::Error;

/// The cookies of a request.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// The session cookie, if any.
    pub session: Option<Secret>,
    /// The cookie that interactions are bound to, if any.
    pub binding: Option<Secret>,
    /// The cookie that remembers the login pages that the user cancelled, if any. A user who has not signed in gets no place
    /// in a store.
    pub cancelled: Option<String>,
    /// The device cookie of a browser that a user signed in with before, if any.
    pub device: Option<Secret>,
}

/// How many cancelled login pages a browser remembers.
const MAX_CANCELLED: usize = 8;
/// The characters that name one of them: 128 bits of a digest.
const CANCELLED_NAME_LENGTH: usize = 22;

impl Browser {
    /// Whether `token` is the token of `form` in this browser, compared in constant time.
    #[must_use]
    pub fn has_form_token(&self, form: &str, token: &str) -> bool {
        let posted = Digest::try_from(token.to_owned());
        match (&self.binding, posted) {
            (Some(binding), Ok(posted)) => form_digest(binding, form) == posted,
            (None, _) | (_, Err(_)) => false,
        }
    }

    /// Whether the user cancelled the login of the interaction with this id.
    #[must_use]
    pub(super) fn has_cancelled(&self, interaction: &str) -> bool {
        let name = cancelled_name(interaction);
        self.cancelled.as_ref().is_some_and(|cancelled| cancelled.split('.').any(|it| it == name))
    }

    /// The value of the cookie after the user has cancelled the login of the interaction with this id too.
    #[must_use]
    pub(crate) fn cancelled_with(&self, interaction: &str) -> String {
        let name = cancelled_name(interaction);
        let before = self.cancelled.as_deref().unwrap_or_default().split('.');
        let kept = before.filter(|it| is_cancelled_name(it) && *it != name).take(MAX_CANCELLED - 1);
        std::iter::once(name.as_str()).chain(kept).collect::<Vec<_>>().join(".")
    }

    /// Checks that `token` is the token of `form` in this browser.
    ///
    /// # Errors
    /// `invalid_request` when it is not; it says so when the browser sent no cookies.
    pub fn require_form_token(&self, form: &str, token: &str) -> Result<(), Error> {
        match &self.binding {
            None => Err(no_cookies()),
            Some(_) if self.has_form_token(form, token) => Ok(()),
            Some(_) => Err(expired_page("the form does not carry this browser's token")),
        }
    }

    /// Whether `token` is the token of a form that this browser was shown in this interaction while it had this session.
    #[must_use]
    pub fn has_session_form_token(&self, interaction: &str, session: &Session, token: &str) -> bool {
        self.has_form_token(&session_form(interaction, session), token)
    }
}

/// The token of `form` for a browser whose binding cookie is `binding`: another browser cannot compute it.
#[must_use]
pub fn form_token(binding: &Secret, form: &str) -> String {
    form_digest(binding, form).to_base64url()
}

/// The token of `form` for the user of this session, in a browser whose binding cookie is `binding`.
#[must_use]
pub fn session_form_token(binding: &Secret, form: &str, session: &Session) -> String {
    form_token(binding, &session_form(form, session))
}

/// The name of an interaction's form that only the user of this session may answer.
pub(crate) fn session_form(interaction: &str, session: &Session) -> String {
    format!("{interaction}.{}", session.id)
}

fn cancelled_name(interaction: &str) -> String {
    let mut name = Digest::of_parts(&[b"cancelled", interaction.as_bytes()]).to_base64url();
    name.truncate(CANCELLED_NAME_LENGTH);
    name
}

fn is_cancelled_name(text: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.len() == CANCELLED_NAME_LENGTH && text.bytes().all(is_base64url)
}

fn form_digest(binding: &Secret, form: &str) -> Digest {
    Digest::of_parts(&[b"form", binding.expose().as_bytes(), form.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_token_is_worth_nothing_in_another_browser_or_interaction() {
        let browser = Browser { binding: Some(Secret::from("one")), ..Browser::default() };
        let token = form_token(&Secret::from("one"), "a");
        assert!(browser.has_form_token("a", &token));
        assert!(!browser.has_form_token("b", &token));
        let other = Browser { binding: Some(Secret::from("two")), ..Browser::default() };
        assert!(!other.has_form_token("a", &token));
        assert!(!Browser::default().has_form_token("a", &token));
    }

    #[test]
    fn a_browser_remembers_the_last_eight_pages_that_were_cancelled() {
        let mut browser = Browser::default();
        for number in 0..10 {
            browser.cancelled = Some(browser.cancelled_with(&number.to_string()));
        }
        let remembered: Vec<_> =
            (0..11).filter(|number| browser.has_cancelled(&number.to_string())).collect();
        assert_eq!(remembered, [2, 3, 4, 5, 6, 7, 8, 9]);
        let again = browser.cancelled_with("5");
        assert_eq!(again.len(), browser.cancelled.as_ref().unwrap().len());
    }

    #[test]
    fn whatever_a_browser_sends_makes_no_longer_cookie_than_eight_names() {
        let browser = Browser { cancelled: Some("x".repeat(5000) + ".y..z"), ..Browser::default() };
        assert!(!browser.has_cancelled("a") && !browser.has_cancelled(""));
        assert_eq!(browser.cancelled_with("a").len(), CANCELLED_NAME_LENGTH);
    }
}
