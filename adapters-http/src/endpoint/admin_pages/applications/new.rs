//! `/admin/apps/new`: a new application, by its kind.

use application::client::administration::ClientAdministrationError;
use domain::admin_page::{ApplicationKind, ApplicationTab};
use domain::client::ClientDraft;
use domain::{AdminPage, ClientId};
use serde_json::Value;

use super::registration::{problems, result};
use crate::endpoint::admin_pages::sheet::{Sheet, choices};
use crate::endpoint::admin_pages::visited::{Answer, Outcome, Visited};
use crate::language::Sentence;
use crate::page::admin::{Control, Field, Form, Link, Part, View};

/// The kinds, each with its name and what it is.
const KINDS: [(ApplicationKind, &str, &str); 6] = [
    (ApplicationKind::Web, "admin-kind-web", "admin-kind-web-what"),
    (ApplicationKind::SinglePage, "admin-kind-single-page", "admin-kind-single-page-what"),
    (ApplicationKind::Native, "admin-kind-native", "admin-kind-native-what"),
    (ApplicationKind::Device, "admin-kind-device", "admin-kind-device-what"),
    (ApplicationKind::Machine, "admin-kind-machine", "admin-kind-machine-what"),
    (ApplicationKind::Api, "admin-kind-api", "admin-kind-api-what"),
];

/// The choice of the kind.
pub(in crate::endpoint::admin_pages) fn choose_kind(at: &Visited<'_>) -> Outcome {
    let choice = |(kind, name, what): (ApplicationKind, &'static str, &str)| {
        let address = at.address(&AdminPage::NewApplicationOf(kind));
        (Link::new(name, address, at.text(name)), at.text(what))
    };
    let mut view = View::new(at.text("admin-app-new"));
    view.up = Some(at.link("up", &AdminPage::Applications, "admin-apps"));
    view.with(Part::Text(Sentence::words(at.text("admin-app-new-what"))))
        .with(Part::Choices(KINDS.map(choice).to_vec()))
        .into()
}

/// The page of a new application of this kind.
pub(in crate::endpoint::admin_pages) fn new(at: &Visited<'_>, kind: ApplicationKind) -> Outcome {
    page(at, kind, &Sheet::fresh(at)).into()
}

fn page(at: &Visited<'_>, kind: ApplicationKind, sheet: &Sheet<'_>) -> View {
    let heading = KINDS.into_iter().find(|(it, ..)| *it == kind);
    let (_, heading, what) = heading.unwrap_or(KINDS[0]);
    let mut view = View::new(at.text(heading));
    view.up = Some(at.link("up", &AdminPage::NewApplication, "admin-app-new"));
    view.parts.push(Part::Text(Sentence::words(at.text(what))));
    let mut fields =
        vec![Field { member: Some("client_name"), ..sheet.line("client_name", "admin-m-client-name", "") }];
    let lines = |name, label: &str, hint: &str| Field {
        member: Some(name),
        ..sheet.lines(name, label, String::new()).with_hint(at.text(hint))
    };
    match kind {
        ApplicationKind::Web | ApplicationKind::SinglePage => {
            fields.push(lines("redirect_uris", "admin-m-redirect-uris", "admin-redirect-uris-hint"));
        }
        ApplicationKind::Native => {
            fields.push(lines("redirect_uris", "admin-m-redirect-uris", "admin-redirect-uris-native-hint"));
        }
        ApplicationKind::Machine => {
            fields.push(lines("resources", "admin-m-resources", "admin-resources-hint"));
            let jwks_uri = sheet.field("jwks_uri", "admin-m-jwks-uri", Control::Line("url", String::new()));
            let jwks_uri = jwks_uri.with_hint(at.text("admin-jwks-uri-hint"));
            fields.push(Field { member: Some("jwks_uri"), ..jwks_uri });
        }
        ApplicationKind::Device | ApplicationKind::Api => {}
    }
    if matches!(kind, ApplicationKind::Web | ApplicationKind::SinglePage | ApplicationKind::Native) {
        let consent = [("ask", at.text("admin-consent-ask")), ("own", at.text("admin-consent-own"))];
        fields.push(sheet.field("consent", "admin-consent", Control::One(choices(&consent, "ask"))));
    }
    // The id is chosen here, so that a form that is sent twice makes one application.
    let id = match at.field("client_id").parse::<ClientId>() {
        Ok(id) => id,
        Err(_) => ClientId::from_random(at.app.use_cases.entropy.bytes()),
    };
    let hidden = vec![("client_id", id.to_string())];
    sheet.on(view.with(Part::Form(Form { hidden, ..sheet.form("create", "admin-app-create", fields) })))
}

