//! What a person may do on the administrators' pages and over the administrative API.

use crate::User;

/// One thing that administrators may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ability {
    /// See people, groups, applications, keys, events and settings.
    See,
    /// Create, change, disable and delete people, and end their sessions.
    ChangePeople,
    /// Create, change and delete groups, and say who is in them.
    ChangeGroups,
    /// Register, change and delete applications, and replace their secrets.
    ChangeApplications,
    /// Change the server itself: rotate its keys, and make registration tokens.
    ChangeServer,
    /// Call the administrative API.
    CallApi,
}

impl User {
    /// Whether this user may do it. This is the only place that decides it.
    #[must_use]
    pub const fn may(&self, ability: Ability) -> bool {
        match ability {
            Ability::See
            | Ability::ChangePeople
            | Ability::ChangeGroups
            | Ability::ChangeApplications
            | Ability::ChangeServer
            | Ability::CallApi => self.administrator,
        }
    }
}
