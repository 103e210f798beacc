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
