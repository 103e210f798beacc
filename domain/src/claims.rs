//! Claims about a user: the standard ones (OpenID Connect Core §5.1), each with the scope that opens it (§5.4), and custom
//! ones. See docs/decisions/groups-and-claims.md.

use serde_json::{Map, Value};

use crate::claim_name::{InvalidClaimName, check_claim_name};
use crate::email_address::{EmailAddress, InvalidEmail};

/// The standard claims, each with the scope that opens it.
///
/// `updated_at` and `preferred_username` are derived, not stored.
pub const STANDARD: [(&str, &str); 19] = [
    ("profile", "name"),
    ("profile", "family_name"),
    ("profile", "given_name"),
    ("profile", "middle_name"),
    ("profile", "nickname"),
    ("profile", "preferred_username"),
    ("profile", "profile"),
    ("profile", "picture"),
    ("profile", "website"),
    ("profile", "gender"),
    ("profile", "birthdate"),
    ("profile", "zoneinfo"),
    ("profile", "locale"),
    ("profile", "updated_at"),
    ("email", "email"),
    ("email", "email_verified"),
    ("address", "address"),
    ("phone", "phone_number"),
    ("phone", "phone_number_verified"),
];

/// Each claim that can be verified, with the claim that says whether it is.
pub const VERIFIABLE: [(&str, &str); 2] =
    [("email", "email_verified"), ("phone_number", "phone_number_verified")];

/// The most bytes of one custom claim, as JSON.
pub const MAX_CLAIM_BYTES: usize = 4 * 1024;

/// The most bytes of all custom claims of a user, as JSON: they are read with the user at every sign-in.
pub const MAX_CUSTOM_CLAIMS_BYTES: usize = 4 * MAX_CLAIM_BYTES;

/// Why a claim cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClaim {
    /// No claim can be stored under this name.
    #[error(transparent)]
    Name(#[from] InvalidClaimName),
    /// The value has the wrong JSON type, or is empty.
    #[error("{0} has the wrong type or is empty")]
    Type(String),
    /// More than [`MAX_CLAIM_BYTES`].
    #[error("{0} has more than {MAX_CLAIM_BYTES} bytes")]
    TooLong(String),
    /// More than [`MAX_CUSTOM_CLAIMS_BYTES`].
    #[error("all custom claims together have more than {MAX_CUSTOM_CLAIMS_BYTES} bytes")]
    AllTooLong,
    /// The value of `email` is not an e-mail address.
    #[error("email: {0}")]
    Email(InvalidEmail),
}

/// The claims that are stored of a user: standard ones, each of the JSON type that OpenID Connect Core §5.1 gives it, and custom
/// ones of any type.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct ProfileClaims(Map<String, Value>);

impl ProfileClaims {
    /// The value of the claim `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Every claim that is stored.
    #[must_use]
    pub const fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The names of the custom claims.
    pub fn custom(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(|name| !is_standard(name))
    }

    /// These claims with `changes` applied: a value replaces, null removes (RFC 7396). A changed e-mail address or phone
    /// number is no longer verified, unless the changes say that it is.
    ///
    /// # Errors
    /// [`InvalidClaim`] for the first change that cannot be stored. The removal of a claim that cannot be stored is refused too.
    pub fn amended(&self, changes: Map<String, Value>) -> Result<Self, InvalidClaim> {
        let mut claims = self.0.clone();
        for (claim, verified) in VERIFIABLE {
            if changes.get(claim).is_some_and(|new| claims.get(claim) != Some(new)) {
                claims.remove(verified);
            }
        }
        for (name, value) in changes {
            check_claim_name(&name)?;
            if value.is_null() {
                claims.remove(&name);
            } else {
                let value = if name == "email" { email(value)? } else { value };
                claims.insert(name, value);
            }
        }
        check_sizes(&claims)?;
        claims.try_into()
    }
}

fn check_sizes(claims: &Map<String, Value>) -> Result<(), InvalidClaim> {
    let mut all = 0;
    for (name, value) in claims.iter().filter(|(name, _)| !is_standard(name)) {
        let bytes = name.len() + value.to_string().len();
        if bytes > MAX_CLAIM_BYTES {
            return Err(InvalidClaim::TooLong(name.clone()));
        }
        all += bytes;
    }
    if all > MAX_CUSTOM_CLAIMS_BYTES { Err(InvalidClaim::AllTooLong) } else { Ok(()) }
}

/// An e-mail address as it is stored. A value of another type is refused later, with all others.
fn email(value: Value) -> Result<Value, InvalidClaim> {
    match value.as_str().filter(|text| !text.is_empty()).map(str::parse::<EmailAddress>) {
        Some(Ok(address)) => Ok(address.to_text().into()),
        Some(Err(reason)) => Err(InvalidClaim::Email(reason)),
        None => Ok(value),
    }
}

/// Whether `name` is one of [`STANDARD`].
#[must_use]
pub fn is_standard(name: &str) -> bool {
    STANDARD.iter().any(|(_, claim)| *claim == name)
}

/// The scope that opens the claim `name`; none if `name` is not a standard claim about a user.
#[must_use]
pub fn naming_scope(name: &str) -> Option<&'static str> {
    STANDARD.into_iter().find(|(_, claim)| *claim == name).map(|(scope, _)| scope)
}

impl TryFrom<Map<String, Value>> for ProfileClaims {
    type Error = InvalidClaim;

