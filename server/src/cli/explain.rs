//! `explain REF`: why a request was refused.

use anyhow::anyhow;
use application::refusals::ExplainedRefusal;
use chrono::SecondsFormat;
use domain::ErrorReference;
use domain::refusal::{Comparison, Fix};

use super::answer::Answer;
use super::operator::Operator;

/// Explains the refusal with this reference.
pub(super) async fn run(reference: &ErrorReference, operator: &Operator) -> anyhow::Result<Answer> {
    let explained = operator.explanations.explain(reference).await?;
    let hours = operator.settings.refusal_retention.num_hours();
    let explained = explained.ok_or_else(|| {
        anyhow!(
            "no refused request has the reference {reference}, or its explanation is no longer kept (for {hours} h, \
             refusal_retention_secs). Repeat the request, and take the new reference"
        )
    })?;
    Ok(Answer::new(text(&explained), &explained)?)
}

fn text(explained: &ExplainedRefusal) -> String {
    let explanation = &explained.explanation;
    let mut lines = vec![explained.sentence.clone(), String::new()];
    lines.extend(explanation.compared.iter().flat_map(compared));
    let mut fact = |name: &str, value: &str| lines.push(format!("{name:<14}  {value}"));
    for known in &explanation.facts {
        fact(known.name, &known.value);
    }
    fact("error", explained.error);
    fact("rule", &format!("{} ({})", explanation.rule, explanation.section));
    fact("client", explained.client_id.as_ref().map_or("unknown", |client| client.as_str()));
    fact("request", &format!("{} from {}", explained.endpoint, explained.network));
    fact("time", &explained.at.to_rfc3339_opts(SecondsFormat::Secs, true));
    fact("reference", explained.reference.as_str());
    match explained.similar {
        Some(similar) if similar > 0 => fact("of this kind", &format!("{similar} more are kept")),
        Some(_) | None => {}
    }
    let commands: Vec<_> = explanation.fixes.iter().filter_map(command).collect();
    if !commands.is_empty() {
        lines.push(String::new());
        lines.extend(commands);
    }
    lines.join("\n")
}

/// The expected and the sent value below each other, with a mark below the first character that differs.
fn compared(comparison: &Comparison) -> Vec<String> {
    let Comparison { name, expected, sent, difference } = comparison;
    let mut lines = vec![
        name.to_string(),
        format!("  {:<12}  {expected}", "expected"),
        format!("  {:<12}  {sent}", "sent"),
    ];
    if let Some(difference) = difference {
        lines.push(format!(
            "  {:<12}  {}^ character {}",
            "",
            " ".repeat(difference.position - 1),
            difference.position
        ));
    }
    lines
}

fn command(fix: &Fix) -> Option<String> {
    fix.command.as_ref().map(|command| format!("To {}:\n  {command}", fix.text))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use clap::Parser;
    use domain::client::{ApplicationType, LintedServer};
    use domain::pkce::PkcePolicy;
    use domain::refusal::{
        AuthenticationCause, BearerTokenCause, Cause, GrantCause, PkceCause, PkceExemption, RedirectCause,
        RedirectParameter, ResourceCause, ScopeCause, Sender,
    };
    use domain::{Client, ErrorCode, GrantType, Incarnation, Quoted};

    use super::super::CommandLine;

    /// The words of a command, as a shell reads them.
    fn words(command: &str) -> Vec<String> {
        let (mut words, mut is_quoted) = (vec![String::new()], false);
        for character in command.chars() {
            match character {
                '\'' => is_quoted = !is_quoted,
                ' ' if !is_quoted => words.push(String::new()),
                other => words.last_mut().unwrap().push(other),
            }
        }
        words
    }

    fn client() -> Client {
        let id = "web".parse().unwrap();
        let texts = ["http://app.lan/cb?a&b", "vscode://cb", "http://localhost:1/cb"];
        Client {
            redirect_uris: texts.map(|text| text.to_owned().try_into().unwrap()).into(),
            grant_types: [GrantType::AuthorizationCode, GrantType::Password].into(),
            scope: "openid offline_access".parse().unwrap(),
            first_party: true,
            disabled_at: Some(DateTime::UNIX_EPOCH),
            details: domain::client::ClientDetails {
                application_type: ApplicationType::Native,
                ..Default::default()
            },
            ..Client::new(id, Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH)
        }
    }

    #[test]
    fn every_command_of_an_explanation_and_of_a_finding_is_understood() {
        let quoted = || Quoted::new("https://a.example/?a&b");
        let registered = ["https://a.example/cb".parse().unwrap()];
        let unregistered =
            |parameter| RedirectCause::unregistered(parameter, "https://a.example/cb/", &registered);
        let causes: Vec<Cause> = vec![
            AuthenticationCause::Disabled(DateTime::UNIX_EPOCH).into(),
            AuthenticationCause::Method { sent: "a secret".into(), registered: "none".into() }.into(),
            AuthenticationCause::WrongSecret { is_chosen: true }.into(),
            AuthenticationCause::AssertionSignature(quoted()).into(),
            unregistered(RedirectParameter::RedirectUri).into(),
            unregistered(RedirectParameter::PostLogoutRedirectUri).into(),
            PkceCause::Missing(PkceExemption::ByRegistration).into(),
            ScopeCause::NotAllowed {
                scope: Quoted::new("groups"),
                asked: Quoted::new("groups openid"),
                allowed: Quoted::new("openid"),
                registered_itself: false,
            }
            .into(),
            ScopeCause::Withdrawn { granted: Quoted::new("openid read") }.into(),
            ResourceCause::NotAllowed { sent: quoted(), allowed: vec![quoted()], registered_itself: false }
                .into(),
            ResourceCause::Withdrawn { granted: vec![quoted()] }.into(),
            GrantCause::not_registered(&client(), GrantType::DeviceCode).into(),
            GrantCause::NobodyMayEnter.into(),
            BearerTokenCause::NotVisible { issued_to: "app".into(), audience: Vec::new() }.into(),
        ];
        let mut commands = Vec::new();
        for cause in &causes {
            let explanation = cause.explain(ErrorCode::InvalidRequest, Sender::new(Some("web")));
            let before = commands.len();
            commands.extend(explanation.fixes.into_iter().filter_map(|fix| fix.command));
            assert!(commands.len() > before, "{cause:?}");
        }
        let hour = chrono::Duration::hours(1);
        let server = LintedServer {
            pkce: PkcePolicy::PerClient,
            require_allowed_groups: false,
            access_token: hour,
            id_token: hour,
        };
        commands.extend(client().lint(&server).into_iter().filter_map(|finding| finding.command));
        assert!(commands.len() > 20, "{commands:#?}");
        for command in commands {
            let words = words(&command);
            let understood = CommandLine::try_parse_from(&words);
            assert!(understood.is_ok(), "{words:?}: {:?}", understood.err());
        }
    }
}
