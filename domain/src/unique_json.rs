//! JSON whose objects have no member twice: readers differ in which of the two counts (RFC 8259 §4).

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A value without repeated members, at any depth.
#[derive(Debug)]
pub struct UniqueJson(pub Value);

struct AnyValue;

impl<'de> Deserialize<'de> for UniqueJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(UniqueJson(value)) = sequence.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, UniqueJson(value))) = map.next_entry::<String, UniqueJson>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format!("the member {name} occurs twice")));
            }
            members.insert(name, value);
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_member_is_refused_at_any_depth_and_all_else_is_read_as_it_is() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"b":[{"a":1,"c":null,"a":2}]}"#, r#"{"a":{"b":0,"\u0062":0}}"#] {
            assert!(serde_json::from_str::<UniqueJson>(text).is_err(), "{text}");
        }
        let text = r#"{"a":[null,true,-1,18446744073709551615,0.5,"é",{"a":{}}],"b":{"a":[]}}"#;
        let UniqueJson(value) = serde_json::from_str(text).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn a_source_without_json_is_told_what_is_expected() {
        let bytes = serde::de::value::BytesDeserializer::<serde_json::Error>::new(b"x");
        let refused = UniqueJson::deserialize(bytes).err().map(|error| error.to_string());
        assert_eq!(refused.as_deref(), Some("invalid type: byte array, expected JSON"));
    }
}
