//! Reads the settings, and collects all errors.

use figment::Figment;
use figment::value::Value;

use super::value::Read;

/// The values of the sources, the settings read so far and the problems found so far.
pub(super) struct Reader {
    given: Figment,
    shown: Vec<(&'static str, serde_json::Value)>,
    problems: Vec<String>,
}

impl Reader {
    pub(super) fn new(given: Figment, problems: Vec<String>) -> Self {
        Self { given, shown: Vec::new(), problems }
    }

    /// The value of a setting: `Some(None)` if neither a source nor the defaults give one, `None` if it is wrong.
    pub(super) fn setting<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&Value) -> Read<T>,
    ) -> Option<Option<T>> {
        let read = self.given.find_value(key).ok().map(|value| read(&value)).transpose();
        let (value, shown) = read.map_err(|reason| self.refuse(key, &reason)).ok()?.unzip();
        self.shown.push((key, shown.unwrap_or_default()));
        Some(value)
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

    pub(super) fn into_problems(self) -> Vec<String> {
        self.problems
    }
}
