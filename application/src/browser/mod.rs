//! The browser on the other end: its cookies, and the token that ties a form to it.
//!
//! See docs/decisions/browsers-and-sessions.md.

use domain::{Digest, Secret};

/// The cookies of a request.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// The session cookie, if any.
    pub session: Option<Secret>,
    /// The cookie that interactions are bound to, if any.
    pub binding: Option<Secret>,
}

impl Browser {
    /// The token for a form on the page of `interaction`: only this browser can know it.
    #[must_use]
    pub fn form_token(&self, interaction: &str) -> Option<String> {
        self.binding.as_ref().map(|binding| form_token(binding, interaction))
    }

    /// Whether a form that was posted carries the token of its page, compared in constant time.
    #[must_use]
    pub fn sent_form(&self, interaction: &str, token: &str) -> bool {
        let posted = Digest::try_from(token.to_owned());
        match (&self.binding, posted) {
            (Some(binding), Ok(posted)) => form_digest(binding, interaction) == posted,
            (None, _) | (_, Err(_)) => false,
        }
    }
}

/// The form token for a browser whose binding cookie is `binding`.
#[must_use]
pub fn form_token(binding: &Secret, interaction: &str) -> String {
    form_digest(binding, interaction).to_base64url()
}

fn form_digest(binding: &Secret, interaction: &str) -> Digest {
    Digest::of_parts(&[b"form", binding.expose().as_bytes(), interaction.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_token_is_worth_nothing_in_another_browser_or_interaction() {
        let browser = Browser { session: None, binding: Some(Secret::from("one")) };
        let token = browser.form_token("a").unwrap();
        assert!(browser.sent_form("a", &token));
        assert!(!browser.sent_form("b", &token));
        assert!(!Browser { session: None, binding: Some(Secret::from("two")) }.sent_form("a", &token));
        assert!(!Browser::default().sent_form("a", &token));
    }
}
