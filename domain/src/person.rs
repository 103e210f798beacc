//! A user with the groups that they are in, and what a client sees of them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::claim_name::is_of_protocols;
use crate::claims::{VERIFIABLE, is_standard};
use crate::group::{GroupClaims, GroupName};
use crate::scope::GROUPS;
use crate::{ClaimMapping, User};

/// A user and their groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub user: User,
    /// The groups that they are in, in the order of their names in lower case. None are known if no claim needs them.
    pub memberships: Vec<Membership>,
}

/// A group of a user, with the data that claims need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The name of the group.
    pub name: GroupName,
    /// The claims of its members.
    pub claims: GroupClaims,
}

/// The claims of a person as one client sees them.
#[derive(Debug, Clone, Copy)]
pub struct PersonView<'a> {
    person: &'a Person,
    mapping: Option<&'a ClaimMapping>,
}

impl Person {
    /// A user whose groups no claim needs.
    #[must_use]
    pub const fn without_groups(user: User) -> Self {
        Self { user, memberships: Vec::new() }
    }

    /// Whether the claim `name` may come from the groups of a person: standard claims are the user's own,
    /// and a claim of a protocol never comes from stored data.
    #[must_use]
    pub fn may_come_from_groups(name: &str) -> bool {
        !is_standard(name) && !is_of_protocols(name)
    }

    /// The view of a client with this mapping.
    #[must_use]
    pub const fn seen_with<'a>(&'a self, mapping: Option<&'a ClaimMapping>) -> PersonView<'a> {
        PersonView { person: self, mapping }
    }
}

impl PersonView<'_> {
    /// The value of the claim `name`: the user's own, else that of the first group that has one and that
    /// the client sees.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value> {
        let Person { user, memberships } = self.person;
        let shown = || memberships.iter().filter(|group| self.mapping.is_none_or(|it| it.shows(&group.name)));
        if name == GROUPS {
            return Some(shown().map(|group| group.name.as_str()).collect());
        }
        let of_groups = || shown().find_map(|group| group.claims.as_map().get(name)).cloned();
        user.claim(name).or_else(|| of_groups().filter(|_| Person::may_come_from_groups(name)))
    }

    /// The claims of these names that the person has, not mapped yet. An address never comes without the claim that says whether
    /// it is verified.
    #[must_use]
    pub fn claims<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Map<String, Value> {
        let named = |name: &str| Some((name.to_owned(), self.claim(name)?));
        let mut claims: Map<String, Value> = names.into_iter().filter_map(named).collect();
        for (claim, verified) in VERIFIABLE {
            if claims.contains_key(claim) {
                claims.extend(named(verified));
            }
        }
        claims
    }

    /// These claims under the names, in the shapes and with the values that the client wants.
    #[must_use]
    pub fn mapped(&self, claims: Map<String, Value>) -> Map<String, Value> {
        match self.mapping {
            Some(mapping) => mapping.apply(claims, &self.person.user),
            None => claims,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::{ClaimsRequest, DeclaredScopes, UserId};

    fn ada(claims: Value, groups: &[(&str, Value)]) -> Person {
        let user = User {
            id: UserId::from_random([1; 16]),
            username: "Ada".parse().unwrap(),
            password: None,
            claims: serde_json::from_value(claims).unwrap(),
            administrator: false,
            disabled_at: None,
            unlocked_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::from_timestamp(1_800_000_000, 5).unwrap(),
        };
        let membership = |(name, claims): &(&str, Value)| Membership {
            name: name.parse().unwrap(),
            claims: serde_json::from_value(claims.clone()).unwrap(),
        };
        Person { user, memberships: groups.iter().map(membership).collect() }
    }

    #[test]
    fn a_scope_opens_the_claims_that_the_user_has_and_the_derived_ones() {
        let person = ada(
            json!({
                "name": "Ada Lovelace", "email": "ada@example.com", "phone_number": "+44",
                "phone_number_verified": true,
            }),
            &[],
        );
        let declared = DeclaredScopes::default();
        for (scope, opened) in [
            ("openid", json!({})),
            (
                "profile",
                json!({"name": "Ada Lovelace", "preferred_username": "Ada", "updated_at": 1_800_000_000}),
            ),
            // An address that is not known to be verified is said not to be.
            ("email", json!({"email": "ada@example.com", "email_verified": false})),
            ("phone address", json!({"phone_number": "+44", "phone_number_verified": true})),
            ("groups", json!({"groups": []})),
        ] {
            let names = declared.claims_in(&scope.parse().unwrap());
            assert_eq!(Value::from(person.seen_with(None).claims(names)), opened, "{scope}");
        }
        let alone = person.seen_with(None).claims(["email"]);
        assert_eq!(Value::from(alone), json!({"email": "ada@example.com", "email_verified": false}));
    }

    #[test]
    fn a_claim_of_the_user_beats_that_of_a_group_and_that_of_the_first_group_the_others() {
        let person = ada(
            json!({"desk": 1}),
            &[("a", json!({"desk": 2, "floor": 3})), ("b", json!({"floor": 4, "site": "x"}))],
        );
        let claims = person.seen_with(None).claims(["desk", "floor", "site", "other", "groups"]);
        assert_eq!(Value::from(claims), json!({"desk": 1, "floor": 3, "site": "x", "groups": ["a", "b"]}));
    }

    #[test]
    fn a_group_gives_no_claim_of_a_protocol_and_none_to_a_client_that_does_not_see_it() {
        let claims = json!({"sub": "victim", "acr": "gold", "iss": "https://evil.example", "desk": 7});
        let person = ada(json!({}), &[("staff", claims)]);
        let seen = person.seen_with(None);
        for name in ["sub", "acr", "iss"] {
            assert_eq!(seen.claim(name), None, "{name}");
        }
        let wanted: ClaimsRequest =
            r#"{"userinfo": {"sub": null, "acr": null, "desk": null}}"#.parse().unwrap();
        assert_eq!(Value::from(wanted.for_userinfo(seen)), json!({"desk": 7}));
        let mapping = serde_json::from_value(json!({"visible_groups": ["others"], "claims": []})).unwrap();
        assert_eq!(person.seen_with(Some(&mapping)).claim("desk"), None);
    }
}
