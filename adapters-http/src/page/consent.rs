//! `/consent`: the user decides what a client may do (OpenID Connect Core 1.0 §3.1.2.4, RFC 6749 §4.1.1).

use askama::Template;
use domain::scope::ADMINISTRATION;

use super::{Base, ClientCard};
use crate::language::{Language, Sentence};

/// The consent form: hidden `form_token`, `interaction` and `shown`, and `decision` from submit `id="allow"` (`allow`) or
/// `id="deny"` (`deny`).
///
/// It has no text field and focuses nothing, so Enter presses only the button a person has moved to; both buttons are
/// of one size, side by side.
#[derive(Clone, Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The target of the form.
    pub action: String,
    /// The id of the interaction.
    pub interaction: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The client.
    pub client: ClientCard,
    /// The username of the signed-in user.
    pub account: String,
    /// Where another user signs in.
    pub switch: String,
    /// Whether any program on the user's device could claim to be the client (RFC 8252 §8.6).
    pub is_claimable: bool,
    /// The requested scopes in the order shown, without `offline_access`.
    pub scopes: Vec<ScopeLine>,
    /// The claims that are requested by name (OpenID Connect Core 1.0 §5.5).
    pub claims: Vec<ClaimLine>,
    /// The requested resources (RFC 8707).
    pub resources: Vec<ResourceLine>,
    /// Whether the access continues after the session (`offline_access`, OpenID Connect Core 1.0 §11).
    pub offline: bool,
    /// How long the access lasts.
    pub lasts: AccessLifetime,
}

impl ConsentPage {
    /// Whether the client asks for administrative power.
    fn administers(&self) -> bool {
        self.scopes.iter().any(|scope| scope.name == ADMINISTRATION)
    }
}

/// How long an access lasts.
#[derive(Clone, Copy, Debug)]
pub struct AccessLifetime {
    /// In seconds, at least one.
    pub seconds: i64,
}

impl AccessLifetime {
    /// The sentence, in a unit that makes the number easy to read. It never promises an end that is too early.
    pub(super) fn words(self, language: Language) -> String {
        const UNITS: [(&str, &str, i64); 3] = [
            ("access-ends-days", "days", 86_400),
            ("access-ends-hours", "hours", 3_600),
            ("access-ends-minutes", "minutes", 60),
        ];
        // A unit that divides the time without remainder, or one that fits in more than 10 times.
        let fits = |length: i64| self.seconds % length == 0 || self.seconds > 10 * length;
        let unit = UNITS.into_iter().find(|(_, _, length)| fits(*length)).unwrap_or(UNITS[2]);
        let (key, name, length) = unit;
        language.count(key, name, (self.seconds + length - 1) / length)
    }
}

/// One scope on the consent page.
#[derive(Clone, Debug)]
pub struct ScopeLine {
    /// The scope token.
    pub name: String,
    /// What the operator says about it.
    pub description: Option<String>,
}

impl ScopeLine {
    /// The scope in words: those of the operator, else a message, which the standard scopes and those of the default
    /// configuration have; other scopes are shown by name.
    pub(super) fn words(&self, language: Language) -> Sentence {
        if let Some(description) = &self.description {
            return Sentence::of(description);
        }
        let key = match self.name.as_str() {
            "openid" => "scope-openid",
            "profile" => "scope-profile",
            "email" => "scope-email",
            "address" => "scope-address",
            "phone" => "scope-phone",
            "groups" => "scope-groups",
            "read" => "scope-read",
            "write" => "scope-write",
            ADMINISTRATION => "scope-administration",
            _ => "scope-other",
        };
        language.sentence(key, "scope", &self.name)
    }
}

/// One claim on the consent page.
#[derive(Clone, Debug)]
pub struct ClaimLine {
    /// The name of the claim.
    pub name: String,
}

impl ClaimLine {
    /// The claim in words; every standard claim has a message, and custom ones are shown by name.
    pub(super) fn words(&self, language: Language) -> Sentence {
        let key = match self.name.as_str() {
            "name" => "claim-name",
            "family_name" => "claim-family-name",
            "given_name" => "claim-given-name",
            "middle_name" => "claim-middle-name",
            "nickname" => "claim-nickname",
            "preferred_username" => "claim-preferred-username",
            "profile" => "claim-profile",
            "picture" => "claim-picture",
            "website" => "claim-website",
            "gender" => "claim-gender",
            "birthdate" => "claim-birthdate",
            "zoneinfo" => "claim-zoneinfo",
            "locale" => "claim-locale",
            "updated_at" => "claim-updated-at",
            "email" => "claim-email",
            "email_verified" => "claim-email-verified",
            "address" => "claim-address",
            "phone_number" => "claim-phone-number",
            "phone_number_verified" => "claim-phone-number-verified",
            "groups" => "scope-groups",
            _ => "claim-other",
        };
        language.sentence(key, "claim", &self.name)
    }
}

/// A requested resource (RFC 8707).
#[derive(Clone, Debug)]
pub struct ResourceLine {
    /// Its name for users, if it has one.
    pub name: Option<String>,
    /// Its identifier.
    pub id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_said_in_a_unit_that_is_easy_to_read() {
        let words = |seconds| AccessLifetime { seconds }.words(Language::english());
        for (seconds, expected) in [
            (1, "1 minute "),
            (90, "2 minutes "),
            (900, "15 minutes "),
            (3_600, "1 hour "),
            (5_400, "90 minutes "),
            (43_200, "12 hours "),
            (86_400, "1 day "),
            (129_600, "36 hours "),
            (2_592_000, "30 days "),
            (2_592_001, "31 days "),
        ] {
            assert!(words(seconds).contains(&format!(" {expected}")), "{seconds}: {}", words(seconds));
        }
    }
}
