//! A user as operators read and write it: claims and members of this server.

use chrono::{DateTime, Utc};
use domain::claims::ProfileClaims;
use domain::user::Username;
use domain::{Secret, User, UserId};
use serde::Serialize;
use serde_json::{Map, Value};

use super::error::{InvalidAccount, UserAdministrationError};

/// A user as operators see it. `id` is the public `sub`. A password is never shown, only whether the user has one.
#[derive(Debug, Serialize)]
pub struct Account<'a> {
    id: UserId,
    username: &'a str,
    admin: bool,
    has_password: bool,
    #[serde(flatten)]
    claims: &'a ProfileClaims,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<DateTime<Utc>>,
}

/// A JSON object by which an operator creates or changes a user.
#[derive(Debug, Clone)]
pub struct AccountDocument(Map<String, Value>);

/// A user to be created by an operator.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name that the user types to sign in.
    pub username: Username,
    /// The password; none for a user who cannot sign in with one yet.
    pub password: Option<Secret>,
    /// The profile.
    pub claims: ProfileClaims,
    /// Whether the user may administer this server.
    pub administrator: bool,
}

impl<'a> From<&'a User> for Account<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: user.id,
            username: user.username.as_str(),
            admin: user.administrator,
            has_password: user.password.is_some(),
            claims: &user.claims,
            created_at: user.created_at,
            updated_at: user.updated_at,
            disabled_at: user.disabled_at,
        }
    }
}

impl AccountDocument {
    /// Takes the members of the object.
    #[must_use]
    pub const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// Reads a new user: `username`, optional `password` and `admin`; all other members are claims.
    ///
    /// # Errors
    /// [`UserAdministrationError::Invalid`] or [`UserAdministrationError::Claim`], which name the member.
    pub fn into_new_user(mut self) -> Result<NewUser, UserAdministrationError> {
        let username = self.username()?.ok_or(InvalidAccount::NoUsername)?;
        let password = match self.0.remove("password") {
            None => None,
            Some(Value::String(password)) => Some(Secret::new(password)),
            Some(_) => return Err(InvalidAccount::Password.into()),
        };
        let administrator = self.admin()?.unwrap_or(false);
        let claims = ProfileClaims::default().amended(self.0)?;
        Ok(NewUser { username, password, claims, administrator })
    }

    /// Sets the claims of a user to these: every other claim is removed.
    ///
    /// # Errors
    /// [`UserAdministrationError::Claim`], which names the member.
    pub fn replace_claims(self, user: &mut User) -> Result<(), UserAdministrationError> {
        user.claims = ProfileClaims::default().amended(self.0)?;
        Ok(())
    }

    /// Changes a user: each member replaces the old value, `null` removes a claim, the rest stays (RFC 7396).
    ///
    /// # Errors
    /// As [`into_new_user`](Self::into_new_user). Then `user` may be changed in part: do not store it.
    pub fn apply(mut self, user: &mut User) -> Result<(), UserAdministrationError> {
        if self.0.contains_key("password") {
            return Err(InvalidAccount::PasswordElsewhere.into());
        }
        if let Some(username) = self.username()? {
            user.username = username;
        }
        if let Some(administrator) = self.admin()? {
            user.administrator = administrator;
        }
        user.claims = user.claims.amended(self.0)?;
        Ok(())
    }

    fn username(&mut self) -> Result<Option<Username>, InvalidAccount> {
        let Some(value) = self.0.remove("username") else {
            return Ok(None);
        };
        let text = value.as_str().ok_or(InvalidAccount::UsernameType)?;
        text.parse().map(Some).map_err(InvalidAccount::Username)
    }

    fn admin(&mut self) -> Result<Option<bool>, InvalidAccount> {
        self.0.remove("admin").map(|value| value.as_bool().ok_or(InvalidAccount::Admin)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(members: Value) -> AccountDocument {
        AccountDocument::new(serde_json::from_value(members).unwrap())
    }

    fn ada() -> User {
        User {
            id: UserId::from_random([1; 16]),
            username: "ada".parse().unwrap(),
            password: None,
            claims: serde_json::from_value(json!({"email": "a@example.com", "email_verified": true}))
                .unwrap(),
            administrator: false,
            disabled_at: None,
            unlocked_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    /// `ada` after this change, or the error.
    fn changed(members: Value) -> Result<Value, String> {
        let mut user = ada();
        document(members).apply(&mut user).map_err(|error| error.to_string())?;
        Ok(serde_json::to_value(Account::from(&user)).unwrap())
    }

    #[test]
    fn a_change_replaces_what_is_there_and_null_removes_a_claim() {
        let after = changed(json!({"username": "Ada", "admin": true, "name": "Ada", "email": null})).unwrap();
        let expected = json!({
            "id": ada().id, "username": "Ada", "admin": true, "has_password": false, "name": "Ada",
            "created_at": "1970-01-01T00:00:00Z", "updated_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(after, expected);
    }

    #[test]
    fn another_address_is_not_verified_yet() {
        let verified = |members| changed(members).unwrap().get("email_verified").cloned();
        assert_eq!(verified(json!({"email": "b@example.com"})), None);
        assert_eq!(verified(json!({"email": "a@example.com"})), Some(json!(true)));
        assert_eq!(verified(json!({"email": "b@example.com", "email_verified": true})), Some(json!(true)));
    }

    #[test]
    fn what_is_no_change_of_a_user_is_refused_by_its_name() {
        for (members, name) in [
            (json!({"password": "x"}), "password"),
            (json!({"username": null}), "username"),
            (json!({"username": " a"}), "username"),
            (json!({"admin": "yes"}), "admin"),
            (json!({"admin": null}), "admin"),
            (json!({"id": "x"}), "id"),
            (json!({"disabled_at": null}), "disabled_at"),
            (json!({"updated_at": null}), "updated_at"),
            (json!({"has_password": true}), "has_password"),
            (json!({"email": 1}), "email"),
            (json!({"email": "ada"}), "email"),
            (json!({"username": "a\u{200b}b"}), "username: a user name cannot have the character U+200B"),
            (json!({"sub": "x"}), "sub"),
        ] {
            let reason = changed(members.clone()).unwrap_err();
            assert!(reason.starts_with(name), "{members}: {reason}");
        }
    }

    #[test]
    fn a_new_user_needs_a_name_only() {
        let new = document(json!({"username": "ada"})).into_new_user().unwrap();
        assert!(new.password.is_none() && !new.administrator && new.claims.as_map().is_empty());
        let members = json!({"username": "a", "password": "secret", "admin": true, "email": "a@example.com"});
        let new = document(members).into_new_user().unwrap();
        assert_eq!(new.password.unwrap().expose(), "secret");
        assert!(new.administrator && new.claims.get("email").is_some());
        for members in [
            json!({}),
            json!({"username": "a", "password": 1}),
            json!({"username": "a", "id": 1}),
            json!({"username": "a", "email": "a"}),
        ] {
            assert!(document(members).into_new_user().is_err());
        }
    }
}
