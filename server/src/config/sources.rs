//! The sources of settings: the TOML file, the environment, the defaults. Figment merges them and remembers under which
//! name the operator wrote each value.

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};

use super::error::ConfigError;
use super::scopes;
use super::secret_file;
use super::settings::SETTINGS;
use super::table::Setting;
use super::value::{scope_tokens, text};

const PREFIX: &str = "OAUTH2_";

/// The variables that begin with `OAUTH2_`, in any case: a variable in the wrong case is a mistake too. Figment's own
/// provider would read a password such as `123` as a number, and would accept the wrong case.
///
/// A variable that is empty counts as unset: compose files write `NAME: ${NAME:-}` and `NAME=`.
pub(super) fn environment(
    variables: impl Iterator<Item = (String, String)>,
    problems: &mut Vec<String>,
) -> Figment {
    let mut variables: Vec<_> =
        variables.filter(|(name, _)| name.to_ascii_uppercase().starts_with(PREFIX)).collect();
    variables.sort();
    let mut source = Figment::new();
    for (written, text) in variables {
        // White space around a value is a mistake of a file that sets variables, such as lines that end in CR.
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let rest = written.split_at(PREFIX.len()).1;
        // Keys are lower case, so a variable that is not all upper case matches none.
        let is_upper_case = written == written.to_ascii_uppercase();
        let name = if is_upper_case { rest.to_ascii_lowercase() } else { rest.to_ascii_uppercase() };
        let setting = if set_by_kubernetes(&written, text) {
            Err("Kubernetes sets this for a Service of that name, and it hides the setting: \
                 rename the Service, or set enableServiceLinks: false in the pod"
                .to_owned())
        } else if text.contains(char::REPLACEMENT_CHARACTER) {
            Err("the value is not UTF-8".to_owned())
        } else if is_quoted(text) {
            Err("the value is in quotation marks, and they count as a part of it here \
                 (`docker run --env-file` does not remove them): leave them out"
                .to_owned())
        } else {
            find(&name, |key| format!("{PREFIX}{}", key.to_ascii_uppercase()))
        };
        let added = setting.and_then(|setting| add(&mut source, setting, &name, &written, text.into()));
        problems.extend(added.err().map(|reason| format!("{written}: {reason}")));
    }
    source
}

/// How a message names a setting in the file at `path`.
pub(super) fn in_file(name: &str, path: &str) -> String {
    format!("{name} in {path}")
}

/// The TOML `text` of the file `path`.
pub(super) fn file(path: &str, text: &str, problems: &mut Vec<String>) -> Result<Figment, ConfigError> {
    // Figment's own provider would repeat a malformed line, which may hold a secret.
    let values: Dict = Toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ConfigError::Malformed { path: path.to_owned(), line, reason: error.message().to_owned() }
    })?;
    let mut source = Figment::new();
    for (name, value) in values {
        let written = in_file(&name, path);
        let wrong =
            value.as_dict().filter(|_| name == "scopes").map(|tables| scopes::faults(path, text, tables));
        if let Some(wrong) = wrong.filter(|wrong| !wrong.is_empty()) {
            problems.extend(wrong);
            continue;
        }
        let added =
            find(&name, str::to_owned).and_then(|setting| add(&mut source, setting, &name, &written, value));
        problems.extend(added.err().map(|reason| format!("{written}: {reason}")));
    }
    Ok(source)
}

/// The environment wins over the file, but for `scopes`: a variable cannot say what a table says, so it adds names to the tables.
pub(super) fn merge(file: Figment, environment: Figment) -> Figment {
    const SCOPES: &str = "scopes";
    let (tables, names) = (file.find_value(SCOPES).ok(), environment.find_value(SCOPES).ok());
    let tables = tables.as_ref().and_then(Value::as_dict);
    let names = names.and_then(|names| scope_tokens(&names).ok());
    let both = tables.zip(names).map(|(tables, (names, _))| scopes::with_names(tables, &names));
    let written = environment.find_metadata(SCOPES).map(|variable| variable.name.to_string());
    let all = file.merge(environment);
    match both.zip(written) {
        Some((value, written)) => all.merge(Given { key: SCOPES, written: &written, value }),
        None => all,
    }
}

