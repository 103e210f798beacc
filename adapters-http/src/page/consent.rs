//! `/consent`: the user decides what a client may do (OpenID Connect Core 1.0 §3.1.2.4, RFC 6749 §4.1.1).

use askama::Template;

use super::{Base, ClientCard};
use crate::language::{Language, Sentence};

/// The consent form: hidden `form_token` and `interaction`, and `decision` from submit `id="allow"` (`allow`) or
/// `id="deny"` (`deny`).
///
/// It has no text field and focuses nothing, so Enter presses only the button a person has moved to; both buttons are
/// of one size, side by side.
#[derive(Clone, Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The authorization in progress.
    pub interaction: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The client that asks.
    pub client: ClientCard,
    /// Who is signed in, as the person knows it.
    pub account: String,
    /// What the client asks for, in the order shown; without `offline_access`.
    pub scopes: Vec<ScopeLine>,
    /// Where it asks for that, if it says so (RFC 8707).
    pub resources: Vec<ResourceLine>,
    /// Whether the access outlives the session (`offline_access`, OpenID Connect Core 1.0 §11).
    pub offline: bool,
}

/// One scope on the consent page.
#[derive(Clone, Debug)]
pub struct ScopeLine {
    /// The scope token.
    pub name: String,
}

impl ScopeLine {
    /// What it allows. The standard scopes and those of the default configuration have words of their own, an
    /// operator's have their name.
    pub(super) fn words(&self, language: Language) -> Sentence {
        let key = match self.name.as_str() {
            "openid" => "scope-openid",
            "profile" => "scope-profile",
            "email" => "scope-email",
            "address" => "scope-address",
            "phone" => "scope-phone",
            "read" => "scope-read",
            "write" => "scope-write",
            _ => "scope-other",
        };
        language.sentence(key, "scope", &self.name)
    }
}

/// A resource that the access is for (RFC 8707).
#[derive(Clone, Debug)]
pub struct ResourceLine {
    /// What people call it, if they call it anything.
    pub name: Option<String>,
    /// Its identifier.
    pub id: String,
}
