//! The `claims` request parameter (OpenID Connect Core §5.5): individual claims for UserInfo or the ID token.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::claims::VERIFIABLE;
use crate::person::PersonView;
use crate::unique_json::UniqueJson;
use crate::{DeclaredScopes, Scope};

/// The maximum length of the parameter, in bytes.
pub const MAX_BYTES: usize = 8 * 1024;

const SUB: &str = "sub";
const ACR: &str = "acr";

/// The claims that a client requests by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    userinfo: BTreeMap<String, WantedClaim>,
    id_token: BTreeMap<String, WantedClaim>,
}

/// How one claim is requested (§5.5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedClaim {
    essential: bool,
    /// The accepted values; any value is accepted if the list is empty.
    values: Vec<Value>,
}

/// Why a `claims` parameter is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClaimsRequest {
    /// More than [`MAX_BYTES`].
    #[error("claims is too long")]
    TooLong,
    /// Not a JSON object.
    #[error("claims is not a JSON object")]
    NotAnObject,
    /// A member has another JSON type than §5.5 gives it.
    #[error("{0} in claims has the wrong type")]
    Type(String),
}

impl WantedClaim {
    fn parse(name: &str, asked: Value) -> Result<Self, InvalidClaimsRequest> {
        let wrong = || InvalidClaimsRequest::Type(name.to_owned());
        let mut members = match asked {
            Value::Null => return Ok(Self::default()),
            Value::Object(members) => members,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return Err(wrong()),
        };
        let essential = match members.remove("essential") {
            None => false,
            Some(Value::Bool(essential)) => essential,
            Some(_) => return Err(wrong()),
        };
        let mut values = match members.remove("values") {
            None => Vec::new(),
            Some(Value::Array(values)) if !values.is_empty() => values,
            Some(_) => return Err(wrong()),
        };
        values.extend(members.remove("value"));
        let only_texts = name == SUB || name == ACR;
        if only_texts && !values.iter().all(Value::is_string) {
            return Err(wrong());
        }
        Ok(Self { essential, values })
    }

    fn admits(&self, value: &Value) -> bool {
        self.values.is_empty() || self.values.contains(value)
    }
}

impl ClaimsRequest {
    /// Whether this user is the one that the client expects: a requested `sub` value admits no other user (§5.5.1).
    #[must_use]
    pub fn admits_subject(&self, subject: &str) -> bool {
        self.wanted(SUB).all(|wanted| wanted.admits(&subject.into()))
    }

    /// Whether the request accepts a session of this authentication context: only an essential `acr` is a condition
    /// (§5.5.1.1).
    #[must_use]
    pub fn admits_context(&self, context: Option<&str>) -> bool {
        let context = context.map_or(Value::Null, Value::from);
        self.wanted(ACR).filter(|wanted| wanted.essential).all(|wanted| wanted.admits(&context))
    }

    /// The requested authentication contexts, the best first.
    pub fn wanted_contexts(&self) -> impl Iterator<Item = &str> {
        [self.id_token.get(ACR), self.userinfo.get(ACR)]
            .into_iter()
            .flatten()
            .flat_map(|wanted| wanted.values.iter().filter_map(Value::as_str))
    }

    /// The same request without the claims that `scope` does not open, including those that no scope opens: a client cannot
    /// request by name a claim whose scope it may not request.
    #[must_use]
    pub fn within(mut self, scope: &Scope, declared: &DeclaredScopes) -> Self {
        let allowed =
            |name: &String, _: &mut WantedClaim| !is_about_user(name) || declared.opens(scope, name);
        self.userinfo.retain(allowed);
        self.id_token.retain(allowed);
        self
    }

    /// The names of the requested claims that `scope` does not open.
    #[must_use]
    pub fn beyond(&self, scope: &Scope, declared: &DeclaredScopes) -> BTreeSet<String> {
        let names = self.userinfo.keys().chain(self.id_token.keys());
        let beyond = |name: &&String| is_about_user(name) && !declared.opens(scope, name);
        names.filter(beyond).cloned().collect()
    }

    /// The requested claims for UserInfo that this person has, with a requested value if the request names values.
    #[must_use]
    pub fn for_userinfo(&self, person: PersonView<'_>) -> Map<String, Value> {
        answer(&self.userinfo, person)
    }

    /// The requested claims for the ID token that this person has.
    #[must_use]
    pub fn for_id_token(&self, person: PersonView<'_>) -> Map<String, Value> {
        answer(&self.id_token, person)
    }