    fn try_from(claims: Map<String, Value>) -> Result<Self, Self::Error> {
        for (name, value) in &claims {
            check_claim_name(name)?;
            let fits = match name.as_str() {
                "email_verified" | "phone_number_verified" => value.is_boolean(),
                "address" => value.as_object().is_some_and(|members| !members.is_empty()),
                standard if is_standard(standard) => value.as_str().is_some_and(|text| !text.is_empty()),
                _ => !value.is_null(),
            };
            if !fits {
                return Err(InvalidClaim::Type(name.clone()));
            }
        }
        Ok(Self(claims))
    }
}

impl From<ProfileClaims> for Map<String, Value> {
    fn from(claims: ProfileClaims) -> Self {
        claims.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Result<ProfileClaims, InvalidClaim> {
        serde_json::from_value::<Map<String, Value>>(value).unwrap().try_into()
    }

    #[test]
    fn a_claim_of_the_wrong_type_is_refused() {
        assert!(claims(json!({"name": "Ada", "email_verified": true, "address": {"country": "UK"}})).is_ok());
        assert_eq!(
            claims(json!({"email_verified": "yes"})),
            Err(InvalidClaim::Type("email_verified".into()))
        );
        assert_eq!(claims(json!({"name": ""})), Err(InvalidClaim::Type("name".into())));
        assert!(matches!(claims(json!({"sub": "x"})), Err(InvalidClaim::Name(_))));
        assert_eq!(claims(json!({"department": null})), Err(InvalidClaim::Type("department".into())));
    }

    #[test]
    fn a_custom_claim_has_any_json_value_of_a_limited_size() {
        let custom = json!({
            "department": "research", "level": 7, "on_call": false, "https://example.com/rooms": ["a", {"floor": 2}],
        });
        let kept = ProfileClaims::default().amended(custom.as_object().unwrap().clone()).unwrap();
        assert_eq!(serde_json::to_value(&kept).unwrap(), custom);
        assert_eq!(serde_json::from_value::<ProfileClaims>(custom).unwrap(), kept, "as it is read again");
        let with = |name: &str, text: usize| {
            kept.amended(Map::from_iter([(name.to_owned(), Value::from("x".repeat(text)))]))
        };
        // The name and the quotation marks count.
        assert!(with("text", MAX_CLAIM_BYTES - 6).is_ok());
        assert_eq!(with("text", MAX_CLAIM_BYTES - 5), Err(InvalidClaim::TooLong("text".to_owned())));
        let many = (0..4).map(|number| (format!("c{number}"), "x".repeat(MAX_CLAIM_BYTES - 10).into()));
        assert_eq!(kept.amended(many.clone().collect()), Err(InvalidClaim::AllTooLong));
        assert!(kept.amended(many.take(3).collect()).is_ok());
    }

    #[test]
    fn a_change_replaces_or_removes_and_what_is_not_named_stays() {
        let before =
            claims(json!({"name": "Ada", "email": "a@example.com", "email_verified": true})).unwrap();
        for (changes, after) in [
            (json!({}), json!({"name": "Ada", "email": "a@example.com", "email_verified": true})),
            (json!({"name": null}), json!({"email": "a@example.com", "email_verified": true})),
            // The same address as before is verified as before, another one or none is not.
            (
                json!({"email": "a@example.com", "name": "Lovelace"}),
                json!({"name": "Lovelace", "email": "a@example.com", "email_verified": true}),
            ),
            (json!({"email": "b@example.com"}), json!({"name": "Ada", "email": "b@example.com"})),
            (json!({"email": null}), json!({"name": "Ada"})),
            (
                json!({"email": "b@example.com", "email_verified": true}),
                json!({"name": "Ada", "email": "b@example.com", "email_verified": true}),
            ),
        ] {
            let changes: Map<String, Value> = serde_json::from_value(changes).unwrap();
            let amended = before.amended(changes.clone()).unwrap();
            assert_eq!(serde_json::to_value(&amended).unwrap(), after, "{changes:?}");
            assert_eq!(amended.as_map(), after.as_object().unwrap());
            assert_eq!(amended.get("name"), after.get("name"));
            assert_eq!(amended.get("email"), after.get("email"));
        }
    }

    #[test]
    fn a_new_email_is_an_address_and_one_that_was_stored_before_can_be_read() {
        let change = |email: &str| {
            let changes = Map::from_iter([("email".to_owned(), email.into())]);
            ProfileClaims::default().amended(changes).map(|claims| claims.get("email").cloned())
        };
        assert_eq!(change("Ada@example.com"), Ok(Some("Ada@example.com".into())));
        assert_eq!(change("ada\u{ff20}example.com"), Ok(Some("ada@example.com".into())));
        assert_eq!(change("ada"), Err(InvalidClaim::Email(InvalidEmail::NoAt)));
        assert_eq!(change(""), Err(InvalidClaim::Type("email".into())));
        assert!(claims(json!({"email": "ada"})).is_ok());
    }

    #[test]
    fn what_the_server_sets_itself_can_be_neither_set_nor_removed() {
        for name in ["preferred_username", "updated_at", "sub", "groups"] {
            let refused = InvalidClaim::Name(InvalidClaimName::Reserved(name.to_owned()));
            for value in [json!("x"), Value::Null] {
                let changes = Map::from_iter([(name.to_owned(), value)]);
                assert_eq!(ProfileClaims::default().amended(changes), Err(refused.clone()));
            }
            assert_eq!(claims(json!({name: "x"})), Err(refused));
        }
    }
}
