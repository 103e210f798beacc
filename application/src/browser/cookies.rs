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
    /// The cookie of a browser that somebody signed in with before, if any.
    pub device: Option<Secret>,
}

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

/// The name of an interaction's form that only the user of this session may answer.
pub(super) fn session_form(interaction: &str, session: &Session) -> String {
    format!("{interaction}.{}", session.id)
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
}
