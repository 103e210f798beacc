//! How one client wants its claims: which groups it sees, and which claims it gets under another name, in another shape or with
//! other values. See docs/decisions/groups-and-claims.md.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::User;
use crate::claim_name::{InvalidClaimName, is_of_protocols};
use crate::claims::VERIFIABLE;
use crate::group::GroupName;

/// More rules, values or groups than any application has.
const MAX_ENTRIES: usize = 500;
/// How deep a claim may be: `["resource_access", "web", "roles"]` is three.
const MAX_DEPTH: usize = 5;

/// The mapping of a client. A claim that a rule takes its value from is left out, unless a rule makes it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct ClaimMapping(Written);

/// The mapping as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The groups that the client sees: names, or the beginnings of names with `*` behind them; all without a list. A stored
    /// mapping that has lost it is not read, because the client would see more.
    #[serde(deserialize_with = "Option::deserialize")]
    visible_groups: Option<Vec<String>>,
    claims: Vec<Rule>,
}

/// Makes one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// The name of the claim, or the names that lead to it in nested objects.
    claim: Place,
    /// The claim that it is made from.
    from: String,
    /// The replacement of each value; an unlisted value is left out. Without a list, all values stay unchanged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<Replacement>,
    /// Only the first value in the order of `values`, not a list.
    #[serde(default, skip_serializing_if = "is_false")]
    first: bool,
    /// The value if the source has no matching value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    otherwise: Option<Value>,
    /// The characters that the application accepts in a user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alphabet: Option<Alphabet>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Place {
    Name(String),
    Path(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    from: String,
    to: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Alphabet {
    /// `a-z`, `0-9`, `.`, `_` and `-`, with a letter or digit first.
    #[serde(rename = "ascii")]
    Ascii,
}

/// Why a document is no mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClaimMapping {
    /// A claim cannot have this name.
    #[error(transparent)]
    Name(#[from] InvalidClaimName),
    /// The claim says whether another one is verified, or is verified itself.
    #[error("no rule can make {0}: applications trust whether it is verified")]
    Verifiable(String),
    /// The claim that says whether another one is verified would be left out.
    #[error("a rule cannot leave {0} out: its claim never comes without it")]
    Verified(String),
    /// A path is empty or too deep.
    #[error("claim must be a name, or a list of 1 to {MAX_DEPTH} names")]
    Path,
    /// Two rules make one claim, or one inside the other.
    #[error("two rules make the claim {0}")]
    Twice(String),
    /// A pattern can never match a group.
    #[error("{0:?} in visible_groups is not the name of a group, nor the beginning of one with * behind it")]
    Pattern(String),
    /// The alphabet is for names.
    #[error("alphabet is for from: preferred_username, without values and first")]
    Alphabet,
    /// `first` and `otherwise` choose among values.
    #[error("first needs values")]
    First,
    /// Too many entries.
    #[error("visible_groups, claims and values have at most {MAX_ENTRIES} entries")]
    TooMany,
}

impl ClaimMapping {
    /// The mapping of a document, in which both members may be left out.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_document(mut document: Map<String, Value>) -> Result<Self, String> {
        document.entry("visible_groups").or_insert(Value::Null);
        document.entry("claims").or_insert_with(|| Value::Array(Vec::new()));
        serde_json::from_value(Value::Object(document)).map_err(|reason| reason.to_string())
    }

    /// Whether the client may see that a user is in this group. The case of letters does not matter.
    #[must_use]
    pub fn shows(&self, group: &GroupName) -> bool {
        let name = group.key();
        let matches = |pattern: &String| match pattern.to_ascii_lowercase().strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == pattern.to_ascii_lowercase(),
        };
        self.0.visible_groups.as_ref().is_none_or(|patterns| patterns.iter().any(matches))
    }

    /// The claims about this user as the client wants them.
    #[must_use]
    pub fn apply(&self, mut claims: Map<String, Value>, user: &User) -> Map<String, Value> {
        let rules = self.0.claims.iter();
        let made = rules.filter_map(|rule| Some((&rule.claim, rule.value(claims.get(&rule.from)?, user)?)));
        let made: Vec<(&Place, Value)> = made.collect();
        claims.retain(|name, _| self.0.claims.iter().all(|rule| rule.from != *name));
        for (place, value) in made {
            put(&mut claims, place.names(), value);
        }
        claims
    }
}

