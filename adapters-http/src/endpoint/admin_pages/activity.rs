//! `/admin/activity`: the sign-ins, and the changes that administrators made.

use std::collections::{BTreeMap, BTreeSet};

use application::port::{EventFilter, SignInFilter};
use application::users::UserAdministrationError;
use chrono::{DateTime, NaiveDate, Utc};
use domain::admin_page::PersonTab;
use domain::{Actor, AdminPage, SignInEvent, SignInEventId, SignInKind, SignInName, UserId};
use serde_json::Value;

use super::sheet::choices;
use super::visited::{Answer, PAGE_SIZE, Visited};
use crate::error::Problem;
use crate::page::admin::{Part, Row, Search, Select, Shown, Table, View};
use crate::page::device_name;

/// How many members of a change are shown without a click.
const MAX_SHOWN_MEMBERS: usize = 3;

/// The page with the sign-ins of everybody.
pub(super) async fn sign_ins(at: &Visited<'_>) -> Answer {
    let (person, kind) = (at.field("q"), at.field("kind"));
    let (since, until) = (day(at.field("since")), day(at.field("until")));
    let user = match person {
        "" => None,
        name => match at.app.use_cases.users.find_by_sign_in_name(&SignInName::typed(name)).await {
            Ok(user) => Some(user),
            Err(UserAdministrationError::Unknown) => None,
            Err(error) => return Err(error.into()),
        },
    };
    let filter = SignInFilter {
        user: user.as_ref().map(|user| user.id),
        kinds: kind.parse::<SignInKind>().into_iter().collect::<BTreeSet<_>>(),
        since,
        until: until.map(|until| until + chrono::Duration::days(1)),
    };
    let conditions =
        [("q", person), ("kind", kind), ("since", at.field("since")), ("until", at.field("until"))];
    let is_filtered = conditions.iter().any(|(_, value)| !value.is_empty());
    let kinds = SignInKind::ALL.map(|kind| (kind.as_str(), at.text(words(kind))));
    let kinds: Vec<_> = std::iter::once(("", at.text("admin-any"))).chain(kinds).collect();
    let search = Search {
        action: at.app.path(&at.page.path()),
        text: Some((at.text("username-or-email"), person.to_owned())),
        selects: vec![Select {
            name: "kind",
            label: at.text("activity-what"),
            choices: choices(&kinds, kind),
        }],
        clear: is_filtered.then(|| at.address(&at.page)),
    };
    let mut view = heading(at).with(Part::Search(search));
    // A name that nobody has finds nothing.
    if user.is_none() && !person.is_empty() {
        return Ok(view.with(Part::Empty(at.text("admin-no-match"))).into());
    }
    view.parts.extend(events(at, &filter, &conditions, true).await?);
    Ok(view.into())
}

/// The day that a text names, from its beginning.
fn day(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc())
}

fn heading(at: &Visited<'_>) -> View {
    let mut view = View::new(at.text("activity-heading"));
    view.tabs =
        vec![at.tab(&AdminPage::Activity, "admin-sign-ins"), at.tab(&AdminPage::Changes, "admin-changes")];
    view
}

/// A list of sign-ins; with the names of the people, if it is of many.
pub(super) async fn events(
    at: &Visited<'_>,
    filter: &SignInFilter,
    conditions: &[(&str, &str)],
    of_many: bool,
) -> Result<Vec<Part>, Problem> {
    let before = at.cursor().and_then(|cursor| cursor.parse::<SignInEventId>().ok());
    let limit = u32::try_from(PAGE_SIZE + 1).unwrap_or(u32::MAX);
    let mut events = at.app.use_cases.users.list_events(filter, before, limit).await?;
    let pages = at.pages(&mut events, conditions, |event| event.id.to_string());
    if events.is_empty() {
        return Ok(vec![Part::Empty(at.text("activity-none")), pages]);
    }
    let names =
        if of_many { names(at, events.iter().map(|event| event.user)).await? } else { BTreeMap::new() };
    let person = of_many.then_some("admin-person");
    let keys = ["activity-when", "activity-device", "device-address"];
    let keys = std::iter::once("activity-what").chain(person).chain(keys);
    let columns = keys.map(|key| at.text(key)).collect();
    let rows = events.iter().map(|event| row(at, event, of_many.then_some(&names))).collect();
    Ok(vec![Part::Table(Table { caption: at.text("admin-events-caption"), columns, rows }), pages])
}

fn row(at: &Visited<'_>, event: &SignInEvent, names: Option<&BTreeMap<UserId, String>>) -> Row {
    let name = |names: &BTreeMap<UserId, String>| names.get(&event.user).cloned().map(Shown::Text);
    let device = event.user_agent.as_ref().map(|agent| device_name(Some(agent), at.visit.language));
    let others = [
        Some(Shown::Moment(at.moment(event.at()))),
        device.map(Shown::Words),
        event.address.clone().map(Shown::Text),
    ];
    Row {
        name: at.words(words(event.kind)),
        address: names.map(|_| at.address(&AdminPage::Person(event.user, PersonTab::Activity))),
        cells: names.map(name).into_iter().chain(others).collect(),
        form: None,
    }
}

