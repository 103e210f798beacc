//! `POST /admin/api/keys/rotate`: the next signing keys become the current ones.

use application::error::Refusal;
use application::keys::Urgency;
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{Author, KeyId, SigningAlgorithm};
use serde::Serialize;
use serde_json::{Map, Value};

use super::list::items;
use crate::app::Shared;
use crate::error::Problem;
use crate::extract::object;

/// The current and the next key of an algorithm.
#[derive(Serialize)]
struct Document {
    alg: SigningAlgorithm,
    current: KeyId,
    next: KeyId,
}

/// Rotates the keys of `alg`, or of every algorithm; `urgency` decides what happens to the old keys.
pub(crate) async fn rotate(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    request: Request,
) -> Response {
    let rotated = async {
        let members = object::object_if_any(request).await?;
        let (only, urgency) = parse_rotation(&members)?;
        let rotated = app.use_cases.keys.rotate_each(only, urgency, author).await;
        let rotated = rotated.map_err(|(_, reason)| Problem::from(reason))?.into_iter();
        let documents =
            rotated.map(|(alg, rotated)| Document { alg, current: rotated.current, next: rotated.next });
        Ok(items(documents.collect(), None))
    };
    app.administered(rotated.await)
}

fn parse_rotation(members: &Map<String, Value>) -> Result<(Option<SigningAlgorithm>, Urgency), Refusal> {
    if members.keys().any(|name| name != "alg" && name != "urgency") {
        return Err(Refusal::invalid_request("a key rotation has the members alg and urgency only"));
    }
    let only = match members.get("alg") {
        None => None,
        Some(alg) => {
            let alg = alg.as_str().and_then(|text| text.parse().ok());
            Some(alg.ok_or_else(|| Refusal::invalid_request("alg must be RS256, ES256 or EdDSA"))?)
        }
    };
    let urgency = match members.get("urgency").map(Value::as_str) {
        None | Some(Some("scheduled")) => Urgency::Scheduled,
        Some(Some("emergency")) => Urgency::Emergency,
        Some(Some("compromised")) => Urgency::Compromised,
        Some(_) => {
            return Err(Refusal::invalid_request("urgency must be scheduled, emergency or compromised"));
        }
    };
    Ok((only, urgency))
}
