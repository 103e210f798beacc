//! Settings that are one of a few words.

use application::settings::{PkcePolicy, RegistrationMode};
use domain::SigningAlgorithm;
use serde_json::Value;

use super::table::Setting;
use crate::telemetry::LogFormat;

/// A value that is one of a few words.
trait Choice: Copy + PartialEq + 'static {
    const WORDS: &'static [(&'static str, Self)];
}

impl Choice for PkcePolicy {
    const WORDS: &'static [(&'static str, Self)] =
        &[("required", Self::Required), ("per_client", Self::PerClient)];
}

impl Choice for RegistrationMode {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("disabled", Self::Disabled),
        ("initial_access_token", Self::InitialAccessToken),
        ("open", Self::Open),
    ];
}

impl Choice for SigningAlgorithm {
    const WORDS: &'static [(&'static str, Self)] =
        &[("RS256", Self::Rs256), ("ES256", Self::Es256), ("EdDSA", Self::EdDsa)];
}

impl Choice for LogFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

impl<T: Choice> Setting for T {
    fn parse(text: &str) -> Result<Self, String> {
        let found = Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
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
