//! The pages on which administrators run the server.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::{Ability, ClientId, GroupName, InitialAccessTokenId, UserId};

/// A page below `/admin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminPage {
    /// How the server is.
    Dashboard,
    /// Everybody who can sign in.
    People,
    /// A new person.
    NewPerson,
    /// One person.
    Person(UserId, PersonTab),
    /// The groups.
    Groups,
    /// A new group.
    NewGroup,
    /// One group.
    Group(GroupName, GroupTab),
    /// The applications.
    Applications,
    /// The choice of the kind of a new application.
    NewApplication,
    /// A new application of this kind.
    NewApplicationOf(ApplicationKind),
    /// One application.
    Application(ClientId, ApplicationTab),
    /// The resource servers.
    Apis,
    /// The tokens with which applications register themselves.
    RegistrationTokens,
    /// A new one.
    NewRegistrationToken,
    /// The revocation of one.
    RevokeRegistrationToken(InitialAccessTokenId),
    /// The signing keys.
    Keys,
    /// Their rotation.
    RotateKeys,
    /// The sign-ins.
    Activity,
    /// The changes that administrators made.
    Changes,
    /// The settings.
    Settings,
}

/// What a page about a person shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonTab {
    /// Name, e-mail address and other claims.
    Profile,
    /// Groups, and whether the person is an administrator.
    Groups,
    /// How the person signs in.
    SignIn,
    /// Where the person is signed in.
    Devices,
    /// What the person allowed to applications.
    Connections,
    /// The sign-in history.
    Activity,
    /// Disabling the person.
    Disable,
    /// Deleting the person.
    Delete,
}

/// What a page about a group shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupTab {
    /// Its texts and claims.
    Details,
    /// Its members.
    Members,
    /// Deleting it.
    Delete,
}

/// What a page about an application shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationTab {
    /// What people see of it.
    Overview,
    /// How people sign in to it.
    SignIn,
    /// Who may enter, and what it may ask for.
    Access,
    /// What it is told.
    Told,
    /// How it proves who it is.
    Proof,
    /// The rest.
    Advanced,
    /// Replacing its secret.
    Secret,
    /// Disabling it.
    Disable,
    /// Deleting it.
    Delete,
}

/// A kind of application, with its own defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// On a server, with a secret.
    Web,
    /// In a browser alone.
    SinglePage,
    /// On a device of its user.
    Native,
    /// On a device without a keyboard.
    Device,
    /// A program without a user.
    Machine,
    /// A resource server that checks tokens.
    Api,
}

/// A part of an address that names one of several.
trait Slug: Copy + PartialEq + 'static {
    const ALL: &'static [(Self, &'static str)];

    fn slug(self) -> &'static str {
        Self::ALL.iter().find(|(it, _)| *it == self).map_or("", |(_, slug)| slug)
    }

    fn find(slug: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, it)| *it == slug).map(|(it, _)| *it)
    }
}

macro_rules! slugs {
    ($type:ident: $($variant:ident = $slug:literal),+ $(,)?) => {
        impl Slug for $type {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$variant, $slug)),+];
        }

        impl $type {
            /// Each, with the part of an address that names it.
            pub const ALL: &'static [(Self, &'static str)] = <Self as Slug>::ALL;

            /// The one that this part of an address names.
            #[must_use]
            pub fn find(slug: &str) -> Option<Self> {
                <Self as Slug>::find(slug)
            }
        }
    };
}

slugs! { PersonTab:
    Profile = "profile", Groups = "groups", SignIn = "sign-in", Devices = "devices", Connections = "connections",
    Activity = "activity", Disable = "disable", Delete = "delete",
}
slugs! { GroupTab: Details = "details", Members = "members", Delete = "delete" }
slugs! { ApplicationTab:
    Overview = "overview", SignIn = "sign-in", Access = "access", Told = "told", Proof = "proof", Advanced = "advanced",
    Secret = "secret", Disable = "disable", Delete = "delete",
}
slugs! { ApplicationKind:
    Web = "web", SinglePage = "single-page", Native = "native", Device = "device", Machine = "machine", Api = "api",
}