/// Adds the defaults. The issuer follows the listener: an operator who sets only its port or its certificate gets a
/// server that works.
pub(super) fn with_defaults(given: Figment) -> Figment {
    const ISSUER: &str = "server_public_base_url";
    let issuer_is_given = given.contains(ISSUER);
    let defaults = SETTINGS.iter().filter_map(|setting| Some((setting.key, setting.default?)));
    let all =
        defaults.fold(given, |all, (key, value)| all.join(Given { key, written: key, value: value.into() }));
    let port = all.find_value("server_port").ok().and_then(|port| text(&port).ok()?.parse::<u16>().ok());
    match port {
        Some(port) if !issuer_is_given => {
            let scheme = if all.contains("tls_cert_file") { "https" } else { "http" };
            let issuer = format!("{scheme}://localhost:{port}");
            all.merge(Given { key: ISSUER, written: ISSUER, value: issuer.into() })
        }
        Some(_) | None => all,
    }
}

/// One value, under the name that the operator wrote, which Figment gives back for a message.
struct Given<'a> {
    key: &'static str,
    written: &'a str,
    value: Value,
}

impl Provider for Given<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.written.to_owned())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Map::from([(Profile::Default, Dict::from([(self.key.to_owned(), self.value.clone())]))]))
    }
}

/// Adds a value to its source. One source may give a setting under two names only if the values are equal.
fn add(
    source: &mut Figment,
    setting: &Setting,
    name: &str,
    written: &str,
    value: Value,
) -> Result<(), String> {
    let from_file = name != setting.key && name.ends_with("_file");
    let value = if from_file { secret_file::read(&text(&value)?)?.into() } else { value };
    match source.find_value(setting.key) {
        Ok(other) if other == value => {}
        Ok(_) => {
            let other = source.find_metadata(setting.key).map_or(setting.key, |other| &other.name);
            return Err(format!("contradicts {other}; give only one of them"));
        }
        Err(_missing) => *source = std::mem::take(source).merge(Given { key: setting.key, written, value }),
    }
    Ok(())
}

/// No setting has a value that begins and ends with a quotation mark.
fn is_quoted(text: &str) -> bool {
    let quoted_by = |mark| text.strip_prefix(mark).is_some_and(|rest| rest.ends_with(mark));
    quoted_by('"') || quoted_by('\'')
}

fn names(setting: &Setting) -> impl Iterator<Item = &'static str> {
    [setting.key].into_iter().chain(setting.second_name)
}

/// The setting with this name. An error suggests another: the one that only lacks its unit or ending, else the most
/// similar one.
fn find(name: &str, spell: impl Fn(&str) -> String) -> Result<&'static Setting, String> {
    if let Some(setting) = SETTINGS.iter().find(|setting| names(setting).any(|known| known == name)) {
        return Ok(setting);
    }
    let attempt = name.to_ascii_lowercase().replace('-', "_");
    let similarity = |name: &str| strsim::normalized_damerau_levenshtein(&attempt, name);
    let lacks_ending = |name: &&str| name.strip_prefix(&*attempt).is_some_and(|rest| rest.starts_with('_'));
    let known = || SETTINGS.iter().flat_map(names);
    let similar = known().max_by(|left, right| similarity(left).total_cmp(&similarity(right)));
    Err(match known().find(lacks_ending).or(similar.filter(|name| similarity(name) > 0.6)) {
        Some(name) => format!("unknown setting; did you mean {}?", spell(name)),
        None => "unknown setting; `config.example.toml` lists all settings".to_owned(),
    })
}

/// Kubernetes gives every pod `<SERVICE>_PORT=tcp://…` and similar variables for each Service of its namespace.
fn set_by_kubernetes(name: &str, text: &str) -> bool {
    ["tcp://", "udp://", "sctp://"].iter().any(|scheme| text.starts_with(scheme))
        || name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
}
