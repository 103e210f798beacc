//! Looks up the groups that a client allows.

use std::collections::BTreeSet;

use domain::GroupName;

use super::{ClientAdministration, ClientAdministrationError};
use crate::error::Error;

impl ClientAdministration {
    /// The same groups, with the upper and lower case of their creation. An unknown group is an error.
    pub(super) async fn existing(
        &self,
        groups: Option<BTreeSet<GroupName>>,
    ) -> Result<Option<BTreeSet<GroupName>>, ClientAdministrationError> {
        let Some(groups) = groups else {
            return Ok(None);
        };
        let mut existing = BTreeSet::new();
        for name in groups {
            match self.groups.find(&name).await.map_err(Error::from)? {
                Some(group) => existing.insert(group.name),
                None => return Err(ClientAdministrationError::UnknownGroup(name)),
            };
        }
        Ok(Some(existing))
    }
}
