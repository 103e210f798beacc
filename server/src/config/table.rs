//! The table of settings: one line gives a setting its key, its type and its default.

use serde_json::Value;

/// A type a setting may have.
pub(super) trait Setting: Sized {
    /// Whether a list may be written for it in TOML; its entries then reach `parse` separated by spaces.
    const LIST: bool = false;

    /// Reads the value as it was written; the error says what it is not, and thereby what is allowed.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value as `config show` prints it: secrets redacted, null for unset.
    fn shown(&self) -> Value;

    /// The value when nothing was written and the table has no default.
    fn unset() -> Option<Self> {
        None
    }
}

impl<T: Setting> Setting for Option<T> {
    const LIST: bool = T::LIST;

    fn parse(text: &str) -> Result<Self, String> {
        T::parse(text).map(Some)
    }

    fn shown(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::shown)
    }

    fn unset() -> Option<Self> {
        Some(None)
    }
}

/// Makes `Config` and `SETTINGS` from lines of `/// meaning`, `key: Type = "default, as one would write it";`
/// (an `Option` has no default).
macro_rules! settings {
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
    ($( $(#[$meaning:meta])* $key:ident: $type:ty $(= $default:literal)?; )*) => {
        /// Every setting, checked. Secrets do not show themselves in `Debug`.
        #[derive(Debug, Clone)]
        pub struct Config { $( $(#[$meaning])* pub $key: $type, )* }

        /// Every setting's key and default.
        const SETTINGS: &[(&str, Option<&str>)] =
            &[ $( (stringify!($key), settings!(@default $($default)?)), )* ];

        impl Config {
            /// All settings are read before the first problem counts, so that all problems are reported.
            fn read(reader: &mut Reader) -> Option<Self> {
                $( let $key = reader.setting::<$type>(stringify!($key)); )*
                Some(Self { $( $key: $key?, )* })
            }

            /// Every setting's key and value, for `config show`: secrets are redacted, null is unset.
            #[must_use]
            pub fn shown(&self) -> Vec<(&'static str, serde_json::Value)> {
                vec![ $( (stringify!($key), table::Setting::shown(&self.$key)), )* ]
            }
        }
    };
}
pub(super) use settings;
