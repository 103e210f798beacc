//! What people say about themselves.

use domain::claims::ProfileClaims;
use domain::display_text::is_visible;
use serde_json::{Map, Value};

use super::{OwnAccount, author, unexpected};
use crate::error::Error;
use crate::port::SignedIn;

/// The most bytes of a name.
const MAX_NAME_BYTES: usize = 256;

/// The part of a profile that its person may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnProfile {
    /// The claim `name`.
    pub name: Option<String>,
    /// The claim `locale`: a tag of RFC 5646.
    pub locale: Option<String>,
    /// The claim `zoneinfo`: a name of the time zone database.
    pub zoneinfo: Option<String>,
}

/// Why a profile is not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedProfile {
    /// The name has invisible characters, or begins or ends with a space, or is too long.
    Name,
}

impl From<&ProfileClaims> for OwnProfile {
    fn from(claims: &ProfileClaims) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        Self { name: text("name"), locale: text("locale"), zoneinfo: text("zoneinfo") }
    }
}

impl OwnAccount {
    /// Saves the profile of the person, for a request from `address`. The rest of their claims stays.
    ///
    /// The outer result is a failure of the server; the inner one says what is wrong with the profile.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn save_profile(
        &self,
        visitor: &SignedIn,
        profile: &OwnProfile,
        address: &str,
    ) -> Result<Result<(), RefusedProfile>, Error> {
        if !profile.name.as_deref().is_none_or(is_name) {
            return Ok(Err(RefusedProfile::Name));
        }
        let members = [("name", &profile.name), ("locale", &profile.locale), ("zoneinfo", &profile.zoneinfo)];
        let members = members.map(|(name, value)| (name.to_owned(), Value::from(value.clone())));
        let changes = Map::from_iter(members);
        let user = &visitor.user;
        let change = |user: &mut domain::User| {
            user.claims = user.claims.amended(changes.clone())?;
            Ok(())
        };
        self.users.update(user.id, change, author(user, address)).await.map_err(unexpected)?;
        Ok(Ok(()))
    }
}

/// Whether a person may have this text as their name: visible characters only, at most 256 bytes.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME_BYTES && is_visible(text)
}
