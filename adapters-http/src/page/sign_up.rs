//! `/register`: making an account of one's own.

use askama::Template;

use super::Base;
use crate::language::{Language, Sentence};

/// The form: inputs `name`, `email`, `password`, hidden `form_token`, submit `id="create"`.
#[derive(Clone, Template)]
#[template(path = "sign_up.html")]
pub struct SignUpPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// What was typed as the name; may be empty.
    pub name: String,
    /// What was typed as the e-mail address; may be empty.
    pub email: String,
    /// The problem of the previous attempt, as a sentence.
    pub problem: Option<String>,
}

/// The page of the link in the mail: hidden `form_token` and `token`, in another browser input `password`, submit `id="confirm"`.
#[derive(Clone, Template)]
#[template(path = "sign_up_confirm.html")]
pub struct SignUpConfirmPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The token of the link.
    pub token: String,
    /// The name of the person.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The host of this server.
    pub server: String,
    /// Whether the browser is another than the one that asked for the account.
    pub asks_password: bool,
    /// The problem of the previous attempt, as a sentence.
    pub problem: Option<String>,
}

/// What a page of [`SignUpAnswerPage`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignUpAnswer {
    /// A mail is on its way.
    Sent,
    /// The account with this user name is ready.
    Done(String),
    /// The account waits for an administrator.
    Waiting,
    /// The link no longer works.
    Over,
    /// People are invited.
    ByInvitation,
}

/// A page without a form, with `<h1 id="register-sent">`, `register-done`, `register-waiting`, `register-over` or `register-invited`.
#[derive(Clone, Template)]
#[template(path = "sign_up_answer.html")]
pub struct SignUpAnswerPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// What it says.
    pub answer: SignUpAnswer,
}

impl SignUpAnswerPage {
    fn id(&self) -> &'static str {
        match self.answer {
            SignUpAnswer::Sent => "register-sent",
            SignUpAnswer::Done(_) => "register-done",
            SignUpAnswer::Waiting => "register-waiting",
            SignUpAnswer::Over => "register-over",
            SignUpAnswer::ByInvitation => "register-invited",
        }
    }

    fn heading(&self) -> String {
        self.language.text(match self.answer {
            SignUpAnswer::Sent => "forgot-sent-heading",
            SignUpAnswer::Done(_) => "invite-done",
            SignUpAnswer::Waiting => "register-waiting-heading",
            SignUpAnswer::Over => "link-over",
            SignUpAnswer::ByInvitation => "register-invited-heading",
        })
    }

    fn next(&self) -> Sentence {
        let text = |key| Sentence::words(self.language.text(key));
        match &self.answer {
            SignUpAnswer::Sent => text("register-sent-next"),
            SignUpAnswer::Done(username) => self.language.sentence("invite-done-next", "account", username),
            SignUpAnswer::Waiting => text("register-waiting"),
            SignUpAnswer::Over => text("register-over-next"),
            SignUpAnswer::ByInvitation => text("register-invited"),
        }
    }

    /// Whether something was done.
    fn is_good(&self) -> bool {
        matches!(self.answer, SignUpAnswer::Sent | SignUpAnswer::Done(_) | SignUpAnswer::Waiting)
    }
}
