//! A page that an administrator visits, and what it answers.

use application::account::Notice;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::{Ability, AdminPage, Author};
use http::StatusCode;
use serde::Serialize;

use crate::answer::entity_tag_of;
use crate::app::App;
use crate::endpoint::visit::{CHANGE, Visit};
use crate::error::Problem;
use crate::language::Sentence;
use crate::page::Moment;
use crate::page::admin::{AdminPageView, Badge, Form, Link, Part, Shown, View, Weight};

/// How many rows one page of a list has.
pub(super) const PAGE_SIZE: usize = 50;

/// The parameter with the conditions of the list that a page was opened from.
const LIST: &str = "list";

/// What a page or its form comes to.
pub(super) enum Outcome {
    /// It is shown.
    Shown(View),
    /// The form has to be filled in again.
    Refused(View),
    /// It is done: the browser goes to this page, which says so once.
    Done(AdminPage, Option<Notice>),
}

/// The answer of a page, or why there is none.
pub(super) type Answer = Result<Outcome, Problem>;

/// A page, and the visit of an administrator to it.
pub(super) struct Visited<'a> {
    pub(super) app: &'a App,
    pub(super) visit: &'a Visit,
    pub(super) page: AdminPage,
}

impl Visited<'_> {
    /// The message `key`.
    pub(super) fn text(&self, key: &str) -> String {
        self.visit.language.text(key)
    }

    /// The message `key` with an outside text in it.
    pub(super) fn sentence(&self, key: &str, name: &str, value: &str) -> Sentence {
        self.visit.language.sentence(key, name, value)
    }

    /// The text of a field, or of a parameter; empty if it was not sent.
    pub(super) fn field(&self, name: &str) -> &str {
        self.visit.field(name).trim()
    }

    /// Whether the person may send the forms of the page now.
    pub(super) fn may_change(&self) -> bool {
        self.visit.may_change(self.app)
    }

    /// The author of what a form changes.
    pub(super) fn author(&self) -> Author {
        self.visit.author()
    }

    /// A moment, as it is shown.
    pub(super) fn moment(&self, at: DateTime<Utc>) -> Moment {
        Moment::new(at, self.app.use_cases.clock.now(), self.visit.language)
    }

    /// The address of a page.
    pub(super) fn address(&self, page: &AdminPage) -> String {
        self.visit.address(self.app, page.clone())
    }

    /// A link to a page, in words of ours.
    pub(super) fn link(&self, id: &'static str, page: &AdminPage, key: &str) -> Link {
        Link::new(id, self.address(page), self.text(key))
    }

    /// A tab: a page about the same thing.
    pub(super) fn tab(&self, page: &AdminPage, key: &str) -> Link {
        let address = self.visit.address_with(self.app, page.clone(), &[(LIST, self.visit.field(LIST))]);
        Link { is_current: *page == self.page, ..Link::new("tab", address, self.text(key)) }
    }

    /// The address of a page that a list leads to, which leads back to the list as it is, with these conditions.
    pub(super) fn address_from_list(&self, page: AdminPage, conditions: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(conditions.iter().filter(|(_, value)| !value.is_empty()));
        self.visit.address_with(self.app, page, &[(LIST, &query.finish())])
    }

    /// The way back to the list that the page was opened from.
    pub(super) fn up(&self, list: &AdminPage, key: &str) -> Link {
        let known = ["q", "group", "status", "cursor"];
        let sent = form_urlencoded::parse(self.visit.field(LIST).as_bytes());
        let sent: Vec<_> = sent.filter(|(name, _)| known.contains(&name.as_ref())).collect();
        let conditions: Vec<_> = sent.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        let address = self.visit.address_with(self.app, list.clone(), &conditions);
        Link::new("up", address, self.text(key))
    }

    /// The page with the form of this one, if the person could change something after another sign-in.
    pub(super) fn unlock(&self) -> Option<String> {
        let user = &self.visit.signed_in.user;
        let could = self.page.changes().is_some_and(|ability: Ability| user.may(ability));
        let address = || self.visit.address_with(self.app, self.page.clone(), &[(CHANGE, "true")]);
        (could && !self.may_change()).then(address)
    }

    /// The text after which a part of a list begins; none for the first, and for one that this server did not write.
    pub(super) fn cursor(&self) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(self.field("cursor")).ok()?;
        String::from_utf8(bytes).ok().filter(|text| !text.is_empty() && !text.contains('\0'))
    }

    /// Cuts what was found to a page. The links lead to the first part and to the next, with these conditions.
    pub(super) fn pages<Item>(
        &self,
        found: &mut Vec<Item>,
        conditions: &[(&str, &str)],
        key: impl Fn(&Item) -> String,
    ) -> Part {
        let has_more = found.len() > PAGE_SIZE;
        found.truncate(PAGE_SIZE);
        let here = |cursor: &str| {
            let conditions = [conditions, &[("cursor", cursor)]].concat();
            self.visit.address_with(self.app, self.page.clone(), &conditions)
        };
        let next = found.last().filter(|_| has_more).map(|last| here(&URL_SAFE_NO_PAD.encode(key(last))));
        let first = (!self.field("cursor").is_empty()).then(|| here(""));
        Part::Pages(first, next)
    }

    /// A form with one button.
    pub(super) fn button(&self, id: &'static str, key: &str, weight: Weight) -> Form {
        Form {
            id,
            may_send: self.may_change(),
            fields: Vec::new(),
            advanced: None,
            hidden: Vec::new(),
            submit: self.text(key),
            weight,
        }
    }

    /// A state in words of ours.
    pub(super) fn badge(&self, kind: &'static str, key: &str) -> Badge {
        Badge { kind, word: self.text(key) }
    }

    /// Words of ours, as a value.
    pub(super) fn words(&self, key: &str) -> Shown {
        Shown::Words(self.text(key))
    }

    /// The page for a thing that is not there.
    pub(super) fn nothing(&self) -> View {
        let mut view = View::new(self.text("error-nothing-here-heading"));
        let section = self.page.section();
        let key = crate::page::ADMINISTRATION.into_iter().find(|(page, _)| *page == section);
        view.up = key.map(|(page, key)| self.link("up", &page, key));
        view.with(Part::Text(Sentence::words(self.text("admin-unknown"))))
    }

    /// The page.
    pub(super) fn render(&self, view: View, status: StatusCode) -> Response {
        let desk = self.visit.desk(self.app);
        let base = self.app.base.clone();
        let page = AdminPageView { base, language: self.visit.language, desk, view };
        let mut response = self.visit.show(self.app, &page);
        *response.status_mut() = status;
        response
    }
}

/// The version of a document, which a form carries: another one means that somebody changed it meanwhile.
pub(super) fn version_of(document: &impl Serialize) -> String {
    entity_tag_of(document).to_str().unwrap_or_default().to_owned()
}

impl From<View> for Outcome {
    fn from(view: View) -> Self {
        Self::Shown(view)
    }
}

/// The page that something is about, as what a form leads to.
pub(super) const fn done(page: AdminPage, notice: Notice) -> Outcome {
    Outcome::Done(page, Some(notice))
}