impl Rule {
    /// The value of the claim; none if it is left out.
    fn value(&self, source: &Value, user: &User) -> Option<Value> {
        if self.alphabet.is_some() {
            return Some(user.narrow_username().into());
        }
        if self.values.is_empty() {
            let is_empty = source.as_array().is_some_and(Vec::is_empty);
            return self.otherwise.clone().filter(|_| is_empty).or_else(|| Some(source.clone()));
        }
        let given = source.as_array().map_or(std::slice::from_ref(source), Vec::as_slice);
        let has = |text: &str| given.iter().filter_map(Value::as_str).any(|it| it.eq_ignore_ascii_case(text));
        let mut found: Vec<Value> = Vec::new();
        for Replacement { from, to } in &self.values {
            if has(from) && !found.contains(to) {
                found.push(to.clone());
            }
        }
        match (self.first, found.is_empty()) {
            (true, _) => found.into_iter().next().or_else(|| self.otherwise.clone()),
            (false, true) => Some(self.otherwise.clone().unwrap_or(Value::Array(found))),
            (false, false) => Some(Value::Array(found)),
        }
    }
}

impl Place {
    fn names(&self) -> &[String] {
        match self {
            Self::Name(name) => std::slice::from_ref(name),
            Self::Path(names) => names,
        }
    }
}

