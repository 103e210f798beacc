//! `/admin/groups`: the groups, and who is in them.

use application::account::Notice;
use application::users::UserAdministrationError;
use application::users::groups::{GroupAdministrationError, GroupDocument, InvalidGroup, ShownGroup};
use domain::admin_page::{GroupTab, PersonTab};
use domain::group::GroupText;
use domain::{AdminPage, Group, GroupName, SignInName, User, UserId};
use serde_json::{Map, Value};

use super::sheet::{Sheet, confirmation, is_confirmed, typed};
use super::visited::{Answer, Outcome, PAGE_SIZE, Visited, done, version_of};
use crate::error::Problem;
use crate::language::Sentence;
use crate::page::admin::{Field, Form, Link, Part, Row, RowForm, Shown, Table, View, Weight};

const LIMIT: u32 = PAGE_SIZE as u32 + 1;

/// The groups.
pub(super) async fn list(at: &Visited<'_>) -> Answer {
    let after = at.cursor().and_then(|cursor| cursor.parse::<GroupName>().ok());
    let mut groups = at.app.use_cases.groups.list(after.as_ref(), LIMIT).await?;
    let pages = at.pages(&mut groups, &[], |group| group.name.to_string());
    let new = at.link("new", &AdminPage::NewGroup, "admin-group-new");
    let view = View::new(at.text("admin-groups")).with(Part::Ways(vec![new]));
    if groups.is_empty() {
        return Ok(view.with(Part::Empty(at.text("admin-groups-none"))).into());
    }
    let text = |text: &GroupText| Shown::Text(text.as_str().to_owned());
    let row = |group: &Group| Row {
        name: Shown::Text(group.name.to_string()),
        address: Some(at.address(&AdminPage::Group(group.name.clone(), GroupTab::Details))),
        cells: vec![group.display_name.as_ref().map(text), group.description.as_ref().map(text)],
        form: None,
    };
    let columns = ["admin-group", "admin-display-name", "admin-description"].map(|key| at.text(key)).to_vec();
    let rows = groups.iter().map(row).collect();
    let table = Table { caption: at.text("admin-groups-caption"), columns, rows };
    Ok(view.with(Part::Table(table)).with(pages).into())
}

/// The page of a new group.
pub(super) fn new(at: &Visited<'_>) -> Outcome {
    new_group(at, &Sheet::fresh(at)).into()
}

fn new_group(at: &Visited<'_>, sheet: &Sheet<'_>) -> View {
    let mut view = View::new(at.text("admin-group-new"));
    view.up = Some(at.link("up", &AdminPage::Groups, "admin-groups"));
    let name = sheet.line("name", "admin-group-name", "").with_hint(at.text("admin-group-name-hint"));
    let [display_name, description] = texts(sheet, None);
    let form = sheet.form("create", "admin-group-create", vec![name, display_name, description]);
    sheet.on(view.with(Part::Form(form)))
}

fn texts(sheet: &Sheet<'_>, group: Option<&Group>) -> [Field; 2] {
    let display_name = group.and_then(|group| group.display_name.as_ref());
    let description = group.and_then(|group| group.description.as_ref());
    [
        sheet.line("display_name", "admin-display-name", display_name.map_or("", GroupText::as_str)),
        sheet.line("description", "admin-description", description.map_or("", GroupText::as_str)),
    ]
}

/// Makes a group.
pub(super) async fn create(at: &Visited<'_>) -> Answer {
    let document = GroupDocument::new(typed(at, &["name", "display_name", "description"]));
    match at.app.use_cases.groups.create(document, at.author()).await {
        Ok(group) => {
            let page = AdminPage::Group(group.name.clone(), GroupTab::Members);
            Ok(done(page, Notice::Created(group.name.to_string())))
        }
        Err(error) => {
            let sheet = Sheet::sent(at, vec![problem(at, error)?]);
            Ok(Outcome::Refused(new_group(at, &sheet)))
        }
    }
}

