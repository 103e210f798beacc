//! `/admin/people`: the list, with its search.

use application::port::UserFilter;
use application::users::FoundUser;
use domain::admin_page::PersonTab;
use domain::{AdminPage, GroupName, SignInName};

use super::person::{MAX_GROUPS, badge, name_claim};
use crate::endpoint::admin_pages::sheet::choices;
use crate::endpoint::admin_pages::visited::{Answer, PAGE_SIZE, Visited};
use crate::error::Problem;
use crate::page::admin::{Part, Row, Search, Select, Shown, Table, View};

/// The people, with a search.
pub(in crate::endpoint::admin_pages) async fn list(at: &Visited<'_>) -> Answer {
    let (text, group, status) = (at.field("q"), at.field("group"), at.field("status"));
    let filter = UserFilter {
        begins_with: (!text.is_empty()).then(|| SignInName::typed(text)),
        group: group.parse::<GroupName>().ok(),
        is_enabled: match status {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        },
    };
    let after = at.cursor().map(|text| SignInName::typed(&text));
    let limit = u32::try_from(PAGE_SIZE + 1).unwrap_or(u32::MAX);
    let mut found = at.app.use_cases.users.search(&filter, after.as_ref(), limit).await?;
    let conditions = [("q", text), ("group", group), ("status", status)];
    let name_of = |found: &FoundUser| {
        filter.found_by(&found.user).map(|name| name.key().to_owned()).unwrap_or_default()
    };
    let pages = at.pages(&mut found, &conditions, name_of);
    let is_filtered = conditions.iter().any(|(_, value)| !value.is_empty());
    let mut view = View::new(at.text("admin-people"));
    view.parts.push(Part::Ways(vec![at.link("new", &AdminPage::NewPerson, "admin-person-new")]));
    view.parts.push(Part::Search(search(at, is_filtered).await?));
    if found.is_empty() {
        let nobody = if is_filtered { "admin-no-match" } else { "admin-people-none" };
        return Ok(view.with(Part::Empty(at.text(nobody))).into());
    }
    let here = [("cursor", at.field("cursor"))];
    let state = [&conditions[..], &here[..]].concat();
    let mut rows = Vec::with_capacity(found.len());
    for person in &found {
        rows.push(row(at, person, &state).await?);
    }
    let columns =
        ["username", "profile-name", "profile-email", "admin-groups", "admin-status", "admin-last-sign-in"];
    let columns = columns.map(|key| at.text(key)).to_vec();
    let table = Table { caption: at.text("admin-people-caption"), columns, rows };
    Ok(view.with(Part::Table(table)).with(pages).into())
}

async fn search(at: &Visited<'_>, is_filtered: bool) -> Result<Search, Problem> {
    let groups = at.app.use_cases.groups.list(None, MAX_GROUPS).await?;
    let any = ("", at.text("admin-any"));
    let named = groups.iter().map(|group| (group.name.as_str(), group.name.to_string()));
    let groups: Vec<_> = std::iter::once(any.clone()).chain(named).collect();
    let states =
        [any, ("enabled", at.text("admin-state-enabled")), ("disabled", at.text("admin-state-disabled"))];
    let select = |name, key: &str, pairs: &[(&str, String)]| Select {
        name,
        label: at.text(key),
        choices: choices(pairs, at.field(name)),
    };
    Ok(Search {
        action: at.app.path(&at.page.path()),
        text: Some((at.text("admin-people-search"), at.field("q").to_owned())),
        selects: vec![select("group", "admin-group", &groups), select("status", "admin-status", &states)],
        clear: is_filtered.then(|| at.address(&at.page)),
    })
}

async fn row(
    at: &Visited<'_>,
    FoundUser { user, signed_in_at }: &FoundUser,
    state: &[(&str, &str)],
) -> Result<Row, Problem> {
    let groups = at.app.use_cases.groups.of_user(user.id).await?;
    let groups = groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ");
    let text = |text: &str| (!text.is_empty()).then(|| Shown::Text(text.to_owned()));
    Ok(Row {
        name: Shown::Text(user.username.as_str().to_owned()),
        address: Some(at.address_from_list(AdminPage::Person(user.id, PersonTab::Profile), state)),
        cells: vec![
            text(name_claim(user)),
            text(user.email().unwrap_or_default()),
            text(&groups),
            Some(Shown::Badge(badge(at, user))),
            signed_in_at.map(|moment| Shown::Moment(at.moment(moment))),
        ],
        form: None,
    })
}