/// Registers the application.
pub(in crate::endpoint::admin_pages) async fn create(at: &Visited<'_>, kind: ApplicationKind) -> Answer {
    match at.app.use_cases.clients.create(&draft(at, kind), at.author()).await {
        Ok((client, secret)) => Ok(result(at, &client, secret.as_ref())),
        // The form was sent twice.
        Err(ClientAdministrationError::IdTaken(id)) => {
            Ok(Outcome::Done(AdminPage::Application(id, ApplicationTab::Overview), None))
        }
        Err(error) => {
            let mut problems = problems(at, error)?;
            problems.iter_mut().for_each(|(member, _)| {
                // What the form does not show is wrong because of what it shows.
                if !["client_name", "redirect_uris", "resources", "jwks_uri"].contains(member) {
                    *member = "";
                }
            });
            Ok(Outcome::Refused(page(at, kind, &Sheet::sent(at, problems))))
        }
    }
}

/// The registration of an application of this kind (RFC 7591 §2).
fn draft(at: &Visited<'_>, kind: ApplicationKind) -> ClientDraft {
    let mut draft = ClientDraft::default();
    let text = |name| at.field(name);
    let lines = |name| Value::from(text(name).split_whitespace().collect::<Vec<_>>());
    draft.set("client_id", text("client_id"));
    draft.set("client_name", text("client_name"));
    let refresh = at.app.use_cases.settings.refresh_token_grant.then_some("refresh_token");
    let grants = |first: &'static str| std::iter::once(first).chain(refresh).collect::<Vec<_>>();
    match kind {
        ApplicationKind::Web => {
            draft.set("grant_types", grants("authorization_code"));
            draft.set("token_endpoint_auth_method", "client_secret_basic");
            draft.set("redirect_uris", lines("redirect_uris"));
        }
        ApplicationKind::SinglePage => {
            draft.set("grant_types", grants("authorization_code"));
            draft.set("token_endpoint_auth_method", "none");
            draft.set("redirect_uris", lines("redirect_uris"));
        }
        ApplicationKind::Native => {
            draft.set("application_type", "native");
            draft.set("grant_types", grants("authorization_code"));
            draft.set("token_endpoint_auth_method", "none");
            draft.set("redirect_uris", lines("redirect_uris"));
        }
        ApplicationKind::Device => {
            draft.set("grant_types", grants("urn:ietf:params:oauth:grant-type:device_code"));
            draft.set("token_endpoint_auth_method", "none");
        }
        ApplicationKind::Machine => {
            draft.set("grant_types", vec!["client_credentials"]);
            draft.set("resources", lines("resources"));
            if text("jwks_uri").is_empty() {
                draft.set("token_endpoint_auth_method", "client_secret_basic");
            } else {
                draft.set("token_endpoint_auth_method", "private_key_jwt");
                draft.set("jwks_uri", text("jwks_uri"));
            }
        }
        ApplicationKind::Api => {
            draft.set("grant_types", vec!["client_credentials"]);
            draft.set("token_endpoint_auth_method", "client_secret_basic");
            draft.set("resource_server", true);
        }
    }
    if text("consent") == "own" {
        draft.set("first_party", true);
    }
    draft
}
