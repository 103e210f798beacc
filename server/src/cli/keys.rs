//! `keys …`: lists and rotates the signing keys.

use anyhow::anyhow;
use application::keys::Urgency;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use domain::signing_key::KeyState;
use domain::{Actor, KeyId, SigningAlgorithm};
use serde::Serialize;

use super::answer::Answer;
use super::operator::Operator;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the signing keys and their states
    List,
    /// Sign with the next key from now on; running servers switch within a second
    Rotate {
        /// Rotate only the key of this algorithm: RS256, ES256 or EdDSA [default: all]
        #[arg(long)]
        alg: Option<SigningAlgorithm>,
        /// Rotate even if clients may not have fetched the next key yet; they may reject new tokens for some minutes
        #[arg(long)]
        emergency: bool,
        /// The current key may be stolen: rotate at once and reject every token that it signed; clients need new tokens
        #[arg(long)]
        compromised: bool,
    },
}

/// A signing key, without its private key.
#[derive(Debug, Serialize)]
struct Key {
    kid: KeyId,
    alg: SigningAlgorithm,
    state: &'static str,
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activated_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_at: Option<DateTime<Utc>>,
}

/// The keys after a rotation.
#[derive(Debug, Serialize)]
struct Rotation {
    alg: SigningAlgorithm,
    current: KeyId,
    next: KeyId,
}

/// Runs the command.
pub(super) async fn run(command: &Command, operator: &Operator) -> anyhow::Result<Answer> {
    match *command {
        Command::List => list(operator).await,
        Command::Rotate { alg, emergency, compromised } => {
            let urgency = match (compromised, emergency) {
                (true, _) => Urgency::Compromised,
                (false, true) => Urgency::Emergency,
                (false, false) => Urgency::Scheduled,
            };
            rotate(operator, alg, urgency).await
        }
    }
}

async fn list(operator: &Operator) -> anyhow::Result<Answer> {
    let now = operator.data.ports.clock.now();
    let longest_token = operator.settings.lifetimes.longest_token();
    let kept = operator.data.ports.signing_keys.all().await?;
    let keys: Vec<_> = kept
        .into_iter()
        .map(|key| Key {
            state: state_name(key.state(now, longest_token)),
            kid: key.id,
            alg: key.algorithm,
            created_at: key.created_at,
            activated_at: key.activated_at,
            superseded_at: key.superseded_at,
        })
        .collect();
    Ok(Answer::several(&keys, &["alg", "state", "kid", "created_at"])?)
}

async fn rotate(
    operator: &Operator,
    only: Option<SigningAlgorithm>,
    urgency: Urgency,
) -> anyhow::Result<Answer> {
    let keys = operator.keys().await?;
    let rotated = keys.rotate_each(only, urgency, Actor::CommandLine).await;
    let rotated = rotated.map_err(|(alg, reason)| anyhow!("the {alg} key was not rotated: {reason}"))?;
    let rotations: Vec<_> = rotated
        .into_iter()
        .map(|(alg, rotated)| Rotation { alg, current: rotated.current, next: rotated.next })
        .collect();
    Ok(Answer::several(&rotations, &["alg", "current", "next"])?)
}

const fn state_name(state: KeyState) -> &'static str {
    match state {
        KeyState::Next => "next",
        KeyState::Current => "current",
        KeyState::Previous => "previous",
        KeyState::Retired => "retired",
        KeyState::Obsolete => "obsolete",
    }
}
