//! Merges the layers and reads one setting after the other out of them, collecting what is wrong.

use figment::value::Value;
use figment::{Figment, Profile};

use super::error::Problem;
use super::layer::Layer;
use super::table::Setting;

/// The key whose default follows the listener, so that its port and its certificate alone give a consistent server.
const ISSUER: &str = "server_public_base_url";
const PORT: &str = "server_port";
const CERTIFICATE: &str = "tls_cert_file";

/// The merged layers, and the problems found so far.
pub(super) struct Reader {
    merged: Figment,
    problems: Vec<Problem>,
}

impl Reader {
    /// Defaults, then the file, then the environment; a later layer wins.
    pub(super) fn new(
        defaults: &'static [(&'static str, Option<&'static str>)],
        file: Option<Layer>,
        environment: Layer,
        problems: Vec<Problem>,
    ) -> Self {
        let mut given = Figment::new();
        if let Some(file) = file {
            given = given.merge(file);
        }
        given = given.merge(environment);
        let default_of =
            |wanted| defaults.iter().find(|(key, _)| *key == wanted).and_then(|(_, default)| *default);
        let port = given.find_value(PORT).ok().and_then(|port| port.as_str()?.parse::<u16>().ok());
        let port = port.map(|port| port.to_string()).or_else(|| default_of(PORT).map(str::to_owned));
        let scheme = if given.find_value(CERTIFICATE).is_ok() { "https" } else { "http" };
        let defaults = defaults.iter().filter_map(|&(key, default)| match &port {
            Some(port) if key == ISSUER => Some((key, format!("{scheme}://localhost:{port}"))),
            Some(_) | None => Some((key, default?.to_owned())),
        });
        Self { merged: given.join(Layer::defaults(defaults)), problems }
    }

    /// The setting, or `None` after its problem was noted.
    pub(super) fn setting<T: Setting>(&mut self, key: &'static str) -> Option<T> {
        let Ok(value) = self.merged.find_value(key) else {
            return T::unset();
        };
        let read = match &value {
            Value::String(_, text) => T::parse(text),
            Value::Array(_, entries) if T::LIST => {
                T::parse(&entries.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
            }
            Value::Array(..) => Err("a list is not allowed here, one value is".to_owned()),
            // A layer holds nothing else.
            Value::Char(..) | Value::Bool(..) | Value::Num(..) | Value::Empty(..) | Value::Dict(..) => {
                Err("a value is missing".to_owned())
            }
        };
        match read {
            Ok(setting) => Some(setting),
            Err(reason) => {
                self.problems.push(Problem { name: self.written(key, &value), reason });
                None
            }
        }
    }

    /// Notes a setting that does not fit the others.
    pub(super) fn refuse(&mut self, key: &'static str, reason: String) {
        let name =
            self.merged.find_value(key).map_or_else(|_| key.to_owned(), |value| self.written(key, &value));
        self.problems.push(Problem { name, reason });
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    fn written(&self, key: &str, value: &Value) -> String {
        let layer = self.merged.get_metadata(value.tag());
        layer.map_or_else(|| key.to_owned(), |layer| layer.interpolate(&Profile::Default, &[key]))
    }
}