    /// The names of the claims that are requested for UserInfo.
    pub fn names_for_userinfo(&self) -> impl Iterator<Item = &str> {
        self.userinfo.keys().map(String::as_str).filter(|name| is_about_user(name))
    }

    /// The names of the claims that are requested for the ID token.
    pub fn names_for_id_token(&self) -> impl Iterator<Item = &str> {
        self.id_token.keys().map(String::as_str).filter(|name| is_about_user(name))
    }

    fn wanted(&self, name: &str) -> impl Iterator<Item = &WantedClaim> {
        [self.userinfo.get(name), self.id_token.get(name)].into_iter().flatten()
    }
}

/// The requested claims that this person has. `email` and `phone_number` never come without the claim that says whether they
/// are verified.
fn answer(requested: &BTreeMap<String, WantedClaim>, person: PersonView<'_>) -> Map<String, Value> {
    let provided = |(name, wanted): (&String, &WantedClaim)| {
        let value = Some(name).filter(|name| is_about_user(name)).and_then(|name| person.claim(name));
        let value = value.filter(|value| wanted.admits(value))?;
        Some((name.clone(), value))
    };
    let mut answer: Map<String, Value> = requested.iter().filter_map(provided).collect();
    for (claim, verified) in VERIFIABLE {
        if answer.contains_key(claim) && !requested.contains_key(verified) {
            answer.extend(person.claim(verified).map(|value| (verified.to_owned(), value)));
        }
    }
    answer
}

impl FromStr for ClaimsRequest {
    type Err = InvalidClaimsRequest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_BYTES {
            return Err(InvalidClaimsRequest::TooLong);
        }
        let Ok(UniqueJson(Value::Object(mut members))) = serde_json::from_str(text) else {
            return Err(InvalidClaimsRequest::NotAnObject);
        };
        let mut part = |name: &str| match members.remove(name) {
            None => Ok(BTreeMap::new()),
            Some(Value::Object(asked)) => wanted_claims(asked),
            Some(_) => Err(InvalidClaimsRequest::Type(name.to_owned())),
        };
        Ok(Self { userinfo: part("userinfo")?, id_token: part("id_token")? })
    }
}

fn wanted_claims(asked: Map<String, Value>) -> Result<BTreeMap<String, WantedClaim>, InvalidClaimsRequest> {
    let mut wanted = BTreeMap::new();
    for (name, how) in asked {
        let how = WantedClaim::parse(&name, how)?;
        wanted.insert(name, how);
    }
    Ok(wanted)
}