impl AdminPage {
    /// Its path, below the issuer's path.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Dashboard => "/admin".to_owned(),
            Self::People => "/admin/people".to_owned(),
            Self::NewPerson => "/admin/people/new".to_owned(),
            Self::Person(id, tab) => below("/admin/people", &id.to_string(), *tab),
            Self::Groups => "/admin/groups".to_owned(),
            Self::NewGroup => "/admin/groups/new".to_owned(),
            Self::Group(name, tab) => below("/admin/groups", name.as_str(), *tab),
            Self::Applications => "/admin/apps".to_owned(),
            Self::NewApplication => "/admin/apps/new".to_owned(),
            Self::NewApplicationOf(kind) => format!("/admin/apps/new/of/{}", kind.slug()),
            Self::Application(id, tab) => below("/admin/apps", id.as_str(), *tab),
            Self::Apis => "/admin/apis".to_owned(),
            Self::RegistrationTokens => "/admin/registration-tokens".to_owned(),
            Self::NewRegistrationToken => "/admin/registration-tokens/new".to_owned(),
            Self::RevokeRegistrationToken(id) => format!("/admin/registration-tokens/{id}/revoke"),
            Self::Keys => "/admin/keys".to_owned(),
            Self::RotateKeys => "/admin/keys/rotate".to_owned(),
            Self::Activity => "/admin/activity".to_owned(),
            Self::Changes => "/admin/activity/changes".to_owned(),
            Self::Settings => "/admin/settings".to_owned(),
        }
    }

    /// The page of the navigation that it belongs to.
    #[must_use]
    pub const fn section(&self) -> Self {
        match self {
            Self::Dashboard => Self::Dashboard,
            Self::People | Self::NewPerson | Self::Person(..) => Self::People,
            Self::Groups | Self::NewGroup | Self::Group(..) => Self::Groups,
            Self::Applications | Self::NewApplication | Self::NewApplicationOf(_) | Self::Application(..) => {
                Self::Applications
            }
            Self::Apis => Self::Apis,
            Self::RegistrationTokens | Self::NewRegistrationToken | Self::RevokeRegistrationToken(_) => {
                Self::RegistrationTokens
            }
            Self::Keys | Self::RotateKeys => Self::Keys,
            Self::Activity | Self::Changes => Self::Activity,
            Self::Settings => Self::Settings,
        }
    }

    /// What a person needs to send a form of this page; none for a page without a form.
    #[must_use]
    pub const fn changes(&self) -> Option<Ability> {
        match self {
            Self::Dashboard
            | Self::People
            | Self::Groups
            | Self::Applications
            | Self::NewApplication
            | Self::Apis
            | Self::RegistrationTokens
            | Self::Keys
            | Self::Activity
            | Self::Changes
            | Self::Settings
            | Self::Person(_, PersonTab::Activity) => None,
            Self::NewPerson | Self::Person(..) => Some(Ability::ChangePeople),
            Self::NewGroup | Self::Group(..) => Some(Ability::ChangeGroups),
            Self::NewApplicationOf(_) | Self::Application(..) => Some(Ability::ChangeApplications),
            Self::NewRegistrationToken | Self::RevokeRegistrationToken(_) | Self::RotateKeys => {
                Some(Ability::ChangeServer)
            }
        }
    }

    /// Whether it is there only to change something. Then it is opened by a person who may, shortly after they have signed in.
    #[must_use]
    pub const fn is_sensitive(&self) -> bool {
        matches!(
            self,
            Self::NewPerson
                | Self::Person(_, PersonTab::Disable | PersonTab::Delete)
                | Self::NewGroup
                | Self::Group(_, GroupTab::Delete)
                | Self::NewApplicationOf(_)
                | Self::Application(
                    _,
                    ApplicationTab::Secret | ApplicationTab::Disable | ApplicationTab::Delete
                )
                | Self::NewRegistrationToken
                | Self::RevokeRegistrationToken(_)
                | Self::RotateKeys
        )
    }
}

/// The address of a tab. The first tab of an object has the address of the object, unless that is the address of a new one.
fn below<Tab: Slug>(folder: &str, name: &str, tab: Tab) -> String {
    let object = format!("{folder}/{}", escaped(name));
    let is_first = Tab::ALL.first().is_some_and(|(first, _)| *first == tab);
    if is_first && name != "new" { object } else { format!("{object}/{}", tab.slug()) }
}

/// The name as a segment of a path (RFC 3986 §3.3).
fn escaped(name: &str) -> String {
    let mut segment = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            // To write into a string cannot fail.
            let _written = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_tab_has_an_address_of_its_own_and_the_first_that_of_its_object() {
        let id: ClientId = "web".parse().unwrap();
        let paths: BTreeSet<_> = ApplicationTab::ALL
            .iter()
            .map(|(tab, _)| AdminPage::Application(id.clone(), *tab).path())
            .collect();
        assert_eq!(paths.len(), ApplicationTab::ALL.len());
        assert!(paths.contains("/admin/apps/web") && paths.contains("/admin/apps/web/sign-in"), "{paths:?}");
        for (tab, slug) in ApplicationTab::ALL {
            assert_eq!(ApplicationTab::find(slug), Some(*tab));
        }
        assert_eq!(PersonTab::find("nothing"), None);
    }

    #[test]
    fn an_object_that_is_called_new_or_has_a_slash_has_an_address_too() {
        let group = |name: &str| AdminPage::Group(name.parse().unwrap(), GroupTab::Details).path();
        assert_eq!(group("new"), "/admin/groups/new/details");
        assert_eq!(group("a/b c+d"), "/admin/groups/a%2Fb%20c%2Bd");
        assert_ne!(AdminPage::NewGroup.path(), group("new"));
        let client =
            |name: &str| AdminPage::Application(name.parse().unwrap(), ApplicationTab::Access).path();
        for (_, kind) in ApplicationKind::ALL {
            assert_ne!(format!("/admin/apps/new/of/{kind}"), client("new"));
        }
    }

    #[test]
    fn what_is_only_there_to_change_something_takes_a_form() {
        let id = UserId::from_random([1; 16]);
        for (tab, _) in PersonTab::ALL {
            let page = AdminPage::Person(id, *tab);
            assert!(!page.is_sensitive() || page.changes().is_some(), "{page:?}");
        }
        for page in [AdminPage::NewPerson, AdminPage::NewGroup, AdminPage::RotateKeys] {
            assert!(page.is_sensitive() && page.changes().is_some(), "{page:?}");
        }
    }
}