/// Puts a value at a place, in objects that are made where there are none.
fn put(claims: &mut Map<String, Value>, names: &[String], value: Value) {
    match names {
        [] => {}
        [name] => drop(claims.insert(name.clone(), value)),
        [name, rest @ ..] => {
            let inner = claims.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

impl TryFrom<Written> for ClaimMapping {
    type Error = InvalidClaimMapping;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let lengths = written
            .claims
            .iter()
            .map(|rule| rule.values.len())
            .chain([written.claims.len(), written.visible_groups.as_ref().map_or(0, Vec::len)]);
        if lengths.into_iter().any(|length| length > MAX_ENTRIES) {
            return Err(InvalidClaimMapping::TooMany);
        }
        let is_name = |text: &str| text.parse::<GroupName>().is_ok();
        // Some name begins like that: one letter more makes it one.
        let fits = |pattern: &&String| match pattern.strip_suffix('*') {
            Some(beginning) => is_name(&format!("{beginning}x")),
            None => is_name(pattern),
        };
        if let Some(pattern) = written.visible_groups.iter().flatten().find(|pattern| !fits(pattern)) {
            return Err(InvalidClaimMapping::Pattern(pattern.clone()));
        }
        for (position, rule) in written.claims.iter().enumerate() {
            rule.check()?;
            let others = written.claims.iter().take(position).map(|other| other.claim.names());
            let names = rule.claim.names();
            if others.into_iter().any(|other| other.starts_with(names) || names.starts_with(other)) {
                return Err(InvalidClaimMapping::Twice(names.join(".")));
            }
        }
        Ok(Self(written))
    }
}

impl Rule {
    fn check(&self) -> Result<(), InvalidClaimMapping> {
        let names = self.claim.names();
        let Some(outer) = names.first().filter(|_| names.len() <= MAX_DEPTH) else {
            return Err(InvalidClaimMapping::Path);
        };
        if VERIFIABLE.iter().any(|(claim, verified)| claim == outer || verified == outer) {
            return Err(InvalidClaimMapping::Verifiable(outer.clone()));
        }
        if VERIFIABLE.iter().any(|(_, verified)| *verified == self.from) {
            return Err(InvalidClaimMapping::Verified(self.from.clone()));
        }
        if is_of_protocols(outer) {
            return Err(InvalidClaimName::Reserved(outer.clone()).into());
        }
        let is_of_names = self.from == "preferred_username" && self.values.is_empty() && !self.first;
        if self.alphabet.is_some() && !is_of_names {
            return Err(InvalidClaimMapping::Alphabet);
        }
        if self.first && self.values.is_empty() {
            return Err(InvalidClaimMapping::First);
        }
        Ok(())
    }
}

impl From<ClaimMapping> for Written {
    fn from(mapping: ClaimMapping) -> Self {
        mapping.0
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::UserId;

    fn mapping(written: &Value) -> Result<ClaimMapping, String> {
        let document = written.as_object().ok_or("not an object")?;
        ClaimMapping::from_document(document.clone())
    }

    /// The claims of a person in these groups after this one rule.
    fn after(rule: &Value, groups: &[&str]) -> Value {
        let user = User {
            id: UserId::from_random([1; 16]),
            username: "Ada".parse().unwrap(),
            password: None,
            claims: serde_json::from_value(json!({})).unwrap(),
            administrator: false,
            disabled_at: None,
            unlocked_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let claims = json!({"groups": groups, "team": "red", "preferred_username": "Ada", "roles": 7});
        let mapping = mapping(&json!({"claims": [rule]})).unwrap();
        Value::Object(mapping.apply(claims.as_object().unwrap().clone(), &user))
    }

    #[test]
    fn a_rule_makes_one_claim_and_takes_the_place_of_its_source() {
        let others = |mut all: Value, made: Value| {
            all.as_object_mut().unwrap().extend(made.as_object().unwrap().clone());
            all
        };
        let base = json!({"team": "red", "preferred_username": "Ada", "roles": 7});
        let values = json!([{"from": "B", "to": "writer"}, {"from": "a", "to": {"level": 1}}, {"from": "c", "to": "writer"}]);
        for (rule, groups, made) in [
            (json!({"claim": "x", "from": "groups"}), &["a", "b"][..], json!({"x": ["a", "b"]})),
            (json!({"claim": "x", "from": "groups"}), &[], json!({"x": []})),
            (json!({"claim": "x", "from": "groups", "otherwise": ["guest"]}), &[], json!({"x": ["guest"]})),
            (json!({"claim": "groups", "from": "groups"}), &["a"], json!({"groups": ["a"]})),
            (json!({"claim": "roles", "from": "groups"}), &["a"], json!({"roles": ["a"]})),
            (json!({"claim": ["x", "y", "z"], "from": "groups"}), &["a"], json!({"x": {"y": {"z": ["a"]}}})),
            (json!({"claim": ["roles", "y"], "from": "groups"}), &["a"], json!({"roles": {"y": ["a"]}})),
            (
                json!({"claim": "x", "from": "groups", "values": values}),
                &["a", "b", "c", "d"],
                json!({"x": ["writer", {"level": 1}]}),
            ),
            (json!({"claim": "x", "from": "groups", "values": values}), &["d"], json!({"x": []})),
            (
                json!({"claim": "x", "from": "groups", "values": values, "otherwise": "none"}),
                &["d"],
                json!({"x": "none"}),
            ),
            (
                json!({"claim": "x", "from": "groups", "values": values, "first": true}),
                &["a", "b"],
                json!({"x": "writer"}),
            ),
            (json!({"claim": "x", "from": "groups", "values": values, "first": true}), &["d"], json!({})),
            (
                json!({"claim": "x", "from": "groups", "values": values, "first": true, "otherwise": 0}),
                &["d"],
                json!({"x": 0}),
            ),
        ] {
            assert_eq!(after(&rule, groups), others(base.clone(), made), "{rule} {groups:?}");
        }
        let all = |team: Value| json!({"groups": [], "preferred_username": "Ada", "roles": 7, "unit": team});
        assert_eq!(after(&json!({"claim": "unit", "from": "team"}), &[]), all(json!("red")));
        let red = json!([{"from": "red", "to": "R"}]);
        assert_eq!(after(&json!({"claim": "unit", "from": "team", "values": red}), &[]), all(json!(["R"])));
        assert_eq!(
            after(&json!({"claim": "unit", "from": "team", "values": red, "first": true}), &[]),
            all(json!("R"))
        );
        let narrow =
            after(&json!({"claim": "username", "from": "preferred_username", "alphabet": "ascii"}), &[]);
        assert_eq!(narrow["username"], "ada");
        assert_eq!(after(&json!({"claim": "x", "from": "missing", "otherwise": 1}), &[]).get("x"), None);
    }

    #[test]
    fn a_client_sees_the_groups_of_its_list() {
        let sees = |patterns: Value, group: &str| {
            mapping(&json!({"visible_groups": patterns})).unwrap().shows(&group.parse().unwrap())
        };
        for group in ["team-a", "Team-B", "OPS"] {
            assert!(sees(json!(["TEAM-*", "ops"]), group), "{group}");
            assert!(!sees(json!([]), group) && !sees(json!(["team", "ops-*"]), group), "{group}");
            assert!(sees(json!(["*"]), group));
        }
        assert!(sees(json!(["domain *"]), "Domain Admins"));
        assert!(mapping(&json!({})).unwrap().shows(&"any".parse().unwrap()));
    }

    #[test]
    fn what_is_wrong_with_a_mapping_is_named() {
        let rule = |rule: Value| json!({"claims": [rule]});
        let replaced = json!([{"from": "a", "to": "b"}]);
        let many: Vec<_> = (0..=MAX_ENTRIES).map(|number| format!("g{number}")).collect();
        for (written, reason) in [
            (json!({"rules": []}), "unknown field `rules`"),
            (json!({"visible_groups": "a"}), "expected a sequence"),
            (json!({"visible_groups": ["a*b"]}), "\"a*b\" in visible_groups"),
            (json!({"visible_groups": ["system:*"]}), "visible_groups"),
            (json!({"visible_groups": many}), "at most 500"),
            (rule(json!({"claim": "x"})), "missing field `from`"),
            (rule(json!({"claim": "sub", "from": "groups"})), "sub cannot be set"),
            (rule(json!({"claim": ["aud", "x"], "from": "groups"})), "aud cannot be set"),
            (rule(json!({"claim": "email", "from": "groups"})), "no rule can make email"),
            (rule(json!({"claim": "email_verified", "from": "groups"})), "no rule can make email_verified"),
            (rule(json!({"claim": "x", "from": "email_verified"})), "cannot leave email_verified out"),
            (rule(json!({"claim": [], "from": "groups"})), "1 to 5 names"),
            (rule(json!({"claim": ["a", "b", "c", "d", "e", "f"], "from": "groups"})), "1 to 5 names"),
            (rule(json!({"claim": "x", "from": "groups", "alphabet": "ascii"})), "preferred_username"),
            (rule(json!({"claim": "x", "from": "preferred_username", "alphabet": "latin"})), "`ascii`"),
            (
                rule(
                    json!({"claim": "x", "from": "preferred_username", "alphabet": "ascii", "values": replaced}),
                ),
                "without values",
            ),
            (rule(json!({"claim": "x", "from": "groups", "first": true})), "first needs values"),
            (
                json!({"claims": [{"claim": "x", "from": "groups"}, {"claim": ["x", "y"], "from": "team"}]}),
                "two rules make the claim x.y",
            ),
            (
                json!({"claims": [{"claim": ["x", "y"], "from": "groups"}, {"claim": "x", "from": "team"}]}),
                "two rules make the claim x",
            ),
        ] {
            let refused = mapping(&written).unwrap_err();
            assert!(refused.contains(reason), "{written}: {refused}");
        }
    }

    #[test]
    fn a_mapping_is_kept_as_it_was_written() {
        let written = json!({
            "visible_groups": ["a", "b-*"],
            "claims": [
                {"claim": ["x", "y"], "from": "groups", "values": [{"from": "a", "to": 1}], "first": true, "otherwise": 0},
                {"claim": "preferred_username", "from": "preferred_username", "alphabet": "ascii"},
            ],
        });
        let kept = mapping(&written).unwrap();
        assert_eq!(serde_json::to_value(&kept).unwrap(), written);
        assert_eq!(mapping(&serde_json::to_value(&kept).unwrap()).unwrap(), kept);
    }
}
