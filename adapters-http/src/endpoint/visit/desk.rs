//! What surrounds the page of a visit, and the addresses that keep its language.

use application::account::Notice;
use domain::{Ability, AccountPage, AdminPage, DeskPage, UiLocales};
use form_urlencoded::Serializer;

use super::Visit;
use crate::app::App;
use crate::language::{Language, Sentence};
use crate::page::{ACCOUNT, ADMINISTRATION, Desk, LanguageLink, NavigationLink};

impl App {
    /// The address of a page, in these languages if they are named.
    pub(crate) fn desk_address(&self, page: &DeskPage, ui_locales: &UiLocales) -> String {
        let path = self.path(&page.path());
        if ui_locales.is_empty() {
            return path;
        }
        let named: Vec<_> = ui_locales.iter().collect();
        let query = Serializer::new(String::new()).append_pair("ui_locales", &named.join(" ")).finish();
        format!("{path}?{query}")
    }
}

impl Visit {
    /// The address of another page, which keeps the language.
    pub(crate) fn address(&self, app: &App, page: impl Into<DeskPage>) -> String {
        app.desk_address(&page.into(), &self.ui_locales)
    }

    /// The address of another page with these parameters; those without a value are left out.
    pub(crate) fn address_with(
        &self,
        app: &App,
        page: impl Into<DeskPage>,
        parameters: &[(&str, &str)],
    ) -> String {
        let address = self.address(app, page);
        let mut query = Serializer::new(String::new());
        query.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
        let query = query.finish();
        let separator = if address.contains('?') { '&' } else { '?' };
        if query.is_empty() { address } else { format!("{address}{separator}{query}") }
    }

    /// The address of the next part of the list on this page.
    pub(crate) fn next_part(&self, app: &App, name: &str, value: &str) -> String {
        self.address_with(app, self.page.clone(), &[(name, value)])
    }

    /// What surrounds every page.
    pub(crate) fn desk(&self, app: &App) -> Desk {
        let here = app.path(&self.page.path());
        let offered = |language: Language| LanguageLink {
            tag: language.tag(),
            name: language.text("language-name"),
            address: format!("{here}?ui_locales={}", language.tag()),
            is_current: language.tag() == self.language.tag(),
        };
        let named = (!self.ui_locales.is_empty()).then(|| self.language.tag());
        let is_administrator = self.signed_in.user.may(Ability::See);
        let link = |page: DeskPage, key: &str, is_current| NavigationLink {
            address: self.address(app, page),
            label: self.language.text(key),
            is_current,
        };
        let account = |section: Option<AccountPage>| {
            let link = move |(page, key): (AccountPage, &str)| link(page.into(), key, Some(page) == section);
            ACCOUNT.map(link).to_vec()
        };
        let (title, navigation, other) = match &self.page {
            DeskPage::Admin(page) if is_administrator => {
                let section = page.section();
                let link_to = |(page, key): (AdminPage, &str)| {
                    let is_current = page == section;
                    link(page.into(), key, is_current)
                };
                let account = (DeskPage::from(AccountPage::Applications), "account-title");
                ("admin-title", ADMINISTRATION.map(link_to).to_vec(), Some(account))
            }
            DeskPage::Admin(_) => ("account-title", account(None), None),
            DeskPage::Account(page) => {
                let admin = (DeskPage::from(AdminPage::Dashboard), "admin-title");
                ("account-title", account(Some(page.section())), is_administrator.then_some(admin))
            }
        };
        Desk {
            account: self.signed_in.user.username.as_str().to_owned(),
            title: self.language.text(title),
            navigation,
            other: other.map(|(page, key)| link(page, key, false)),
            languages: app.languages.iter().map(offered).collect(),
            action: here,
            form_token: app.use_cases.account.form_token(&self.binding, &self.signed_in.session),
            ui_locales: named,
            notice: self.notice.as_ref().map(|notice| self.words(notice)),
        }
    }

    fn words(&self, notice: &Notice) -> Sentence {
        let language = self.language;
        match notice {
            Notice::SignedOut => Sentence::words(language.text("devices-signed-out")),
            Notice::SignedOutElsewhere(devices) => {
                let devices = i64::try_from(*devices).unwrap_or(i64::MAX);
                Sentence::words(language.count("devices-signed-out-elsewhere", "devices", devices))
            }
            Notice::PasskeyAdded(name) => language.sentence("passkeys-added", "name", name),
            Notice::PasskeyRemoved => Sentence::words(language.text("passkeys-removed")),
            Notice::PasswordChanged => Sentence::words(language.text("security-password-changed")),
            Notice::Saved => Sentence::words(language.text("saved")),
            Notice::LinkSent(email) => language.sentence("profile-email-sent", "email", email),
            Notice::Withdrawn(name) => language.sentence("connections-withdrawn", "client", name),
            Notice::Created(name) => language.sentence("admin-created", "name", name),
            Notice::Deleted(name) => language.sentence("admin-deleted", "name", name),
            Notice::Disabled(name) => language.sentence("admin-disabled-done", "name", name),
            Notice::Enabled(name) => language.sentence("admin-enabled-done", "name", name),
            Notice::Unlocked(name) => language.sentence("admin-unlocked", "name", name),
            Notice::FactorsRemoved(name) => language.sentence("admin-factors-removed", "name", name),
            Notice::SignedOutEverywhere(name) => language.sentence("admin-signed-out", "name", name),
            Notice::MemberAdded(name) => language.sentence("admin-member-added", "name", name),
            Notice::MemberRemoved(name) => language.sentence("admin-member-removed", "name", name),
            Notice::TokenRevoked => Sentence::words(language.text("admin-token-revoked")),
            Notice::KeysRotated => Sentence::words(language.text("admin-keys-rotated")),
        }
    }
}