/// The field that the error is about, and a sentence.
fn problem(at: &Visited<'_>, error: GroupAdministrationError) -> Result<(&'static str, Shown), Problem> {
    let technical = || Shown::Technical(at.text("admin-refused"), error.to_string());
    let about = match &error {
        GroupAdministrationError::NameTaken(_) => ("name", at.words("admin-group-taken")),
        GroupAdministrationError::Invalid(
            InvalidGroup::NoName | InvalidGroup::Name(_) | InvalidGroup::NameStays,
        ) => ("name", technical()),
        GroupAdministrationError::Invalid(InvalidGroup::Text(field, _) | InvalidGroup::NoText(field)) => {
            (*field, technical())
        }
        GroupAdministrationError::Invalid(
            InvalidGroup::NoClaims
            | InvalidGroup::Claims(_)
            | InvalidGroup::ClaimName(_)
            | InvalidGroup::StandardClaim(_)
            | InvalidGroup::Unknown(_),
        ) => ("custom", technical()),
        GroupAdministrationError::Unknown
        | GroupAdministrationError::UnknownUser
        | GroupAdministrationError::Changed
        | GroupAdministrationError::Contended
        | GroupAdministrationError::Failed(_) => return Err(error.into()),
    };
    Ok(about)
}

/// A page about a group, without its parts.
fn about(at: &Visited<'_>, group: &Group) -> View {
    let mut view = View::about(group.name.as_str());
    view.up = Some(at.link("up", &AdminPage::Groups, "admin-groups"));
    view.tabs = [(GroupTab::Details, "admin-details"), (GroupTab::Members, "admin-members-heading")]
        .map(|(tab, key)| at.tab(&AdminPage::Group(group.name.clone(), tab), key))
        .to_vec();
    view.unlock = at.unlock();
    view
}

/// A page about a group.
pub(super) async fn show(at: &Visited<'_>, name: &GroupName, tab: GroupTab) -> Answer {
    let group = at.app.use_cases.groups.find(name).await?;
    match tab {
        GroupTab::Details => Ok(details(at, &group, &Sheet::fresh(at)).into()),
        GroupTab::Members => Ok(members(at, &group, &Sheet::fresh(at)).await?.into()),
        GroupTab::Delete => Ok(ask_to_delete(at, &group, &Sheet::fresh(at)).into()),
    }
}

fn details(at: &Visited<'_>, group: &Group, sheet: &Sheet<'_>) -> View {
    let claims = group.claims.as_map();
    let written = if claims.is_empty() {
        String::new()
    } else {
        serde_json::to_string_pretty(claims).unwrap_or_default()
    };
    let custom = sheet.lines("custom", "admin-custom-claims", written);
    let custom = custom.with_hint(at.text("admin-group-claims-hint"));
    let form = Form {
        advanced: Some((at.text("admin-more"), vec![custom])),
        hidden: vec![("version", version_of(&ShownGroup::from(group)))],
        ..sheet.form("save", "save", texts(sheet, Some(group)).to_vec())
    };
    sheet.on(about(at, group).with(Part::Form(form)))
}

async fn members(at: &Visited<'_>, group: &Group, sheet: &Sheet<'_>) -> Result<View, Problem> {
    let after = at.cursor().and_then(|cursor| cursor.parse::<UserId>().ok());
    let mut users = at.app.use_cases.groups.members(&group.name, after, LIMIT).await?;
    let pages = at.pages(&mut users, &[], |user| user.id.to_string());
    let mut view = about(at, group);
    let name = sheet.line("member", "username-or-email", "");
    let form = Form { weight: Weight::Quiet, ..sheet.form("add", "admin-member-add-person", vec![name]) };
    if at.may_change() {
        view.parts.push(Part::Form(form));
    }
    if users.is_empty() {
        view.parts.push(Part::Empty(at.text("admin-members-none")));
    } else {
        let columns = ["username", "profile-email"].map(|key| at.text(key)).to_vec();
        let rows = users.iter().map(|user| member(at, user)).collect();
        view.parts.push(Part::Table(Table { caption: at.text("admin-members-heading"), columns, rows }));
        view.parts.push(pages);
    }
    let delete = AdminPage::Group(group.name.clone(), GroupTab::Delete);
    let delete = Link::new("delete", at.address(&delete), at.text("admin-delete"));
    Ok(sheet.on(view.with(Part::Links(vec![delete]))))
}

fn member(at: &Visited<'_>, user: &User) -> Row {
    Row {
        name: Shown::Text(user.username.as_str().to_owned()),
        address: Some(at.address(&AdminPage::Person(user.id, PersonTab::Groups))),
        cells: vec![user.email().map(|email| Shown::Text(email.to_owned()))],
        form: at.may_change().then(|| RowForm {
            field: "remove",
            value: user.id.to_string(),
            label: at.text("admin-member-remove"),
        }),
    }
}

