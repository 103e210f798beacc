//! The list of applications, with its search.

use application::port::ClientFilter;
use domain::admin_page::ApplicationTab;
use domain::{AdminPage, Client};

use super::page::{badge, kind_of, name};
use crate::endpoint::admin_pages::sheet::choices;
use crate::endpoint::admin_pages::visited::{Answer, PAGE_SIZE, Visited};
use crate::page::admin::{Part, Row, Search, Select, Shown, Table, View};

/// The list.
pub(in crate::endpoint::admin_pages) async fn list(at: &Visited<'_>) -> Answer {
    let (text, status) = (at.field("q"), at.field("status"));
    let filter = ClientFilter {
        // No store keeps such characters in a name, and not all of them can look for them.
        begins_with: (!text.is_empty()).then(|| text.replace(char::is_control, "\u{fffd}")),
        is_enabled: match status {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        },
    };
    let limit = u32::try_from(PAGE_SIZE + 1).unwrap_or(u32::MAX);
    let mut found = at.app.use_cases.clients.search(&filter, at.cursor().as_deref(), limit).await?;
    let conditions = [("q", text), ("status", status)];
    let pages = at.pages(&mut found, &conditions, Client::name_key);
    let is_filtered = conditions.iter().any(|(_, value)| !value.is_empty());
    let states = [
        ("", at.text("admin-any")),
        ("enabled", at.text("admin-state-enabled")),
        ("disabled", at.text("admin-state-disabled")),
    ];
    let search = Search {
        action: at.app.path(&at.page.path()),
        text: Some((at.text("admin-apps-search"), text.to_owned())),
        selects: vec![Select {
            name: "status",
            label: at.text("admin-status"),
            choices: choices(&states, status),
        }],
        clear: is_filtered.then(|| at.address(&at.page)),
    };
    let new = at.link("new", &AdminPage::NewApplication, "admin-app-new");
    let view = View::new(at.text("admin-apps")).with(Part::Ways(vec![new])).with(Part::Search(search));
    if found.is_empty() {
        let none = if is_filtered { "admin-no-match" } else { "admin-apps-none" };
        return Ok(view.with(Part::Empty(at.text(none))).into());
    }
    let state = [&conditions[..], &[("cursor", at.field("cursor"))]].concat();
    let row = |client: &Client| Row {
        name: Shown::Text(name(client).to_owned()),
        address: Some(
            at.address_from_list(AdminPage::Application(client.id.clone(), ApplicationTab::Overview), &state),
        ),
        cells: vec![
            Some(Shown::Code(client.id.to_string())),
            Some(at.words(kind_of(client))),
            Some(Shown::Badge(badge(at, client))),
            Some(Shown::Moment(at.moment(client.created_at))),
        ],
        form: None,
    };
    let columns = ["admin-app", "admin-client-id", "admin-kind", "admin-status", "admin-since"];
    let columns = columns.map(|key| at.text(key)).to_vec();
    let rows = found.iter().map(row).collect();
    let table = Table { caption: at.text("admin-apps-caption"), columns, rows };
    Ok(view.with(Part::Table(table)).with(pages).into())
}
