//! What surrounds every page of a person who is signed in: who that is, the way to the other pages, the languages.

use domain::{AccountPage, AdminPage};

use crate::language::Sentence;

/// The navigation of the account: each page with the key of its name, in the order in which they are shown.
pub const ACCOUNT: [(AccountPage, &str); 7] = [
    (AccountPage::Applications, "applications-heading"),
    (AccountPage::Profile, "profile-heading"),
    (AccountPage::Security, "security-heading"),
    (AccountPage::Devices, "devices-heading"),
    (AccountPage::Connections, "connections-heading"),
    (AccountPage::Activity, "activity-heading"),
    (AccountPage::Data, "data-heading"),
];

/// The navigation of the administration.
pub const ADMINISTRATION: [(AdminPage, &str); 9] = [
    (AdminPage::Dashboard, "admin-dashboard"),
    (AdminPage::People, "admin-people"),
    (AdminPage::Groups, "admin-groups"),
    (AdminPage::Applications, "admin-apps"),
    (AdminPage::Apis, "admin-apis"),
    (AdminPage::RegistrationTokens, "admin-tokens"),
    (AdminPage::Keys, "admin-keys"),
    (AdminPage::Activity, "activity-heading"),
    (AdminPage::Settings, "admin-settings"),
];

/// The surroundings. It carries the token of the forms, so it has no `Debug`.
#[derive(Clone)]
pub struct Desk {
    /// The username of the person.
    pub account: String,
    /// What the pages are about, for their titles.
    pub title: String,
    /// The other pages.
    pub navigation: Vec<NavigationLink>,
    /// The pages about something else: of the account, or of the administration.
    pub other: Option<NavigationLink>,
    /// The languages that the operator offers.
    pub languages: Vec<LanguageLink>,
    /// Where the forms of the page are posted to.
    pub action: String,
    /// The token of the forms.
    pub form_token: String,
    /// The language, if the address names it: forms keep it.
    pub ui_locales: Option<&'static str>,
    /// What a form has done.
    pub notice: Option<Sentence>,
}

/// A page in the navigation.
#[derive(Clone, Debug)]
pub struct NavigationLink {
    /// Its address.
    pub address: String,
    /// Its name.
    pub label: String,
    /// Whether it is the page that is shown, or the one that this page belongs to.
    pub is_current: bool,
}

/// The page in another language.
#[derive(Clone, Debug)]
pub struct LanguageLink {
    /// The tag of the language.
    pub tag: &'static str,
    /// The language's name for itself.
    pub name: String,
    /// The address of the page in it.
    pub address: String,
    /// Whether the page is in it.
    pub is_current: bool,
}

impl Desk {
    /// The name of the page in the navigation, for the button that opens it on a phone.
    pub(super) fn section(&self) -> &str {
        self.navigation.iter().find(|link| link.is_current).map_or(&self.title, |link| &link.label)
    }
}
