//! The setting that is the issuer identifier (RFC 8414 §2); the rule itself is [`Issuer`]'s.

use domain::Issuer;
use domain::issuer::InvalidIssuer;
use serde_json::Value;

use super::table::Setting;

impl Setting for Issuer {
    fn parse(text: &str) -> Result<Self, String> {
        // Whatever is wrong, the text is not repeated: a mistaken URL may carry a password.
        text.parse().map_err(|reason: InvalidIssuer| reason.to_string())
    }

    fn shown(&self) -> Value {
        Value::from(self.as_str())
    }
}
