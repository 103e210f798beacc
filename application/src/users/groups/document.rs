//! A group as operators read and write it.

use chrono::{DateTime, Utc};
use domain::claim_name::check_claim_name;
use domain::claims::is_standard;
use domain::group::{GroupClaims, GroupText};
use domain::{Group, GroupName};
use serde::Serialize;
use serde_json::{Map, Value};

use super::error::InvalidGroup;

/// A group as operators see it.
#[derive(Debug, Serialize)]
pub struct ShownGroup<'a> {
    name: &'a GroupName,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a GroupText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a GroupText>,
    claims: &'a GroupClaims,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> From<&'a Group> for ShownGroup<'a> {
    fn from(group: &'a Group) -> Self {
        Self {
            name: &group.name,
            display_name: group.display_name.as_ref(),
            description: group.description.as_ref(),
            claims: &group.claims,
            created_at: group.created_at,
            updated_at: group.updated_at,
        }
    }
}

/// A JSON object by which an operator creates or changes a group: `name`, `display_name`, `description`, `claims`.
#[derive(Debug, Clone)]
pub struct GroupDocument(Map<String, Value>);

impl GroupDocument {
    /// Takes the members of the object.
    #[must_use]
    pub const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// Takes the name of a new group out of the document.
    ///
    /// # Errors
    /// [`InvalidGroup`] if it is missing or no name.
    pub fn take_name(&mut self) -> Result<GroupName, InvalidGroup> {
        match self.0.remove("name") {
            None | Some(Value::Null) => Err(InvalidGroup::NoName),
            Some(Value::String(name)) => name.parse().map_err(InvalidGroup::Name),
            Some(_) => Err(InvalidGroup::NoText("name")),
        }
    }

    /// Changes a group: each member replaces the old value, the empty text and `null` remove it, the rest stays (RFC 7396).
    /// `claims` changes the claims that it names, and `null` removes all of them.
    ///
    /// # Errors
    /// [`InvalidGroup`] for the first member that is wrong. Then `group` may be changed in part: do not store it.
    pub fn apply(mut self, group: &mut Group) -> Result<(), InvalidGroup> {
        if let Some(text) = self.text("display_name")? {
            group.display_name = text;
        }
        if let Some(text) = self.text("description")? {
            group.description = text;
        }
        match self.0.remove("claims") {
            None => {}
            Some(Value::Null) => group.claims = GroupClaims::default(),
            Some(Value::Object(changes)) => {
                changes
                    .iter()
                    .filter(|(_, value)| !value.is_null())
                    .try_for_each(|(name, _)| nameable(name))?;
                let mut claims = group.claims.as_map().clone();
                claims.extend(changes);
                claims.retain(|_, value| !value.is_null());
                group.claims = claims.try_into()?;
            }
            Some(_) => return Err(InvalidGroup::NoClaims),
        }
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) if name == "name" => Err(InvalidGroup::NameStays),
            Some(unknown) => Err(InvalidGroup::Unknown(unknown.clone())),
        }
    }

    /// The new value of a text, if the document names it.
    fn text(&mut self, name: &'static str) -> Result<Option<Option<GroupText>>, InvalidGroup> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) if text.is_empty() => Ok(Some(None)),
            Some(Value::String(text)) => {
                let text = text.parse().map_err(|invalid| InvalidGroup::Text(name, invalid))?;
                Ok(Some(Some(text)))
            }
            Some(_) => Err(InvalidGroup::NoText(name)),
        }
    }
}

/// Checks the name of a claim of a group: a standard claim says something about one person.
fn nameable(name: &str) -> Result<(), InvalidGroup> {
    check_claim_name(name)?;
    if is_standard(name) { Err(InvalidGroup::StandardClaim(name.to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use domain::GroupId;
    use serde_json::json;

    use super::*;

    /// A group with these members after this change, or the error.
    fn changed(members: Value) -> Result<Value, String> {
        let mut group = Group {
            id: GroupId::from_random([1; 16]),
            name: "staff".parse().unwrap(),
            display_name: Some("Staff".parse().unwrap()),
            description: None,
            claims: serde_json::from_value(json!({"role": "editor", "quota": 1})).unwrap(),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let document = GroupDocument::new(serde_json::from_value(members).unwrap());
        document.apply(&mut group).map_err(|invalid| invalid.to_string())?;
        Ok(serde_json::to_value(ShownGroup::from(&group)).unwrap())
    }

    #[test]
    fn a_change_replaces_what_is_there_and_null_or_the_empty_text_removes_it() {
        let time = "1970-01-01T00:00:00Z";
        for (members, display_name, claims) in [
            (json!({}), json!("Staff"), json!({"role": "editor", "quota": 1})),
            (json!({"display_name": null}), Value::Null, json!({"role": "editor", "quota": 1})),
            (json!({"display_name": ""}), Value::Null, json!({"role": "editor", "quota": 1})),
            (json!({"display_name": "All"}), json!("All"), json!({"role": "editor", "quota": 1})),
            (json!({"claims": {"role": null, "a": [1]}}), json!("Staff"), json!({"quota": 1, "a": [1]})),
            (json!({"claims": null}), json!("Staff"), json!({})),
        ] {
            let after = changed(members.clone()).unwrap();
            let mut expected =
                json!({"name": "staff", "claims": claims, "created_at": time, "updated_at": time});
            if !display_name.is_null() {
                expected["display_name"] = display_name;
            }
            assert_eq!(after, expected, "{members}");
        }
        assert_eq!(changed(json!({"description": "All of us"})).unwrap()["description"], "All of us");
    }

    #[test]
    fn what_is_no_change_of_a_group_is_refused_by_its_name() {
        for (members, name) in [
            (json!({"name": "ops"}), "name"),
            (json!({"display_name": 1}), "display_name"),
            (json!({"description": "a\nb"}), "description"),
            (json!({"claims": []}), "claims"),
            (json!({"claims": {"a": "x".repeat(5_000)}}), "claims"),
            (json!({"claims": {"sub": "x"}}), "claims: sub cannot be set"),
            (json!({"claims": {"a b": 1}}), "claims: \"a b\""),
            (json!({"claims": {"email": "a@example.com"}}), "claims: email is about one person"),
            (json!({"members": []}), "members"),
            (json!({"created_at": null}), "created_at"),
        ] {
            let reason = changed(members.clone()).unwrap_err();
            assert!(reason.starts_with(name), "{members}: {reason}");
        }
    }

    #[test]
    fn a_new_group_needs_a_name() {
        let name = |members: Value| {
            GroupDocument::new(serde_json::from_value(members).unwrap())
                .take_name()
                .map_err(|it| it.to_string())
        };
        assert_eq!(name(json!({"name": "Staff"})).unwrap().as_str(), "Staff");
        for members in [json!({}), json!({"name": null}), json!({"name": "a,b"}), json!({"name": 1})] {
            assert!(name(members.clone()).unwrap_err().starts_with("name"), "{members}");
        }
    }
}