/// The user names of these users, as far as they are there.
async fn names(
    at: &Visited<'_>,
    ids: impl Iterator<Item = UserId>,
) -> Result<BTreeMap<UserId, String>, Problem> {
    let mut names = BTreeMap::new();
    for id in ids.collect::<BTreeSet<_>>() {
        match at.app.use_cases.users.find(id).await {
            Ok(user) => {
                names.insert(id, user.username.as_str().to_owned());
            }
            // The user was deleted.
            Err(UserAdministrationError::Unknown) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(names)
}

/// What an administrator reads of an event.
pub(super) const fn words(kind: SignInKind) -> &'static str {
    match kind {
        SignInKind::SignedIn => "admin-event-signed-in",
        SignInKind::SignedInWithPasskey => "admin-event-passkey-signed-in",
        SignInKind::PasskeyRefused => "admin-event-passkey-refused",
        SignInKind::PasskeyAdded => "admin-event-passkey-added",
        SignInKind::PasskeyRemoved => "admin-event-passkey-removed",
        SignInKind::WrongPassword => "admin-event-wrong-password",
        SignInKind::Disabled => "admin-event-disabled",
        SignInKind::LockedOut => "admin-event-locked-out",
        SignInKind::PasswordChanged => "admin-event-password-changed",
        SignInKind::LinkUsed => "admin-event-link-used",
        SignInKind::Unlocked => "admin-event-unlocked",
        SignInKind::WrongCode => "admin-event-wrong-code",
        SignInKind::RecoveryCodeUsed => "admin-event-recovery-code",
        SignInKind::FactorAdded => "admin-event-factor-added",
        SignInKind::FactorRemoved => "admin-event-factor-removed",
    }
}

/// The page with the changes that administrators made.
pub(super) async fn changes(at: &Visited<'_>) -> Answer {
    let text = at.field("q");
    let filter =
        EventFilter { target: (!text.is_empty()).then(|| text.to_owned()), ..EventFilter::default() };
    let before = at.cursor().and_then(|cursor| cursor.parse::<i64>().ok());
    let limit = u32::try_from(PAGE_SIZE + 1).unwrap_or(u32::MAX);
    let mut events = at
        .app
        .use_cases
        .audit_trail
        .latest(&filter, before, limit)
        .await
        .map_err(|unavailable| Problem::from(application::Error::from(unavailable)))?;
    let pages = at.pages(&mut events, &[("q", text)], |kept| kept.number.to_string());
    let search = Search {
        action: at.app.path(&at.page.path()),
        text: Some((at.text("admin-changes-search"), text.to_owned())),
        selects: Vec::new(),
        clear: (!text.is_empty()).then(|| at.address(&at.page)),
    };
    let view = heading(at).with(Part::Search(search));
    if events.is_empty() {
        return Ok(view.with(Part::Empty(at.text("activity-none"))).with(pages).into());
    }
    let people = events.iter().filter_map(|kept| match &kept.event.actor {
        Actor::Administrator(id) | Actor::Person(id) => Some(*id),
        Actor::CommandLine
        | Actor::SetUp
        | Actor::SelfRegistered
        | Actor::InitialAccessToken(_)
        | Actor::Client(_)
        | Actor::AdministrativeClient(_)
        | Actor::Server => None,
    });
    let names = names(at, people).await?;
    let row = |event: &domain::AuditEvent| Row {
        name: Shown::Code(event.action.clone()),
        address: None,
        cells: vec![
            Some(Shown::Code(event.target.clone())),
            Some(who(at, &event.actor, &names)),
            Some(Shown::Moment(at.moment(event.at))),
            event.address.clone().map(Shown::Text),
            members(at, event),
        ],
        form: None,
    };
    let columns =
        ["admin-change", "admin-target", "admin-who", "activity-when", "device-address", "admin-members"];
    let columns = columns.map(|key| at.text(key)).to_vec();
    let rows = events.iter().map(|kept| row(&kept.event)).collect();
    let table = Table { caption: at.text("admin-changes-caption"), columns, rows };
    Ok(view.with(Part::Table(table)).with(pages).into())
}

fn who(at: &Visited<'_>, actor: &Actor, names: &BTreeMap<UserId, String>) -> Shown {
    match actor {
        Actor::Administrator(id) | Actor::Person(id) => match names.get(id) {
            Some(name) => Shown::Text(name.clone()),
            None => Shown::Code(id.to_string()),
        },
        Actor::CommandLine => at.words("admin-actor-command-line"),
        Actor::SetUp => at.words("admin-actor-set-up"),
        Actor::SelfRegistered => at.words("admin-actor-self-registered"),
        Actor::Server => at.words("admin-actor-server"),
        Actor::InitialAccessToken(id) => Shown::Code(id.to_string()),
        Actor::Client(id) | Actor::AdministrativeClient(id) => Shown::Code(id.to_string()),
    }
}

/// Which members a change has changed, with what was there before and after.
fn members(at: &Visited<'_>, event: &domain::AuditEvent) -> Option<Shown> {
    let Ok(Value::Object(changes)) = serde_json::to_value(&event.changes) else {
        return None;
    };
    let side = |change: &Value, side: &str| match change.get(side) {
        None => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let line = |(name, change): (&String, &Value)| {
        format!("{name}: {} → {}", side(change, "before"), side(change, "after"))
    };
    let text = changes.iter().map(line).collect::<Vec<_>>().join("\n");
    match changes.len() {
        0 => None,
        few if few <= MAX_SHOWN_MEMBERS => Some(Shown::Text(text)),
        many => {
            let many = i64::try_from(many).unwrap_or(i64::MAX);
            Some(Shown::More(at.visit.language.count("admin-members-many", "members", many), text))
        }
    }
}
