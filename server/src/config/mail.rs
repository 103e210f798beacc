//! Combines the mail settings.

use adapters_http::mail::{Smtp, SmtpError, Words};
use domain::SignUpMode;

use super::settings::Config;

impl Config {
    /// The mail sender, if mail is set up.
    ///
    /// # Errors
    /// [`SmtpError`] if a certificate authority of the operator cannot be used.
    pub fn smtp(&self) -> Result<Option<Smtp>, SmtpError> {
        let Some((url, from)) = self.smtp_url.as_ref().zip(self.mail_from.clone()) else {
            return Ok(None);
        };
        let host = self.server_public_base_url.host();
        let operator = self.branding().operator(&self.server_public_base_url);
        let words = Words::new(operator, &self.ui_locales);
        Smtp::new(url.server(), from, host, &self.outbound().trust, words).map(Some)
    }

    /// The setting that is missing, and why, if only one of the two is there.
    pub(super) fn mail_contradiction(&self) -> Option<(&'static str, String)> {
        match (&self.smtp_url, &self.mail_from) {
            (Some(_), None) => {
                let reason =
                    "the address that mails come from is missing; set it, such as no-reply@example.com";
                Some(("mail_from", reason.to_owned()))
            }
            (None, Some(_)) => {
                Some(("smtp_url", "the mail server is missing; set it, or remove mail_from".to_owned()))
            }
            (None, None) if self.sign_up == SignUpMode::Open => {
                let reason =
                    "people confirm their e-mail addresses, so mail is needed. Set smtp_url and mail_from";
                Some(("sign_up", reason.to_owned()))
            }
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}
