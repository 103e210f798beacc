//! Explains refusals to administrators and operators.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::refusal::{Cause, Explanation, Sender};
use domain::{Client, ClientId, ErrorReference, KeptRefusal, RefusalId};
use serde::Serialize;

use super::report::Reporter;
use crate::context::Context;
use crate::error::Error;
use crate::port::{Clients, Refusals};

/// How many refusals of a client are looked at for similar ones.
const MAX_SIMILAR: u32 = 200;
/// How many clients are searched for the owner of a redirect URI, and how many at once.
const MAX_SEARCHED: usize = 5_000;
const SEARCHED_AT_ONCE: u32 = 500;

/// Explains refusals.
pub struct Explanations {
    /// Where refusals are kept.
    pub refusals: Arc<dyn Refusals>,
    /// Whose requests were refused.
    pub clients: Arc<dyn Clients>,
    /// What is not recorded yet on this node; none for a command.
    pub reporter: Option<Arc<Reporter>>,
    /// The time.
    pub context: Context,
}

/// A refusal with its explanation, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedRefusal {
    /// Its reference.
    pub reference: ErrorReference,
    /// When the request was refused.
    pub at: DateTime<Utc>,
    /// The error code of the answer.
    pub error: &'static str,
    /// The explanation in one sentence.
    pub sentence: String,
    /// The parts of the explanation.
    #[serde(flatten)]
    pub explanation: Explanation,
    /// The client that the request named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The route of the endpoint.
    pub endpoint: String,
    /// The network that the request came from.
    pub network: String,
    /// How many other refusals of this client by this rule are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar: Option<usize>,
    /// When the explanation is forgotten.
    pub expires_at: DateTime<Utc>,
}

impl Explanations {
    /// The explanation of the refusal with this reference; none if there is none, or if it is no longer kept.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn explain(&self, reference: &ErrorReference) -> Result<Option<ExplainedRefusal>, Error> {
        self.flush().await;
        let now = self.context.now();
        let Some(kept) = self.refusals.find(reference, now).await? else {
            return Ok(None);
        };
        let mut explained = ExplainedRefusal::new(&kept);
        if let Some(owner) = self.owner(&kept).await? {
            explained = explained.with_owner(&owner);
        }
        if let Some(client) = &kept.client {
            let others = self.refusals.latest(client, None, MAX_SIMILAR, now).await?;
            let rule = explained.explanation.rule;
            let is_similar = |other: &&KeptRefusal| other.id != kept.id && rule_of(other) == rule;
            explained.similar = Some(others.iter().filter(is_similar).count());
        }
        Ok(Some(explained))
    }

    /// Up to `limit` explanations of refusals of requests that named this client, the latest first, with their ids. With `before`,
    /// only the refusals with a smaller id.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn of_client(
        &self,
        client: &ClientId,
        before: Option<RefusalId>,
        limit: u32,
    ) -> Result<Vec<(RefusalId, ExplainedRefusal)>, Error> {
        self.flush().await;
        let kept = self.refusals.latest(client, before, limit, self.context.now()).await?;
        Ok(kept.iter().map(|kept| (kept.id, ExplainedRefusal::new(kept))).collect())
    }

    async fn flush(&self) {
        if let Some(reporter) = &self.reporter {
            reporter.flush().await;
        }
    }

    /// The other client that registered the redirect URI which this one did not.
    async fn owner(&self, kept: &KeptRefusal) -> Result<Option<ClientId>, Error> {
        let Cause::Redirect(cause) = &kept.cause else {
            return Ok(None);
        };
        let Some(uri) = cause.unregistered_uri() else {
            return Ok(None);
        };
        let (mut after, mut searched) = (None, 0);
        while searched < MAX_SEARCHED {
            let clients = self.clients.list(after.as_ref(), SEARCHED_AT_ONCE).await?;
            let has_it = |client: &&Client| client.verify_redirect_uri(Some(uri), true).is_ok();
            if let Some(owner) = clients.iter().find(has_it) {
                return Ok(Some(owner.id.clone()));
            }
            searched += clients.len();
            after = match clients.last() {
                Some(last) if clients.len() == SEARCHED_AT_ONCE as usize => Some(last.id.clone()),
                Some(_) | None => return Ok(None),
            };
        }
        Ok(None)
    }
}

impl ExplainedRefusal {
    fn new(kept: &KeptRefusal) -> Self {
        let client = kept.client.as_ref().map(ClientId::as_str);
        let explanation = kept.cause.explain(kept.code, Sender::new(client));
        Self {
            reference: kept.reference.clone(),
            at: kept.at(),
            error: kept.code.as_str(),
            sentence: explanation.sentence(),
            explanation,
            client_id: kept.client.clone(),
            endpoint: kept.endpoint.clone(),
            network: kept.network.clone(),
            similar: None,
            expires_at: kept.expires_at,
        }
    }

    fn with_owner(self, owner: &ClientId) -> Self {
        let explanation = self.explanation.with_owner(owner);
        Self { sentence: explanation.sentence(), explanation, ..self }
    }
}

fn rule_of(kept: &KeptRefusal) -> &'static str {
    kept.cause.explain(kept.code, Sender::new(None)).rule
}
