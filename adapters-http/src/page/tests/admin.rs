//! The pages of administrators: one with every part, as an administrator sees it who may change something, and as one who may not.

use super::{desk, moment, rendered};
use crate::language::{Language, Sentence};
use crate::page::admin::{
    AdminPageView, Badge, Choice, Control, Fact, Field, Form, Link, Notes, Part, Row, RowForm, Search,
    Select, Shown, Table, View, Weight,
};
use crate::page::{Base, Desk, ForbiddenPage};

/// Every kind of value.
fn values(language: Language, text: &str) -> Vec<Shown> {
    let badge = Badge { kind: "invited", word: language.text("admin-state-invited") };
    vec![
        Shown::Words(language.text("admin-none")),
        Shown::Text(text.to_owned()),
        Shown::Code(text.to_owned()),
        Shown::Sentence(language.sentence("admin-created", "name", text)),
        Shown::Technical(language.text("admin-refused"), text.to_owned()),
        Shown::More(language.text("admin-more"), text.to_owned()),
        Shown::Badge(badge),
    ]
}

fn link(base: &Base, id: &'static str, label: String) -> Link {
    Link::new(id, base.path("/admin"), label)
}

/// Every kind of field, the first of which is wrong.
fn fields(language: Language, text: &str) -> Vec<Field> {
    let choice = |is_chosen| Choice { value: text.to_owned(), label: text.to_owned(), is_chosen };
    let field = |name, control| Field {
        name,
        label: language.text("admin-value"),
        member: None,
        hint: Some(language.text("admin-redirect-uris-hint")),
        problem: None,
        now: None,
        control,
    };
    let wrong = Field {
        problem: Some(Shown::Technical(language.text("admin-refused"), text.to_owned())),
        now: Some(text.to_owned()),
        ..field("line", Control::Line("text", text.to_owned()))
    };
    vec![
        wrong,
        field("lines", Control::Lines(text.to_owned())),
        field("flag", Control::Flag(true)),
        field("one", Control::One(vec![choice(true), choice(false)])),
        field("any", Control::Any(vec![choice(true), choice(false)])),
        field("fixed", Control::Fixed(text.to_owned())),
        Field { hint: None, ..field("empty", Control::Line("url", String::new())) },
    ]
}

fn form(language: Language, text: &str, may_send: bool) -> Form {
    let rare = |field: Field| Field { name: "rare", ..field };
    Form {
        id: "save",
        may_send,
        fields: fields(language, text),
        advanced: Some((
            language.text("admin-advanced-defaults"),
            fields(language, text).into_iter().take(1).map(rare).collect(),
        )),
        hidden: vec![("version", text.to_owned())],
        submit: language.text("save"),
        weight: Weight::Main,
    }
}

fn table(base: &Base, language: Language, text: &str, may_send: bool) -> Table {
    let columns = ["username", "profile-email"].map(|key| language.text(key)).to_vec();
    let row = |name: Shown| Row {
        name,
        address: Some(base.path("/admin/people")),
        cells: vec![Some(Shown::Text(text.to_owned())), None],
        form: may_send.then(|| RowForm {
            field: "remove",
            value: text.to_owned(),
            label: language.text("admin-member-remove"),
        }),
    };
    let rows = values(language, text).into_iter().map(row).collect();
    Table { caption: language.text("admin-people-caption"), columns, rows }
}

fn search(base: &Base, language: Language, text: &str) -> Search {
    Search {
        action: base.path("/admin/people"),
        text: Some((language.text("admin-people-search"), text.to_owned())),
        selects: vec![Select {
            name: "group",
            label: language.text("admin-group"),
            choices: vec![Choice { value: text.to_owned(), label: text.to_owned(), is_chosen: true }],
        }],
        clear: Some(base.path("/admin/people")),
    }
}

fn view(base: &Base, language: Language, text: &str, may_send: bool) -> View {
    let words = |key: &str| Sentence::words(language.text(key));
    let fact = |value: Shown| Fact { label: language.text("admin-value"), value };
    let mut view = View::of(Sentence::of(text), language.text("admin-people"));
    view.up = Some(link(base, "up", language.text("admin-people")));
    view.badge = Some(Badge { kind: "active", word: language.text("admin-state-active") });
    view.tabs = vec![Link { is_current: true, ..link(base, "tab", language.text("profile-heading")) }];
    view.problems =
        values(language, text).into_iter().map(|shown| (Some("line".to_owned()), shown)).collect();
    view.unlock = (!may_send).then(|| base.path("/admin/people?change=true"));
    view.parts = vec![
        Part::Text(words("admin-welcome")),
        Part::Warning(words("admin-warn-mail")),
        Part::Heading("heading", language.text("admin-role")),
        Part::Facts(values(language, text).into_iter().map(fact).collect()),
        Part::Notes(Notes {
            id: "notes",
            heading: language.text("admin-notes"),
            notes: vec![text.to_owned()],
        }),
        Part::Secret("secret", language.text("admin-secret"), text.to_owned()),
        Part::Search(search(base, language, text)),
        Part::Table(table(base, language, text, may_send)),
        Part::Empty(language.text("admin-people-none")),
        Part::Pages(Some(base.path("/admin/people")), Some(base.path("/admin/people?cursor=x"))),
        Part::Ways(vec![link(base, "new", language.text("admin-person-new"))]),
        Part::Links(vec![link(base, "delete", language.text("admin-delete"))]),
        Part::Choices(vec![(
            link(base, "choice", language.text("admin-kind-web")),
            language.text("admin-kind-web-what"),
        )]),
        Part::Form(form(language, text, may_send)),
    ];
    view
}

fn page(base: &Base, language: Language, desk: &Desk, view: View) -> String {
    rendered(&AdminPageView { base: base.clone(), language, desk: desk.clone(), view })
}

/// Every page of administrators, with `text` in every field that is shown.
pub(super) fn every_page(language: Language, base: &Base, desk: &Desk, text: &str) -> Vec<String> {
    let forbidden = ForbiddenPage { base: base.clone(), language, desk: desk.clone() };
    let mut pages = vec![rendered(&forbidden)];
    pages.extend(
        [true, false].map(|may_send| page(base, language, desk, view(base, language, text, may_send))),
    );
    pages
}

#[test]
fn the_pages_are_as_reviewed() {
    let (base, language) = (Base::default(), Language::english());
    for (name, may_send) in [("admin", true), ("admin_as_text", false)] {
        let view = view(&base, language, "text-1", may_send)
            .with(Part::Facts(vec![Fact { label: "Since".into(), value: Shown::Moment(moment(30)) }]));
        insta::assert_snapshot!(name, page(&base, language, &desk(), view));
    }
    insta::assert_snapshot!("forbidden", rendered(&ForbiddenPage { base, language, desk: desk() }));
}

#[test]
fn a_person_who_may_change_nothing_gets_no_form_and_reads_every_value() {
    let (base, language) = (Base::default(), Language::english());
    let page = page(&base, language, &desk(), view(&base, language, "text-1", false));
    assert!(!page.contains("method=\"post\"") && page.contains("id=\"unlock\""), "{page}");
    assert!(page.matches("text-1").count() > 20, "{page}");
}

#[test]
fn a_section_with_an_error_is_open() {
    let (base, language) = (Base::default(), Language::english());
    let page = page(&base, language, &desk(), view(&base, language, "text-1", true));
    assert!(page.contains("<details class=\"advanced\" open>"), "{page}");
}
