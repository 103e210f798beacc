//! The form of the table of settings.

/// The properties of a setting that the sources need.
pub(super) struct Setting {
    /// The TOML key; in upper case after `OAUTH2_` the environment variable.
    pub(super) key: &'static str,
    /// The value if the operator gives none.
    pub(super) default: Option<&'static str>,
    /// Another name. One that ends in `_file` takes the name of a file that holds the value (Docker and Kubernetes secrets).
    pub(super) second_name: Option<&'static str>,
}

/// Makes `Config` and `SETTINGS` from entries `/// meaning`, `key [second_name]: Type = reader, "default";`. The part in
/// brackets is optional; a setting of type `Option` has no default.
macro_rules! settings {
    (@text) => { None };
    (@text $text:expr) => { Some($text) };
    (@value $value:ident) => { $value? };
    (@value $value:ident $default:literal) => { $value?? };
    ($(
        $(#[$meaning:meta])*
        $key:ident $([$second_name:ident])?: $type:ty = $read:expr $(, $default:literal)?;
    )*) => {
        /// The value of every setting, checked. Secrets do not show themselves in `Debug`.
        #[derive(Debug, Clone)]
        pub struct Config {
            $( $(#[$meaning])* pub $key: $type, )*
            shown: Vec<(&'static str, serde_json::Value)>,
            sources: Vec<Option<String>>,
            secrets_in_file: Vec<&'static str>,
            file: Option<std::path::PathBuf>,
        }

        /// Every setting, in the order of the table.
        pub(super) const SETTINGS: &[Setting] = &[ $( Setting {
            key: stringify!($key),
            default: settings!(@text $($default)?),
            second_name: settings!(@text $(stringify!($second_name))?),
        }, )* ];

        impl Config {
            /// Reads all settings before it gives up, so that the reader collects all problems.
            pub(super) fn read(reader: &mut Reader) -> Option<Self> {
                $( let $key = reader.setting(stringify!($key), $read); )*
                let (shown, secrets_in_file) = (reader.shown(), reader.secrets_in_file());
                let (file, sources) = (reader.file().map(Into::into), reader.sources());
                Some(Self { $( $key: settings!(@value $key $($default)?), )* shown, sources, secrets_in_file, file })
            }

            /// The configuration file and the settings in it that are secrets, if it has any.
            #[must_use]
            pub fn secrets_in_file(&self) -> Option<(&std::path::Path, &[&'static str])> {
                let file = self.file.as_deref().filter(|_| !self.secrets_in_file.is_empty())?;
                Some((file, &self.secrets_in_file))
            }

            /// Every setting as administrators see it: secrets are redacted.
            #[must_use]
            pub fn shown_settings(&self) -> Vec<adapters_http::ShownSetting> {
                let text = |value: &serde_json::Value| match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text.clone(),
                    value => value.to_string(),
                };
                let shown = |((key, value), source): (&(&'static str, serde_json::Value), &Option<String>)| {
                    adapters_http::ShownSetting { name: (*key).to_owned(), value: text(value), source: source.clone() }
                };
                self.shown.iter().zip(&self.sources).map(shown).collect()
            }

            /// Every setting's key and value, for `config show`: secrets are redacted, null means not set.
            #[must_use]
            pub fn shown(&self) -> &[(&'static str, serde_json::Value)] {
                &self.shown
            }
        }
    };
}
pub(super) use settings;