fn ask_to_delete(at: &Visited<'_>, group: &Group, sheet: &Sheet<'_>) -> View {
    let heading = at.sentence("admin-delete-heading", "name", group.name.as_str());
    let mut view = View::of(heading, at.text("admin-delete"));
    let back = AdminPage::Group(group.name.clone(), GroupTab::Details);
    view.up = Some(Link::new("up", at.address(&back), group.name.to_string()));
    view.parts.push(Part::Warning(Sentence::words(at.text("admin-group-delete-what"))));
    sheet.on(view.with(Part::Form(confirmation(sheet, group.name.as_str(), "admin-delete"))))
}

/// What a form of a page about a group does.
pub(super) async fn change(at: &Visited<'_>, name: &GroupName, tab: GroupTab) -> Answer {
    let groups = &at.app.use_cases.groups;
    let group = groups.find(name).await?;
    match tab {
        GroupTab::Details => save(at, &group).await,
        GroupTab::Members => change_members(at, &group).await,
        GroupTab::Delete if is_confirmed(at, group.name.as_str()) => {
            groups.delete(&group.name, at.author()).await?;
            Ok(done(AdminPage::Groups, Notice::Deleted(group.name.to_string())))
        }
        GroupTab::Delete => {
            let sheet = Sheet::sent(at, vec![("confirm", at.words("admin-other-name"))]);
            Ok(Outcome::Refused(ask_to_delete(at, &group, &sheet)))
        }
    }
}

async fn save(at: &Visited<'_>, group: &Group) -> Answer {
    let groups = &at.app.use_cases.groups;
    let mut members = typed(at, &["display_name", "description"]);
    let text = at.field("custom");
    let claims = if text.is_empty() { Ok(Map::new()) } else { serde_json::from_str(text) };
    let typed: Map<String, Value> = match claims {
        Ok(claims) => claims,
        Err(error) => {
            let shown = Shown::Technical(at.text("admin-not-json"), error.to_string());
            return Ok(Outcome::Refused(details(at, group, &Sheet::sent(at, vec![("custom", shown)]))));
        }
    };
    // Those that are no longer there are removed.
    let mut claims: Map<_, _> =
        group.claims.as_map().keys().map(|name| (name.clone(), Value::Null)).collect();
    claims.extend(typed);
    members.insert("claims".to_owned(), claims.into());
    let version = at.field("version");
    let change = |group: &mut Group| match version_of(&ShownGroup::from(&*group)) == version {
        true => Ok(GroupDocument::new(members.clone()).apply(group)?),
        false => Err(GroupAdministrationError::Changed),
    };
    match groups.update(&group.name, change, at.author()).await {
        Ok(group) => Ok(done(AdminPage::Group(group.name, GroupTab::Details), Notice::Saved)),
        Err(GroupAdministrationError::Changed) => {
            let group = groups.find(&group.name).await?;
            Ok(Outcome::Refused(details(at, &group, &Sheet::stale(at))))
        }
        Err(error) => {
            let sheet = Sheet::sent(at, vec![problem(at, error)?]);
            Ok(Outcome::Refused(details(at, group, &sheet)))
        }
    }
}

async fn change_members(at: &Visited<'_>, group: &Group) -> Answer {
    let use_cases = &at.app.use_cases;
    let here = AdminPage::Group(group.name.clone(), GroupTab::Members);
    if let Ok(id) = at.field("remove").parse::<UserId>() {
        let user = use_cases.users.find(id).await?;
        let name = user.username.as_str().to_owned();
        use_cases.groups.remove(&group.name, &[user], at.author()).await?;
        return Ok(done(here, Notice::MemberRemoved(name)));
    }
    match use_cases.users.find_by_sign_in_name(&SignInName::typed(at.field("member"))).await {
        Ok(user) => {
            let name = user.username.as_str().to_owned();
            use_cases.groups.add(&group.name, &[user], at.author()).await?;
            Ok(done(here, Notice::MemberAdded(name)))
        }
        Err(UserAdministrationError::Unknown) => {
            let sheet = Sheet::sent(at, vec![("member", at.words("admin-no-such-person"))]);
            Ok(Outcome::Refused(members(at, group, &sheet).await?))
        }
        Err(error) => Err(error.into()),
    }
}
