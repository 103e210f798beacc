//! `/account/security/passkeys`: the passkeys of the person.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk, Moment, PasskeyRequest};

/// The page: a form that adds one (submit `id="passkey"`, by script), and a card for each, with forms that rename it (input `name`)
/// and remove it; the field `id` names it.
#[derive(Clone, Template)]
#[template(path = "account/passkeys.html")]
pub struct PasskeysPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The page above it.
    pub back: String,
    /// How to add one, or why not.
    pub offer: OfferView,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyCard>,
    /// The page of the recovery codes, if the person has passkeys and no codes.
    pub codes: Option<String>,
    /// The error of the last form, as a sentence.
    pub problem: Option<String>,
}

/// Whether the person can add a passkey.
#[derive(Clone)]
pub enum OfferView {
    /// They can.
    Request {
        /// What the script needs.
        request: PasskeyRequest,
        /// The ids of all passkeys that are known here, separated by blanks.
        accepted: String,
    },
    /// They cannot, in a sentence.
    Refused {
        /// The sentence.
        why: String,
    },
}

/// A passkey.
#[derive(Clone, Debug)]
pub struct PasskeyCard {
    /// The id of its credential, in base64url.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// Where it is, in a sentence.
    pub place: String,
    /// When it was made.
    pub made: Moment,
    /// When it last signed the person in.
    pub used: Option<Moment>,
    /// Whether it can be removed: it is not the last way in.
    pub is_removable: bool,
}
