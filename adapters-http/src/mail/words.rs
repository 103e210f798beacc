//! The words of mails: text and HTML alike, in the reader's language.

use std::iter;

use askama::Template;
use chrono::{DateTime, Utc};
use domain::Letter;
use domain::UiLocales;
use domain::letter::Message;
use http::HeaderMap;

use crate::language::{Language, Offered};

/// The messages of the mails with a link: subject, opening, button, closing.
const INVITATION: [&str; 4] =
    ["mail-invite-subject", "mail-invite-text", "mail-invite-button", "mail-invite-ignore"];
const RESET: [&str; 4] = ["mail-reset-subject", "mail-reset-text", "mail-reset-button", "mail-reset-ignore"];
const VERIFY: [&str; 4] =
    ["mail-verify-subject", "mail-verify-text", "mail-verify-button", "mail-verify-ignore"];
const REGISTER: [&str; 4] =
    ["mail-register-subject", "mail-register-text", "mail-register-button", "mail-register-ignore"];
const EXISTS: [&str; 4] =
    ["mail-exists-subject", "mail-exists-text", "mail-exists-button", "mail-exists-ignore"];

/// What finds the words.
#[derive(Debug, Clone)]
pub struct Words {
    /// Whose server this is, as its mails name it.
    pub(super) server: String,
    languages: Offered,
}

/// A mail in one language.
pub(super) struct Text {
    pub(super) subject: String,
    pub(super) plain: String,
    pub(super) html: String,
}

impl Words {
    /// The words of the server `server`, in the languages with these tags.
    #[must_use]
    pub fn new(server: String, languages: &[String]) -> Self {
        Self { server, languages: Offered::new(languages) }
    }

    /// The letter in the best language.
    pub(super) fn of(&self, letter: &Letter) -> Result<Text, askama::Error> {
        let wanted = UiLocales::parse(&letter.languages.join(" "));
        let language = self.languages.choose(&wanted, &HeaderMap::new());
        let content = self.content(letter, language);
        Ok(Text {
            plain: Plain { content: &content }.render()?,
            html: Html { content: &content, language }.render()?,
            subject: content.subject,
        })
    }

    fn content(&self, letter: &Letter, language: Language) -> Content {
        let text = |key: &str| language.text(key);
        let here = |key: &str| language.phrase(key, "server", &self.server);
        let account = (text("mail-account"), letter.username.clone());
        let notice = |[subject, opening]: [&str; 2], at: DateTime<Utc>, address: Option<&str>| Content {
            subject: text(subject),
            opening: here(opening),
            button: None,
            facts: change(language, account.clone(), at, address),
            closing: text("mail-notice-next"),
        };
        let with_link =
            |[subject, opening, button, closing]: [&str; 4], link: &str, until: Option<_>| Content {
                subject: here(subject),
                opening: here(opening),
                button: Some(Button::new(language, button, link)),
                facts: iter::once(account.clone())
                    .chain(until.map(|until| (text("mail-link-until"), time(until))))
                    .collect(),
                closing: text(closing),
            };
        match &letter.message {
            Message::Invitation { link, expires_at } => with_link(INVITATION, link, Some(*expires_at)),
            Message::PasswordReset { link, expires_at } => with_link(RESET, link, Some(*expires_at)),
            Message::ConfirmEmail { link, expires_at } => with_link(VERIFY, link, Some(*expires_at)),
            Message::SignUp { link, expires_at } => with_link(REGISTER, link, Some(*expires_at)),
            Message::AccountExists { link } => with_link(EXISTS, link, None),
            Message::PasswordChanged { at, address } => {
                notice(["mail-password-subject", "mail-password-text"], *at, address.as_deref())
            }
            Message::EmailChanged { at, address } => {
                notice(["mail-email-subject", "mail-email-text"], *at, address.as_deref())
            }
            Message::FactorAdded { at, address } => {
                notice(["mail-factor-added-subject", "mail-factor-added-text"], *at, address.as_deref())
            }
            Message::FactorRemoved { at, address } => {
                notice(["mail-factor-removed-subject", "mail-factor-removed-text"], *at, address.as_deref())
            }
            Message::PasskeyAdded { at, address } => {
                notice(["mail-passkey-added-subject", "mail-passkey-added-text"], *at, address.as_deref())
            }
            Message::PasskeyRemoved { at, address } => {
                notice(["mail-passkey-removed-subject", "mail-passkey-removed-text"], *at, address.as_deref())
            }
            Message::Test => Content {
                subject: text("mail-test-subject"),
                opening: here("mail-test-text"),
                button: None,
                facts: Vec::new(),
                closing: text("mail-test-next"),
            },
        }
    }
}

/// What both forms of a mail say, in this order.
struct Content {
    subject: String,
    opening: String,
    button: Option<Button>,
    /// Labels with their values.
    facts: Vec<(String, String)>,
    closing: String,
}

/// A link: as a button, and as it is.
struct Button {
    label: String,
    bare: String,
    link: String,
}

impl Button {
    fn new(language: Language, label: &str, link: &str) -> Self {
        Self { label: language.text(label), bare: language.text("mail-link-bare"), link: link.to_owned() }
    }
}

/// The facts of a change: whose account, when, and from where.
fn change(
    language: Language,
    account: (String, String),
    at: DateTime<Utc>,
    address: Option<&str>,
) -> Vec<(String, String)> {
    let from = address.map(|address| (language.text("mail-from-address"), address.to_owned()));
    [account, (language.text("mail-when"), time(at))].into_iter().chain(from).collect()
}

/// The same in every language, and not to be taken for the reader's own time.
fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[derive(Template)]
#[template(path = "mail/mail.txt")]
struct Plain<'a> {
    content: &'a Content,
}

#[derive(Template)]
#[template(path = "mail/mail.html")]
struct Html<'a> {
    content: &'a Content,
    language: Language,
}
