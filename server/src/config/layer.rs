//! One source of settings: its names made canonical, its unknown names refused, its `_file` settings read.

use std::collections::BTreeMap;
use std::fs;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::error::{ConfigError, Problem};
use super::{ALIASES, FROM_FILE, PREFIX, SETTINGS};

/// The settings one source gives, by canonical key: each a text or a list of texts.
pub(super) struct Layer {
    source: &'static str,
    values: Dict,
    /// Each key as it was written, for messages.
    written: BTreeMap<&'static str, String>,
}

impl Layer {
    /// The defaults.
    pub(super) fn defaults(values: impl Iterator<Item = (&'static str, String)>) -> Self {
        let values = values.map(|(key, text)| (key.to_owned(), Value::from(text))).collect();
        Self { source: "default", values, written: BTreeMap::new() }
    }

    /// The TOML `text` of the file `path`.
    pub(super) fn file(path: &str, text: &str, problems: &mut Vec<Problem>) -> Result<Self, ConfigError> {
        let values: Dict = Toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            ConfigError::Malformed { path: path.to_owned(), line, reason: error.message().to_owned() }
        })?;
        let mut layer = Self { source: "file", values: Dict::new(), written: BTreeMap::new() };
        for (name, value) in values {
            let written = format!("{name} in {path}");
            let outcome = match known(&name) {
                Some(known) => plain(&value).and_then(|value| layer.add(known, &written, value)),
                None => Err(unknown(&name.to_ascii_lowercase().replace('-', "_"), str::to_owned)),
            };
            note(problems, written, outcome);
        }
        Ok(layer)
    }

    /// Those of the `variables` that begin with `OAUTH2_`, in any case: one in the wrong case is a mistake too.
    pub(super) fn environment(
        variables: impl Iterator<Item = (String, String)>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut layer = Self { source: "environment", values: Dict::new(), written: BTreeMap::new() };
        let mut variables: Vec<_> =
            variables.filter(|(name, _)| name.to_ascii_uppercase().starts_with(PREFIX)).collect();
        variables.sort();
        for (name, text) in variables {
            let key = name.strip_prefix(PREFIX).unwrap_or_default();
            let found = if key.contains(|letter: char| letter.is_ascii_lowercase()) {
                None
            } else {
                known(&key.to_ascii_lowercase())
            };
            let outcome = if set_by_kubernetes(&name, &text) {
                Err("Kubernetes sets this for a Service of that name, and it hides the setting: \
                     rename the Service, or set enableServiceLinks: false in the pod"
                    .to_owned())
            } else if text.contains(char::REPLACEMENT_CHARACTER) {
                Err("the value is not UTF-8".to_owned())
            } else if let Some(known) = found {
                layer.add(known, &name, Value::from(text))
            } else {
                let attempt = name.to_ascii_lowercase();
                Err(unknown(attempt.get(PREFIX.len()..).unwrap_or_default(), |key| {
                    format!("{PREFIX}{}", key.to_ascii_uppercase())
                }))
            };
            note(problems, name, outcome);
        }
        layer
    }

    /// Takes one value under its canonical key, which only one name of this source may give.
    fn add(&mut self, known: Known, written: &str, value: Value) -> Result<(), String> {
        let key = known.key();
        let value = match known {
            Known::Value(_) => value,
            Known::FileOf(_) => Value::from(read_secret(value.as_str())?),
        };
        if let Some(other) = self.written.get(key) {
            let same = self.values.get(key) == Some(&value);
            return if same { Ok(()) } else { Err(format!("contradicts {other}; give only one of them")) };
        }
        self.values.insert(key.to_owned(), value);
        self.written.insert(key, written.to_owned());
        Ok(())
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        let written = self.written.clone();
        Metadata::named(self.source).interpolater(move |_profile, keys| {
            let key = keys.concat();
            written.get(key.as_str()).cloned().unwrap_or(key)
        })
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

/// A name that may be written.
#[derive(Clone, Copy)]
enum Known {
    /// It gives the value of this key.
    Value(&'static str),
    /// It names a file that holds the value of this key.
    FileOf(&'static str),
}

impl Known {
    fn key(self) -> &'static str {
        match self {
            Self::Value(key) | Self::FileOf(key) => key,
        }
    }
}

fn known(name: &str) -> Option<Known> {
    let of =
        |pairs: &[(&str, &'static str)]| pairs.iter().find(|(other, _)| *other == name).map(|(_, key)| *key);
    let setting = SETTINGS.iter().find(|(key, _)| *key == name).map(|(key, _)| Known::Value(key));
    setting.or_else(|| of(ALIASES).map(Known::Value)).or_else(|| of(FROM_FILE).map(Known::FileOf))
}

/// Every name that may be written.
fn names() -> impl Iterator<Item = &'static str> {
    let second = ALIASES.iter().chain(FROM_FILE).map(|(name, _)| *name);
    SETTINGS.iter().map(|(key, _)| *key).chain(second)
}

/// Names the setting that was probably meant: the one whose unit or ending was left out, else the most alike.
fn unknown(attempt: &str, spelled: impl Fn(&str) -> String) -> String {
    let likeness = |name| strsim::normalized_damerau_levenshtein(attempt, name);
    let shortened = names().find(|name| name.strip_prefix(attempt).is_some_and(|rest| rest.starts_with('_')));
    let alike = names().max_by(|left, right| likeness(left).total_cmp(&likeness(right)));
    match shortened.or(alike.filter(|name| likeness(name) > 0.6)) {
        Some(name) => format!("there is no such setting; did you mean {}?", spelled(name)),
        None => "there is no such setting; `config.example.toml` lists them all".to_owned(),
    }
}

/// The content of the file without the line end editors add. It is a secret and appears in no message.
fn read_secret(path: Option<&str>) -> Result<String, String> {
    let path = path.ok_or("a list is not allowed here, the name of one file is")?;
    let text =
        fs::read_to_string(path).map_err(|reason| format!("the file {path:?} cannot be read: {reason}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// A TOML value as the text one would write in the environment, or a list of such.
fn plain(value: &Value) -> Result<Value, String> {
    if let Some(entries) = value.as_array() {
        return Ok(Value::from(entries.iter().map(plain_text).collect::<Result<Vec<_>, _>>()?));
    }
    plain_text(value).map(Value::from)
}

fn plain_text(value: &Value) -> Result<String, String> {
    let text = value.as_str().map(str::to_owned);
    let switch = || value.to_bool().map(|switch| switch.to_string());
    let number = || value.to_i128().map(|number| number.to_string());
    text.or_else(switch)
        .or_else(number)
        .ok_or_else(|| "a table, date or fraction is not allowed; the settings are one flat list".to_owned())
}

/// Kubernetes gives every pod `<SERVICE>_PORT=tcp://…` and the like, for each Service of its namespace.
fn set_by_kubernetes(name: &str, text: &str) -> bool {
    ["tcp://", "udp://", "sctp://"].iter().any(|scheme| text.starts_with(scheme))
        || name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
}

fn note(problems: &mut Vec<Problem>, name: String, outcome: Result<(), String>) {
    if let Err(reason) = outcome {
        problems.push(Problem { name, reason });
    }
}
