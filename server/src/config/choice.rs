//! Settings that are one of a few words.

use serde_json::Value;

use super::table::Setting;
use crate::telemetry::LogFormat;

/// Who must use PKCE (RFC 7636). Public clients always must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PkcePolicy {
    /// Every client.
    Required,
    /// Every client but those confidential ones for which an operator switched `require_pkce` off.
    PerClient,
}

/// What a JWT is signed with (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

/// A value that is one of a few words.
trait Choice: Copy + PartialEq + 'static {
    const WORDS: &'static [(&'static str, Self)];
}

impl Choice for PkcePolicy {
    const WORDS: &'static [(&'static str, Self)] =
        &[("required", Self::Required), ("per_client", Self::PerClient)];
}

impl Choice for SigningAlgorithm {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("RS256", Self::Rs256),
        ("ES256", Self::Es256),
        ("EdDSA", Self::EdDsa),
    ];
}

impl Choice for LogFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

impl<T: Choice> Setting for T {
    fn parse(text: &str) -> Result<Self, String> {
        let found = Self::WORDS
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        found.ok_or_else(|| {
            let words: Vec<_> = Self::WORDS.iter().map(|(word, _)| *word).collect();
            format!("{text:?} is not one of {}", words.join(", "))
        })
    }

    fn shown(&self) -> Value {
        Self::WORDS
            .iter()
            .find(|(_, value)| value == self)
            .map_or(Value::Null, |(word, _)| Value::from(*word))
    }
}
