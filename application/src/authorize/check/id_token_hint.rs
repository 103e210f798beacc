//! `id_token_hint` (OpenID Connect Core §3.1.2.1): the user whom the client expects.

use domain::refusal::BearerTokenCause;
use domain::{Client, SubjectIdentifier};

use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::token::id_token::{IdTokens, ReadHint};

/// The user of an ID token that this server issued to this client, by the subject identifier that the client knows.
pub(super) async fn check(
    id_tokens: &IdTokens,
    client: &Client,
    parameters: &Parameters,
) -> Result<Option<SubjectIdentifier>, Error> {
    let Some(hint) = parameters.get("id_token_hint") else {
        return Ok(None);
    };
    let refused = || Refusal::invalid_request("id_token_hint is not valid");
    match id_tokens.read_hint(hint).await? {
        ReadHint::Valid(hint) if hint.is_for(client) => Ok(Some(hint.subject)),
        ReadHint::Valid(hint) => Err(refused()
            .because(BearerTokenCause::HintOfOtherClient { owner: hint.client.to_string() })
            .into()),
        ReadHint::Invalid(cause) => Err(refused().because(cause).into()),
    }
}
