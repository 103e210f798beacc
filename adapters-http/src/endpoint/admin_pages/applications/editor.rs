//! The editor of an application: each tab is a form with the members of its registration that are on it. A form changes only what
//! it shows; it is read by the draft that the administrative API reads.

use application::account::Notice;
use application::client::administration::ClientAdministrationError;
use application::client::document::RegistrationDocument;
use domain::admin_page::ApplicationTab;
use domain::client::{ClientDraft, MEMBERS};
use domain::{AdminPage, Client};
use serde_json::{Map, Value};

use super::members::{EDITABLE, Editable, Input};
use super::page::{about, kind_of};
use super::registration::{problems, result};
use crate::endpoint::admin_pages::sheet::Sheet;
use crate::endpoint::admin_pages::visited::{Answer, Outcome, Visited, done, version_of};
use crate::page::admin::{Choice, Control, Fact, Field, Form, Notes, Part, Shown, View};

/// The field that says who may enter.
const ENTRY: &str = "entry";
/// The field with the scopes; `scope` may not be repeated in a form (RFC 6749 §3.2).
const SCOPES: &str = "scopes";

/// A tab.
pub(super) fn show(at: &Visited<'_>, client: &Client, tab: ApplicationTab) -> Outcome {
    page(at, client, tab, &Sheet::fresh(at)).into()
}

fn page(at: &Visited<'_>, client: &Client, tab: ApplicationTab, sheet: &Sheet<'_>) -> View {
    let mut view = about(at, client);
    let of = |page| AdminPage::Application(client.id.clone(), page);
    if tab == ApplicationTab::Overview {
        let code = |key: &str, value: String| Fact { label: at.text(key), value: Shown::Code(value) };
        let made = Fact { label: at.text("admin-since"), value: Shown::Moment(at.moment(client.created_at)) };
        let kind = Fact { label: at.text("admin-kind"), value: at.words(kind_of(client)) };
        view.parts.push(Part::Facts(vec![code("admin-client-id", client.id.to_string()), kind, made]));
        if client.registration.is_some() {
            view.parts.push(Part::Warning(crate::language::Sentence::words(at.text("client-unverified"))));
        }
        let notes = client.caveats();
        if !notes.is_empty() {
            view.parts.push(Part::Notes(Notes { id: "notes", heading: at.text("admin-notes"), notes }));
        }
    }
    view.parts.push(Part::Form(form(at, client, tab, sheet)));
    match tab {
        ApplicationTab::Proof if client.authentication.is_by_secret() => {
            let replace = at.link("replace", &of(ApplicationTab::Secret), "admin-secret-replace");
            view.parts.push(Part::Links(vec![replace]));
        }
        ApplicationTab::Advanced => {
            let disable = if client.is_enabled() { "admin-disable" } else { "admin-enable" };
            let ways = vec![
                at.link("disable", &of(ApplicationTab::Disable), disable),
                at.link("delete", &of(ApplicationTab::Delete), "admin-delete"),
            ];
            view.parts.push(Part::Heading("ending", at.text("admin-ending")));
            view.parts.push(Part::Links(ways));
        }
        ApplicationTab::Overview
        | ApplicationTab::SignIn
        | ApplicationTab::Access
        | ApplicationTab::Told
        | ApplicationTab::Proof
        | ApplicationTab::Secret
        | ApplicationTab::Disable
        | ApplicationTab::Delete => {}
    }
    sheet.on(view)
}

/// The members on this tab that an application like this one can have.
fn on_tab(client: &Client, tab: ApplicationTab) -> impl Iterator<Item = &'static Editable> {
    EDITABLE.iter().filter(move |it| it.tab == tab && (it.applies)(client))
}

fn form(at: &Visited<'_>, client: &Client, tab: ApplicationTab, sheet: &Sheet<'_>) -> Form {
    let document = document(client);
    let (mut fields, mut rare, mut changed) = (Vec::new(), Vec::new(), 0);
    let defaults = document_of_defaults(client);
    for editable in on_tab(client, tab) {
        let stored = document.get(editable.member);
        let made = self::fields(at, sheet, editable, stored);
        if editable.is_rare {
            changed += i64::from(stored != defaults.get(editable.member));
            rare.extend(made);
        } else {
            fields.extend(made);
        }
    }
    let words = match changed {
        0 => at.text("admin-advanced-defaults"),
        changed => at.visit.language.count("admin-advanced-changed", "members", changed),
    };
    Form {
        advanced: (!rare.is_empty()).then_some((words, rare)),
        hidden: vec![("version", version(client))],
        ..sheet.form("save", "save", fields)
    }
}

fn version(client: &Client) -> String {
    version_of(&RegistrationDocument::for_operator(client, None))
}

/// The registration as a document.
fn document(client: &Client) -> Map<String, Value> {
    MEMBERS.iter().filter_map(|member| Some((member.name.to_owned(), member.value(client)?))).collect()
}

/// The document of an application that says nothing.
fn document_of_defaults(client: &Client) -> Map<String, Value> {
    document(&Client::new(client.id.clone(), client.incarnation, client.created_at))
}

