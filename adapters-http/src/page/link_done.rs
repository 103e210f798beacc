//! `/invite`, `/reset` and `/verify`, after the form was accepted.

use askama::Template;
use domain::LinkKind;

use super::Base;
use crate::language::{Language, Sentence};

/// The page, with `<h1 id="link-done">`, and a link to `/login` after a new password.
#[derive(Clone, Debug, Template)]
#[template(path = "link_done.html")]
pub struct LinkDonePage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// What the link was for.
    pub kind: LinkKind,
    /// Who opened it.
    pub username: String,
}

impl LinkDonePage {
    fn heading(&self) -> String {
        self.language.text(match self.kind {
            LinkKind::Invitation => "invite-done",
            LinkKind::PasswordReset => "reset-done",
            LinkKind::EmailChange => "verify-done",
        })
    }

    fn next(&self) -> Sentence {
        let key = match self.kind {
            LinkKind::Invitation => "invite-done-next",
            LinkKind::PasswordReset => "reset-done-next",
            LinkKind::EmailChange => "verify-done-next",
        };
        self.language.sentence(key, "account", &self.username)
    }

    fn leads_to_sign_in(&self) -> bool {
        self.kind != LinkKind::EmailChange
    }
}
