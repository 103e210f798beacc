//! The groups of a person, and whether the person is an administrator.

use application::account::Notice;
use application::users::{AccountDocument, UserAdministrationError};
use domain::admin_page::{GroupTab, PersonTab};
use domain::{AdminPage, Group, GroupName, User};
use serde_json::Map;

use super::person::{MAX_GROUPS, about, display_name};
use super::problem::problem;
use crate::endpoint::admin_pages::sheet::{Sheet, choices};
use crate::endpoint::admin_pages::visited::{Answer, Outcome, Visited, done};
use crate::error::Problem;
use crate::page::admin::{Control, Form, Part, Row, RowForm, Shown, Table, View, Weight};

/// The page.
pub(super) async fn show(at: &Visited<'_>, user: &User) -> Answer {
    Ok(page(at, user, &Sheet::fresh(at)).await?.into())
}

async fn page(at: &Visited<'_>, user: &User, sheet: &Sheet<'_>) -> Result<View, Problem> {
    let use_cases = &at.app.use_cases;
    let theirs = use_cases.groups.of_user(user.id).await?;
    let all = use_cases.groups.list(None, MAX_GROUPS).await?;
    let mut view = about(at, user);
    if theirs.is_empty() {
        view.parts.push(Part::Empty(at.text("admin-person-no-groups")));
    } else {
        let columns = ["admin-group", "admin-description"].map(|key| at.text(key)).to_vec();
        let rows = theirs.iter().map(|group| row(at, group)).collect();
        view.parts.push(Part::Table(Table { caption: at.text("admin-groups"), columns, rows }));
    }
    let others = all.iter().filter(|group| !theirs.iter().any(|it| it.name == group.name));
    let others: Vec<_> = others.map(|group| (group.name.as_str(), group.name.to_string())).collect();
    if at.may_change() && !others.is_empty() {
        let group = Control::One(choices(&others, ""));
        let form = Form {
            hidden: vec![("decision", "add".to_owned())],
            weight: Weight::Quiet,
            ..sheet.form("add", "admin-member-add", vec![sheet.field("group", "admin-group", group)])
        };
        view.parts.push(Part::Form(form));
    }
    view.parts.push(Part::Heading("role", at.text("admin-role")));
    let administrator = sheet.flag("administrator", "admin-administrator", user.administrator);
    let administrator = administrator.with_hint(at.text("admin-administrator-what"));
    let form = Form {
        hidden: vec![("decision", "role".to_owned())],
        ..sheet.form("save", "save", vec![administrator])
    };
    Ok(sheet.on(view.with(Part::Form(form))))
}

fn row(at: &Visited<'_>, group: &Group) -> Row {
    let form =
        RowForm { field: "remove", value: group.name.to_string(), label: at.text("admin-member-remove") };
    Row {
        name: Shown::Text(group.name.to_string()),
        address: Some(at.address(&AdminPage::Group(group.name.clone(), GroupTab::Members))),
        cells: vec![group.description.as_ref().map(|text| Shown::Text(text.as_str().to_owned()))],
        form: at.may_change().then_some(form),
    }
}

/// Adds the person to a group, removes them from one, or changes whether they are an administrator.
pub(super) async fn save(at: &Visited<'_>, user: &User) -> Answer {
    let use_cases = &at.app.use_cases;
    let here = AdminPage::Person(user.id, PersonTab::Groups);
    let (name, users) = (display_name(user).to_owned(), std::slice::from_ref(user));
    if at.field("decision") == "role" {
        return save_role(at, user, here).await;
    }
    if let Ok(group) = at.field("remove").parse::<GroupName>() {
        use_cases.groups.remove(&group, users, at.author()).await?;
        return Ok(done(here, Notice::MemberRemoved(name)));
    }
    match at.field("group").parse::<GroupName>() {
        Ok(group) => {
            use_cases.groups.add(&group, users, at.author()).await?;
            Ok(done(here, Notice::MemberAdded(name)))
        }
        Err(_) => Ok(Outcome::Done(here, None)),
    }
}

async fn save_role(at: &Visited<'_>, user: &User, here: AdminPage) -> Answer {
    let is_administrator = !at.field("administrator").is_empty();
    let members = Map::from_iter([("admin".to_owned(), is_administrator.into())]);
    let change = |user: &mut User| -> Result<(), UserAdministrationError> {
        AccountDocument::new(members.clone()).apply(user)
    };
    match at.app.use_cases.users.update(user.id, change, at.author()).await {
        Ok(_) => Ok(done(here, Notice::Saved)),
        Err(error) => {
            let sheet = Sheet::sent(at, vec![problem(at, error)?]);
            Ok(Outcome::Refused(page(at, user, &sheet).await?))
        }
    }
}
