//! Reads the settings, and collects all errors.

use figment::Figment;
use figment::value::Value;

use super::sources::in_file;
use super::value::{REDACTED, Read};

/// The values of the sources, the settings read so far and the problems found so far.
pub(super) struct Reader {
    given: Figment,
    shown: Vec<(&'static str, serde_json::Value)>,
    sources: Vec<Option<String>>,
    secrets_in_file: Vec<&'static str>,
    file: Option<String>,
    problems: Vec<String>,
}

impl Reader {
    /// A reader of these values, of which some may be from this file.
    pub(super) fn new(given: Figment, file: Option<String>, problems: Vec<String>) -> Self {
        Self { given, shown: Vec::new(), sources: Vec::new(), secrets_in_file: Vec::new(), file, problems }
    }

    /// The value of a setting: `Some(None)` if neither a source nor the defaults give one, `None` if it is wrong.
    pub(super) fn setting<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&Value) -> Read<T>,
    ) -> Option<Option<T>> {
        let read = self.given.find_value(key).ok().map(|value| read(&value)).transpose();
        let (value, shown) = read.map_err(|reason| self.refuse(key, &reason)).ok()?.unzip();
        let shown = shown.unwrap_or_default();
        if shown.as_str().is_some_and(|shown| shown.contains(REDACTED)) && self.is_written_in_file(key) {
            self.secrets_in_file.push(key);
        }
        self.shown.push((key, shown));
        let written = self.given.find_metadata(key).map(|given| given.name.to_string());
        self.sources.push(written.filter(|name| name != key));
        Some(value)
    }

    /// Whether the file has the value itself, and not the name of a file with it.
    fn is_written_in_file(&self, key: &str) -> bool {
        let written = self.given.find_metadata(key).map(|given| given.name.to_string());
        let name = |file: &String| Some(written?.strip_suffix(&in_file("", file))?.to_owned());
        self.file.as_ref().and_then(name).is_some_and(|name| !name.ends_with("_file"))
    }

    /// The settings read so far that are secrets in the file.
    pub(super) fn secrets_in_file(&self) -> Vec<&'static str> {
        self.secrets_in_file.clone()
    }

    /// The file.
    pub(super) fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Adds a problem with this setting, under the name that the operator wrote.
    pub(super) fn refuse(&mut self, key: &str, reason: &str) {
        let name = self.given.find_metadata(key).map_or(key, |given| &given.name);
        self.problems.push(format!("{name}: {reason}"));
    }

    /// Every setting read so far, as `config show` prints it.
    pub(super) fn shown(&self) -> Vec<(&'static str, serde_json::Value)> {
        self.shown.clone()
    }

    /// The name under which the operator wrote each of them; none for a default.
    pub(super) fn sources(&self) -> Vec<Option<String>> {
        self.sources.clone()
    }

    pub(super) fn into_problems(self) -> Vec<String> {
        self.problems
    }
}
