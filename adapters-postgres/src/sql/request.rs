//! The input of a statement: keys with names and types, sent as one array per key for a batch.

use sea_orm::Value;
use sea_orm::sqlx::Arguments;
use sea_orm::sqlx::postgres::PgArguments;
use uuid::Uuid;

use crate::fault::Fault;

/// The keys of one request for a statement. [`request!`] makes one.
pub(crate) trait Request {
    /// The names and types, in the order of the fields.
    const KEYS: &'static [(&'static str, KeyType)];

    /// The values, in the same order.
    fn into_keys(self) -> Vec<Key>;
}

/// Declares a request. Its fields are the columns of `request` in the text of the statement.
macro_rules! request {
    ($(#[$doc:meta])* $name:ident { $($key:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        pub(crate) struct $name {
            $(pub(crate) $key: $type,)+
        }

        impl $crate::sql::Request for $name {
            const KEYS: &'static [(&'static str, $crate::sql::KeyType)] =
                &[$((stringify!($key), <$type as $crate::sql::KeyValue>::TYPE),)+];

            fn into_keys(self) -> Vec<$crate::sql::Key> {
                vec![$($crate::sql::KeyValue::into_key(self.$key),)+]
            }
        }
    };
}
pub(crate) use request;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Boolean,
    Bytes,
    Integer,
    Text,
    Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Boolean(bool),
    Bytes(Option<Vec<u8>>),
    Integer(Option<i64>),
    Text(Option<String>),
    Uuid(Option<Uuid>),
}

/// A type that a key can have.
pub(crate) trait KeyValue {
    const TYPE: KeyType;

    fn into_key(self) -> Key;
}

macro_rules! key_values {
    ($($type:ty => $variant:ident($value:ident) $key:expr;)+) => {
        $(impl KeyValue for $type {
            const TYPE: KeyType = KeyType::$variant;

            fn into_key(self) -> Key {
                let $value = self;
                Key::$variant($key)
            }
        })+
    };
}

key_values! {
    bool => Boolean(value) value;
    Vec<u8> => Bytes(value) Some(value);
    Option<Vec<u8>> => Bytes(value) value;
    i64 => Integer(value) Some(value);
    Option<i64> => Integer(value) value;
    String => Text(value) Some(value);
    Option<String> => Text(value) value;
    Uuid => Uuid(value) Some(value);
    Option<Uuid> => Uuid(value) value;
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Boolean(value) => Self::Bool(Some(value)),
            Key::Bytes(value) => Self::Bytes(value),
            Key::Integer(value) => Self::BigInt(value),
            Key::Text(value) => Self::String(value),
            Key::Uuid(value) => Self::Uuid(value),
        }
    }
}

/// The values of one key of all requests, all of one type.
macro_rules! array {
    ($requests:expr, $place:expr, $pattern:pat => $value:expr) => {
        $requests
            .iter()
            .map(|keys| match keys.get($place) {
                Some($pattern) => Ok($value),
                Some(_) | None => Err(Fault::Unsendable("a key of another type".to_owned())),
            })
            .collect::<Result<Vec<_>, _>>()?
    };
}

/// Adds the keys of all requests, one array for each key.
///
/// # Errors
/// [`Fault::Unsendable`] if the arrays do not fit into a message.
pub(super) fn add_arrays(
    arguments: &mut PgArguments,
    types: &[(&str, KeyType)],
    requests: &[&Vec<Key>],
) -> Result<(), Fault> {
    for (place, (_, key_type)) in types.iter().enumerate() {
        let added = match key_type {
            KeyType::Boolean => arguments.add(array!(requests, place, Key::Boolean(value) => *value)),
            KeyType::Bytes => arguments.add(array!(requests, place, Key::Bytes(value) => value.as_deref())),
            KeyType::Integer => arguments.add(array!(requests, place, Key::Integer(value) => *value)),
            KeyType::Text => arguments.add(array!(requests, place, Key::Text(value) => value.as_deref())),
            KeyType::Uuid => arguments.add(array!(requests, place, Key::Uuid(value) => *value)),
        };
        added.map_err(|error| Fault::Unsendable(error.to_string()))?;
    }
    Ok(())
}
