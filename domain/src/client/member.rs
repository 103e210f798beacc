//! The definition of one member of the registration document.

use std::fmt;

use serde_json::Value;

use super::Client;
use super::input::Input;
use super::problem::Problem;

/// A member of the registration document: its name, who may set it, and how it is written and read.
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// Who may set and see it.
    pub access: Access,
    /// The JSON type of its value.
    pub form: Form,
    /// Its value in the document of a client; none if the document does not have it.
    pub(super) write: fn(&Client) -> Option<Value>,
    /// Sets it in a client to the value in a document, or to its default if the document does not have it.
    pub(super) read: fn(&Input<'_>, &mut Client) -> Result<(), Problem>,
}

/// Who may set and see a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Operators, and a client that registers itself.
    Everyone,
    /// Only operators.
    Operator,
}

/// The JSON type of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A string.
    Text,
    /// A list of strings.
    List,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// An object.
    Object,
}

impl Member {
    /// Its value in the document of `client`; none if the document does not have it.
    #[must_use]
    pub fn value(&self, client: &Client) -> Option<Value> {
        (self.write)(client)
    }
}

impl Form {
    /// Whether `value` is of this type. `null`, which removes a member, is of every type.
    #[must_use]
    pub fn fits(self, value: &Value) -> bool {
        let fits = match self {
            Self::Text => Value::is_string,
            Self::List => Value::is_array,
            Self::Flag => Value::is_boolean,
            Self::Number => Value::is_number,
            Self::Object => Value::is_object,
        };
        value.is_null() || fits(value)
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::MEMBERS;

    #[test]
    fn a_value_fits_the_form_of_its_json_type_and_null_fits_each() {
        let forms = [Form::Text, Form::List, Form::Flag, Form::Number, Form::Object];
        let values = [json!("a"), json!(["a"]), json!(false), json!(1), json!({"a": 1})];
        for (position, form) in forms.into_iter().enumerate() {
            assert!(form.fits(&Value::Null));
            for (other, value) in values.iter().enumerate() {
                assert_eq!(form.fits(value), position == other, "{form:?} {value}");
            }
        }
    }

    #[test]
    fn debug_names_the_member() {
        assert_eq!(format!("{:?}", MEMBERS[0]), r#"Member { name: "client_name", .. }"#);
    }
}
