//! `/admin`: how the server is.

use application::port::{ClientFilter, SignInFilter, UserFilter};
use chrono::Duration;
use domain::{AccountPage, AdminPage, SignInEvent, SignInKind};

use super::activity::words;
use super::visited::{Answer, Visited};
use crate::error::Problem;
use crate::language::Sentence;
use crate::page::admin::{Fact, Link, Part, Row, Shown, Table, View};

/// More events than are counted.
const MAX_COUNTED: u32 = 1_000;
/// More applications and people than are counted.
const MAX_THINGS: u32 = 100;

/// The page: the first steps on a new server, else what needs attention, and what happened.
pub(super) async fn show(at: &Visited<'_>) -> Answer {
    let use_cases = &at.app.use_cases;
    let clients = use_cases.clients.search(&ClientFilter::default(), None, MAX_THINGS + 1).await?;
    let mut view = View::new(at.text("admin-dashboard"));
    if clients.is_empty() {
        view.parts.push(Part::Text(Sentence::words(at.text("admin-welcome"))));
        view.parts.push(Part::Choices(first_steps(at)));
    } else {
        let people = use_cases.users.users.search(&UserFilter::default(), None, MAX_THINGS + 1).await;
        let people = people.map_err(|unavailable| Problem::from(application::Error::from(unavailable)))?;
        view.parts.extend(warnings(at).await?);
        let count = |label: &str, number: usize| Fact {
            label: at.text(label),
            value: Shown::Words(counted(number, MAX_THINGS)),
        };
        let facts = vec![count("admin-people", people.len()), count("admin-apps", clients.len())];
        view.parts.push(Part::Facts(facts));
    }
    view.parts.extend(events(at).await?);
    let ages = use_cases.keys.ages().await?;
    let ages = ages.iter().map(|(algorithm, age)| Fact {
        label: at.visit.language.phrase("admin-key-age", "algorithm", &algorithm.to_string()),
        value: Shown::Moment(at.moment(use_cases.clock.now() - *age)),
    });
    let version = Shown::Words(env!("CARGO_PKG_VERSION").to_owned());
    let version = Fact { label: at.text("admin-version"), value: version };
    view.parts.push(Part::Heading("server", at.text("admin-server")));
    Ok(view.with(Part::Facts(ages.chain([version]).collect())).into())
}

fn first_steps(at: &Visited<'_>) -> Vec<(Link, String)> {
    let step =
        |id, address, label: &str, words: &str| (Link::new(id, address, at.text(label)), at.text(words));
    vec![
        step("first-app", at.address(&AdminPage::NewApplication), "admin-app-new", "admin-step-app"),
        step("first-person", at.address(&AdminPage::NewPerson), "admin-person-new", "admin-step-people"),
        step(
            "first-factor",
            at.visit.address(at.app, AccountPage::Security),
            "app-add-heading",
            "admin-step-factor",
        ),
    ]
}

async fn warnings(at: &Visited<'_>) -> Result<Vec<Part>, Problem> {
    let use_cases = &at.app.use_cases;
    let own = use_cases.account.factors(&at.visit.signed_in).await?;
    let warning = |key: &str| Part::Warning(Sentence::words(at.text(key)));
    let mut warnings = Vec::new();
    if own.app.is_none() {
        let security = at.visit.address(at.app, AccountPage::Security);
        warnings.push(warning("admin-warn-factor"));
        warnings.push(Part::Links(vec![Link::new("add-factor", security, at.text("app-add-heading"))]));
    }
    if use_cases.forgotten.is_none() {
        warnings.push(warning("admin-warn-mail"));
    }
    Ok(warnings)
}

/// How often each event happened in the last day and in the last 30.
async fn events(at: &Visited<'_>) -> Result<Vec<Part>, Problem> {
    let now = at.app.use_cases.clock.now();
    let since = SignInFilter { since: Some(now - Duration::days(30)), ..SignInFilter::default() };
    let events = at.app.use_cases.users.list_events(&since, None, MAX_COUNTED + 1).await?;
    let heading = Part::Heading("sign-ins", at.text("admin-sign-ins"));
    if events.is_empty() {
        return Ok(vec![heading, Part::Empty(at.text("activity-none"))]);
    }
    let all_are_there = events.len() <= MAX_COUNTED as usize;
    let day = now - Duration::days(1);
    let cell = |number: usize| {
        let more = if all_are_there { "" } else { "+" };
        Some(Shown::Words(format!("{number}{more}")))
    };
    let row = |kind: &SignInKind| {
        let of_kind: Vec<&SignInEvent> = events.iter().filter(|event| event.kind == *kind).collect();
        let lately = of_kind.iter().filter(|event| event.at() >= day).count();
        (!of_kind.is_empty()).then(|| Row {
            name: at.words(words(*kind)),
            address: None,
            cells: vec![cell(lately), cell(of_kind.len())],
            form: None,
        })
    };
    let columns = ["activity-what", "admin-day", "admin-month"].map(|key| at.text(key)).to_vec();
    let rows = SignInKind::ALL.iter().filter_map(row).collect();
    Ok(vec![heading, Part::Table(Table { caption: at.text("admin-counts-caption"), columns, rows })])
}

fn counted(number: usize, most: u32) -> String {
    if number > most as usize { format!("{most}+") } else { number.to_string() }
}
