//! `/invite`, `/reset` and `/verify`, with a link that is used, expired or invalid.

use askama::Template;
use domain::LinkKind;

use super::Base;
use crate::language::Language;

/// The page, with `<h1 id="link-over">`, what to do next, and a link to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "link_over.html")]
pub struct LinkOverPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// What the link was for.
    pub kind: LinkKind,
}

impl LinkOverPage {
    fn next(&self) -> String {
        self.language.text(match self.kind {
            LinkKind::Invitation => "invite-over-next",
            LinkKind::PasswordReset => "reset-over-next",
            LinkKind::EmailChange => "verify-over-next",
        })
    }
}