/// The fields of a member.
fn fields(at: &Visited<'_>, sheet: &Sheet<'_>, editable: &Editable, stored: Option<&Value>) -> Vec<Field> {
    let Editable { member, label, .. } = *editable;
    let text = || match stored {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let list: Vec<&str> =
        stored.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let line = |kind| sheet.field(member, label, Control::Line(kind, text()));
    let choice = |value: &str, is_chosen: bool| {
        let label = if value.is_empty() { at.text("admin-none") } else { value.to_owned() };
        Choice { value: value.to_owned(), label, is_chosen }
    };
    let field = match &editable.input {
        Input::Text => line("text"),
        Input::Address => line("url"),
        Input::Number => line("number"),
        Input::Flag => sheet.flag(member, label, stored == Some(&Value::Bool(true))),
        Input::Lines => sheet.lines(member, label, list.join("\n")),
        Input::Object => {
            let pretty = stored.filter(|value| value.is_object()).map(serde_json::to_string_pretty);
            sheet.lines(member, label, pretty.and_then(Result::ok).unwrap_or_default())
        }
        Input::One(values) => {
            let is_chosen = |value: &&str| stored.and_then(Value::as_str).unwrap_or_default() == *value;
            let choices = values.iter().map(|value| choice(value, is_chosen(value))).collect();
            sheet.field(member, label, Control::One(choices))
        }
        Input::Any(values) => {
            let choices = values.iter().map(|value| choice(value, list.contains(value))).collect();
            sheet.field(member, label, Control::Any(choices))
        }
        Input::Scope => {
            let written = text();
            let had: Vec<_> = written.split_whitespace().collect();
            let offered = at.app.use_cases.settings.scopes.iter();
            // A scope that the settings do not declare any more stays until it is taken away.
            let others = had.iter().copied().filter(|name| !at.app.use_cases.settings.scopes.contains(name));
            let choices = offered.chain(others).map(|name| choice(name, had.contains(&name))).collect();
            let field = sheet.field(SCOPES, label, Control::Any(choices));
            let problem = sheet.problem(member).or(field.problem.clone());
            Field { problem, ..field }
        }
        Input::Entry => return entry(at, sheet, editable, stored.is_some().then(|| list.join("\n"))),
    };
    let hint = editable.hint.map(|key| at.text(key));
    vec![Field { member: Some(member), hint, ..field }]
}

/// Who may enter: everybody, or the members of some groups, or nobody if none is named.
fn entry(at: &Visited<'_>, sheet: &Sheet<'_>, editable: &Editable, groups: Option<String>) -> Vec<Field> {
    let is_open = groups.is_none();
    let choice = |value: &str, key: &str, is_chosen| Choice {
        value: value.to_owned(),
        label: at.text(key),
        is_chosen,
    };
    let who = vec![
        choice("everybody", "admin-entry-everybody", is_open),
        choice("groups", "admin-entry-groups", !is_open),
    ];
    let who = sheet.field(ENTRY, "admin-entry", Control::One(who));
    let groups = sheet.lines(editable.member, editable.label, groups.unwrap_or_default());
    let groups = groups.with_hint(at.text("admin-allowed-groups-hint"));
    vec![who, Field { member: Some(editable.member), ..groups }]
}

/// Saves the members of a tab.
pub(super) async fn save(at: &Visited<'_>, client: &Client, tab: ApplicationTab) -> Answer {
    let draft = match draft(at, client, tab) {
        Ok(draft) => draft,
        Err(problem) => {
            return Ok(Outcome::Refused(page(at, client, tab, &Sheet::sent(at, vec![problem]))));
        }
    };
    let clients = &at.app.use_cases.clients;
    let sent = at.field("version");
    let is_known = |client: &Client| version(client) == sent;
    match clients.patch_if(&client.id, &draft, at.author(), is_known).await {
        Ok((client, Some(secret))) => Ok(result(at, &client, Some(&secret))),
        Ok((client, None)) => Ok(done(AdminPage::Application(client.id, tab), Notice::Saved)),
        Err(ClientAdministrationError::Changed(_)) => {
            let client = clients.show(&client.id).await?;
            Ok(Outcome::Refused(page(at, &client, tab, &Sheet::stale(at))))
        }
        Err(error) => {
            let shown: Vec<_> = on_tab(client, tab).map(|it| it.member).collect();
            let mut problems = problems(at, error)?;
            for (member, _) in problems.iter_mut().filter(|(member, _)| !shown.contains(member)) {
                // What the tab does not show is wrong because of what it shows.
                *member = "";
            }
            Ok(Outcome::Refused(page(at, client, tab, &Sheet::sent(at, problems))))
        }
    }
}

/// What the form changes, or what is no value.
fn draft(
    at: &Visited<'_>,
    client: &Client,
    tab: ApplicationTab,
) -> Result<ClientDraft, (&'static str, Shown)> {
    let mut draft = ClientDraft::default();
    for editable in on_tab(client, tab) {
        let (member, text) = (editable.member, at.field(editable.member));
        let or_none = |value: Value| if text.is_empty() { Value::Null } else { value };
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>();
        let json = |text: &str| {
            let technical = |error: serde_json::Error| {
                (member, Shown::Technical(at.text("admin-not-json"), error.to_string()))
            };
            serde_json::from_str::<Value>(text).map_err(technical)
        };
        let value = match &editable.input {
            Input::Text | Input::Address | Input::One(_) => or_none(text.into()),
            Input::Number if text.is_empty() => Value::Null,
            // The draft says what is wrong with a text.
            Input::Number => text.parse::<u64>().map_or_else(|_| text.into(), Value::from),
            Input::Flag => (!text.is_empty()).into(),
            Input::Lines => or_none(lines().into()),
            Input::Object if text.is_empty() => Value::Null,
            Input::Object => json(text)?,
            Input::Any(_) => at.visit.parameters.all(member).map(Value::from).collect(),
            Input::Scope => at.visit.parameters.all(SCOPES).collect::<Vec<_>>().join(" ").into(),
            Input::Entry if at.field(ENTRY) == "groups" => lines().into(),
            Input::Entry => Value::Null,
        };
        draft.set(member, value);
    }
    Ok(draft)
}
