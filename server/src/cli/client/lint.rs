//! `client lint`.

use domain::client::{Finding, Severity};
use domain::{Client, ClientId};
use serde::Serialize;

use super::super::answer::Answer;
use super::super::operator::Operator;
use super::list;

#[derive(Serialize)]
struct Found {
    client_id: ClientId,
    #[serde(flatten)]
    finding: Finding,
}

/// What the registration of this client falls short of, or those of all clients.
pub(super) async fn answer(id: Option<&ClientId>, operator: &Operator) -> anyhow::Result<Answer> {
    let clients: Vec<Client> = match id {
        Some(id) => vec![operator.clients.show(id).await?],
        None => list::all(&*operator.data.ports.clients).await?,
    };
    let server = operator.settings.linted();
    let of_client = |client: &Client| {
        let found = client.lint(&server).into_iter();
        found.map(|finding| Found { client_id: client.id.clone(), finding }).collect::<Vec<_>>()
    };
    let found: Vec<Found> = clients.iter().flat_map(of_client).collect();
    let is_clean = found.iter().all(|found| found.finding.severity == Severity::Info);
    let text = match found.is_empty() {
        true => "nothing to mend".to_owned(),
        false => found.iter().map(text).collect::<Vec<_>>().join("\n"),
    };
    let answer = Answer::new(text, &found)?;
    Ok(if is_clean { answer } else { answer.failing() })
}

fn text(Found { client_id, finding }: &Found) -> String {
    let severity = match finding.severity {
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let mut text = format!("{severity}: {client_id}: {} ({})", finding.reason, finding.section);
    if let Some(command) = &finding.command {
        text.push_str(&format!("\n  {command}"));
    }
    text
}
