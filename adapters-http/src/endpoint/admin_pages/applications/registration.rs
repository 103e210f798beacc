//! The page that shows the secret of an application once, and what is wrong with a registration.

use application::client::administration::ClientAdministrationError;
use domain::admin_page::ApplicationTab;
use domain::{AdminPage, Client, Secret};

use super::page::{back, name};
use crate::endpoint::admin_pages::visited::{Outcome, Visited};
use crate::error::Problem;
use crate::language::Sentence;
use crate::page::admin::{Fact, Part, Shown, View};

/// What the people who run the application have to enter there. The secret is shown only now.
pub(super) fn result(at: &Visited<'_>, client: &Client, secret: Option<&Secret>) -> Outcome {
    let heading = at.sentence("admin-app-result", "name", name(client));
    let mut view = View { heading, ..View::about(name(client)) };
    view.up = Some(back(at, client));
    if let Some(secret) = secret {
        view.parts.push(Part::Warning(Sentence::words(at.text("admin-shown-once"))));
        view.parts.push(Part::Secret("client-id", at.text("admin-client-id"), client.id.to_string()));
        view.parts.push(Part::Secret("secret", at.text("admin-secret"), secret.expose().to_owned()));
    } else {
        view.parts.push(Part::Secret("client-id", at.text("admin-client-id"), client.id.to_string()));
    }
    let issuer = at.app.use_cases.settings.issuer.to_string();
    let code = |key: &str, value: String| Fact { label: at.text(key), value: Shown::Code(value) };
    let mut facts = vec![code("admin-issuer", issuer.clone())];
    facts.push(code("admin-discovery", format!("{issuer}/.well-known/openid-configuration")));
    facts.push(code("admin-scope", client.scope.to_string()));
    facts.retain(|fact| !matches!(&fact.value, Shown::Code(text) if text.is_empty()));
    let page = AdminPage::Application(client.id.clone(), ApplicationTab::Overview);
    view.with(Part::Facts(facts)).with(Part::Ways(vec![at.link("go-on", &page, "admin-app-open")])).into()
}

/// What is wrong with a registration: the member of each problem, and a sentence.
///
/// # Errors
/// The error, if it is about nothing that was typed.
pub(super) fn problems(
    at: &Visited<'_>,
    error: ClientAdministrationError,
) -> Result<Vec<(&'static str, Shown)>, Problem> {
    let technical = |text: String| Shown::Technical(at.text("admin-refused"), text);
    Ok(match &error {
        ClientAdministrationError::Invalid(problems) => {
            problems.iter().map(|problem| (problem.member, technical(problem.text.clone()))).collect()
        }
        ClientAdministrationError::UnknownResource(_) => vec![("resources", technical(error.to_string()))],
        ClientAdministrationError::UnknownGroup(_) => vec![("allowed_groups", technical(error.to_string()))],
        ClientAdministrationError::IdTaken(_)
        | ClientAdministrationError::Unknown(_)
        | ClientAdministrationError::NoSecret
        | ClientAdministrationError::NoRegistrationToken
        | ClientAdministrationError::Changed(_)
        | ClientAdministrationError::Contended(_)
        | ClientAdministrationError::Failed(_) => return Err(error.into()),
    })
}