/// Whether this is no claim of the protocol, which is a condition and not an answer.
fn is_about_user(name: &str) -> bool {
    name != SUB && name != ACR
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::{DeclaredScope, Person, User, UserId};

    fn parsed(text: &str) -> ClaimsRequest {
        text.parse().unwrap()
    }

    #[test]
    fn the_request_of_openid_connect_core_5_5_is_understood() {
        let request = parsed(
            r#"{"userinfo": {"given_name": {"essential": true}, "nickname": null, "email": {"essential": true},
                "email_verified": {"essential": true}, "picture": null, "http://example.info/claims/groups": null},
                "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}}}"#,
        );
        let declared = DeclaredScopes::default();
        let request = request.within(&"openid profile email".parse().unwrap(), &declared);
        let names = request.beyond(&"openid email".parse().unwrap(), &declared);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["given_name", "nickname", "picture"]);
        assert!(request.admits_context(None), "a voluntary acr is no condition");
        assert_eq!(request.names_for_id_token().count(), 0);
    }

    #[test]
    fn what_has_another_type_than_the_specification_gives_it_is_refused() {
        for text in [
            r#"{"id_token":{"sub":{"value":"x"},"sub":null}}"#,
            r#"{"id_token":{},"id_token":{}}"#,
            "",
            "null",
            "[]",
            "{",
            "\"userinfo\"",
            r#"{"userinfo":null}"#,
            r#"{"userinfo":[]}"#,
            r#"{"id_token":"email"}"#,
            r#"{"userinfo":{"email":true}}"#,
            r#"{"userinfo":{"unknown":1}}"#,
            r#"{"userinfo":{"email":{"essential":"true"}}}"#,
            r#"{"userinfo":{"email":{"values":"a"}}}"#,
            r#"{"userinfo":{"email":{"values":[]}}}"#,
            r#"{"id_token":{"sub":{"value":1}}}"#,
            r#"{"id_token":{"acr":{"values":[null]}}}"#,
        ] {
            assert!(text.parse::<ClaimsRequest>().is_err(), "{text}");
        }
        for text in
            ["{}", r#"{"other":7,"userinfo":{"email":{"other":[]}}}"#, r#"{"userinfo":{"email":null}}"#]
        {
            assert!(text.parse::<ClaimsRequest>().is_ok(), "{text}");
        }
        let of_length = |length: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(length - 8));
        assert!(of_length(8_192).parse::<ClaimsRequest>().is_ok());
        assert_eq!(of_length(8_193).parse::<ClaimsRequest>(), Err(InvalidClaimsRequest::TooLong));
    }

    #[test]
    fn a_subject_with_a_value_and_an_essential_context_are_conditions() {
        let request = parsed(r#"{"userinfo":{"sub":{"values":["a","b"]}},"id_token":{"sub":{"value":"b"}}}"#);
        assert!(request.admits_subject("b"));
        assert!(!request.admits_subject("a") && !request.admits_subject("c"));
        let gold = parsed(r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#);
        assert!(gold.admits_context(Some("gold")));
        assert!(!gold.admits_context(Some("silver")) && !gold.admits_context(None));
        assert_eq!(gold.wanted_contexts().collect::<Vec<_>>(), ["gold"]);
        assert!(parsed(r#"{"id_token":{"acr":{"essential":true}}}"#).admits_context(None));
    }

    #[test]
    fn a_client_asks_one_by_one_for_what_it_may_ask_for_as_a_scope_only() {
        let request = parsed(
            r#"{"userinfo":{"email":null,"name":null,"team":null,"unknown":null},"id_token":{"sub":{"value":"a"},"phone_number":null}}"#,
        );
        let declared = DeclaredScope { claims: ["team".to_owned()].into(), ..DeclaredScope::default() };
        let declared = DeclaredScopes::from_iter([("staff".to_owned(), declared)]);
        let within = |scope: &str| request.clone().within(&scope.parse().unwrap(), &declared);
        assert_eq!(
            within("openid profile"),
            parsed(r#"{"userinfo":{"name":null},"id_token":{"sub":{"value":"a"}}}"#)
        );
        assert_eq!(within("staff"), parsed(r#"{"userinfo":{"team":null},"id_token":{"sub":{"value":"a"}}}"#));
    }

    #[test]
    fn a_requested_claim_is_answered_with_the_value_that_the_user_has_or_not_at_all() {
        let claims = json!({"name": "Ada", "email": "ada@example.com", "phone_number": "+44", "phone_number_verified": true});
        let user = User {
            id: UserId::from_random([1; 16]),
            username: "ada".parse().unwrap(),
            password: None,
            claims: serde_json::from_value(claims).unwrap(),
            administrator: false,
            disabled_at: None,
            unlocked_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let person = Person::without_groups(user);
        let user = person.seen_with(None);
        for (requested, answered) in [
            (json!({}), json!({})),
            (json!({"name": null, "nickname": null}), json!({"name": "Ada"})),
            (json!({"name": {"value": "Ada"}}), json!({"name": "Ada"})),
            (json!({"name": {"values": ["Eve", "Mallory"]}}), json!({})),
            (json!({"sub": null, "acr": null}), json!({})),
            // Where a client asks for an address only, it is told whether that is verified too.
            (json!({"email": null}), json!({"email": "ada@example.com", "email_verified": false})),
            (json!({"phone_number": null}), json!({"phone_number": "+44", "phone_number_verified": true})),
            (json!({"phone_number_verified": null}), json!({"phone_number_verified": true})),
            // It asked for an address that is verified, and this one is not.
            (json!({"email": null, "email_verified": {"value": true}}), json!({"email": "ada@example.com"})),
        ] {
            let for_userinfo = parsed(&json!({"userinfo": requested}).to_string());
            let for_id_token = parsed(&json!({"id_token": requested}).to_string());
            assert_eq!(Value::from(for_userinfo.for_userinfo(user)), answered, "{requested}");
            assert_eq!(Value::from(for_id_token.for_id_token(user)), answered, "{requested}");
            assert!(for_userinfo.for_id_token(user).is_empty() && for_id_token.for_userinfo(user).is_empty());
            let about_user = requested.as_object().unwrap().keys().any(|name| name != "sub" && name != "acr");
            let asks = |request: &ClaimsRequest| request.names_for_id_token().next().is_some();
            assert_eq!((asks(&for_userinfo), asks(&for_id_token)), (false, about_user));
        }
    }
}
