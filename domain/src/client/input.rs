//! Reads the value of one member of a document (RFC 7591 §2). Null and the empty string count as absent (RFC 7592
//! §2.2).

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};
use url::Url;

use super::policy::Policy;
use super::problem::Problem;
use crate::display_text::{is_of_one_script, is_visible, passes_for};
use crate::logout::LogoutUri;
use crate::{ClaimMapping, Digest, OperatorName, OutboundUri};

/// The maximum length of a text for users, in bytes.
const MAX_TEXT_BYTES: usize = 256;

/// The names of this server on its pages.
const OWN_NAMES: [&str; 2] = ["Authorization server", "oauth2-server"];

/// The most bytes of a URL that browsers open.
const MAX_URL_BYTES: usize = 2048;

/// One member of a document, and the context for validating it.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) member: &'static str,
    pub(super) document: &'a Map<String, Value>,
    pub(super) policy: &'a Policy<'a>,
    /// The stored form of the secret of a client that gets its first one.
    pub(super) new_secret: Digest,
}

impl<'a> Input<'a> {
    /// Another member of the same document.
    pub(super) const fn member(&self, member: &'static str) -> Self {
        Self { member, ..*self }
    }

    pub(super) fn problem(&self, text: impl Into<String>) -> Problem {
        Problem::new(self.member, text)
    }

    /// Whether the document has the member.
    pub(super) fn is_there(&self) -> bool {
        self.document.get(self.member).is_some_and(|value| !value.is_null())
    }

    pub(super) fn text(&self) -> Result<Option<&'a str>, Problem> {
        let text = self.typed("a string", Value::as_str)?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    pub(super) fn texts(&self) -> Result<Vec<&'a str>, Problem> {
        let texts = |value: &'a Value| value.as_array()?.iter().map(Value::as_str).collect();
        Ok(self.typed("a list of strings", texts)?.unwrap_or_default())
    }

    pub(super) fn flag(&self, default: bool) -> Result<bool, Problem> {
        Ok(self.typed("true or false", Value::as_bool)?.unwrap_or(default))
    }

    pub(super) fn seconds(&self) -> Result<Option<u32>, Problem> {
        self.typed("a number of seconds, at most 4294967295", |value| u32::try_from(value.as_u64()?).ok())
    }

    /// A number of seconds from 1 to `most`.
    pub(super) fn lifetime(&self, most: u32) -> Result<Option<u32>, Problem> {
        let form = || self.problem(format!("must be a number of seconds from 1 to {most}"));
        let seconds = self.seconds()?;
        if seconds.is_none_or(|seconds| (1..=most).contains(&seconds)) { Ok(seconds) } else { Err(form()) }
    }

    pub(super) fn object(&self) -> Result<Option<&'a Map<String, Value>>, Problem> {
        self.typed("a JSON object", Value::as_object)
    }

    /// How the client wants its claims; none for an empty object.
    pub(super) fn claim_mapping(&self) -> Result<Option<ClaimMapping>, Problem> {
        let written = self.object()?.filter(|members| !members.is_empty());
        let parsed = written.map(|members| ClaimMapping::from_document(members.clone()));
        parsed.transpose().map_err(|reason| self.problem(reason))
    }

    /// A text of a type that checks itself.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&self) -> Result<Option<T>, Problem> {
        self.text()?.map(|text| self.parse(text)).transpose()
    }

    pub(super) fn parsed_or<T: FromStr<Err: Display>>(&self, default: T) -> Result<T, Problem> {
        Ok(self.parsed()?.unwrap_or(default))
    }

    /// A list of at most `most` such texts.
    pub(super) fn list<T: FromStr<Err: Display>, C: FromIterator<T>>(
        &self,
        most: usize,
    ) -> Result<C, Problem> {
        let texts = self.texts()?;
        if texts.len() > most {
            return Err(self.problem(format!("must be at most {most}")));
        }
        texts.into_iter().map(|text| self.parse(text)).collect()
    }

    /// A name.
    pub(super) fn name_text(&self) -> Result<Option<String>, Problem> {
        self.text()?.map(|text| self.name(text)).transpose()
    }

    /// A text that people will read.
    pub(super) fn shown_text(&self) -> Result<Option<String>, Problem> {
        self.text()?.map(|text| self.shown(text)).transpose()
    }

    /// A list of such texts.
    pub(super) fn shown_texts(&self) -> Result<Vec<String>, Problem> {
        self.texts()?.into_iter().map(|text| self.shown(text)).collect()
    }

    /// The address of a page or an image that browsers open.
    pub(super) fn https_url(&self) -> Result<Option<String>, Problem> {
        self.text()?.map(|text| self.https(text)).transpose()
    }

    pub(super) fn https(&self, text: &str) -> Result<String, Problem> {
        let is_plain =
            text.len() <= MAX_URL_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let fits = |url: &Url| {
            is_plain && url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
        };
        if Url::parse(text).is_ok_and(|url| fits(&url)) {
            Ok(text.to_owned())
        } else {
            let rule = "must be an https URL of at most";
            let text = format!("{rule} {MAX_URL_BYTES} printable ASCII characters without user information");
            Err(self.problem(text))
        }
    }

    /// An address that this server sends requests to.
    pub(super) fn outbound_uri(&self) -> Result<Option<OutboundUri>, Problem> {
        let uri = self.parsed()?;
        uri.map(|uri| self.allowed(&uri).map(|()| uri)).transpose()
    }

    /// An address that this server sends logout tokens to. They are signed, so a private network needs no TLS. But a client
    /// that registers itself must not make this server send requests to any service there.
    pub(super) fn backchannel_logout_uri(&self) -> Result<Option<LogoutUri>, Problem> {
        let uri: Option<LogoutUri> = self.parsed()?;
        let is_for_operators = |uri: &OutboundUri| uri.as_str().parse::<OutboundUri>().is_err();
        let is_allowed = |uri: &OutboundUri| {
            self.policy.may_request(uri) && !(self.policy.registrant.is_client() && is_for_operators(uri))
        };
        if uri.as_ref().is_none_or(|uri| is_allowed(uri.outbound())) {
            return Ok(uri);
        }
        let text =
            "must be an https URI; http on a private network needs the setting OAUTH2_OUTBOUND_ALLOW_PRIVATE";
        Err(self.problem(text))
    }

    /// Whether this server may send requests to `uri`.
    pub(super) fn allowed(&self, uri: &OutboundUri) -> Result<(), Problem> {
        if self.policy.may_request(uri) {
            Ok(())
        } else {
            Err(self.problem(
                "must be an https URI; http to this machine needs the setting OAUTH2_OUTBOUND_ALLOW_PRIVATE",
            ))
        }
    }

    fn parse<T: FromStr<Err: Display>>(&self, text: &str) -> Result<T, Problem> {
        text.parse().map_err(|reason| self.problem(format!("{reason}")))
    }

    /// Whether the client registers itself.
    pub(super) fn is_of_client(&self) -> bool {
        self.policy.registrant.is_client()
    }

    /// A name that people will read and trust. What a client calls itself must not pass for something else.
    pub(super) fn name(&self, text: &str) -> Result<String, Problem> {
        let name = self.shown(text)?;
        if !self.policy.registrant.is_client() {
            return Ok(name);
        }
        if !is_of_one_script(&name) {
            return Err(self.problem("must have the letters of one script only"));
        }
        let host = self.policy.issuer.host();
        let operator = self.policy.operator.map(OperatorName::as_str);
        let ours = OWN_NAMES.into_iter().chain([host.as_str()]).chain(operator);
        if ours.into_iter().any(|own| passes_for(&name, own)) {
            return Err(self.problem("must not be the name of this server"));
        }
        // People would read it as the address of the application.
        if name.contains("://") {
            return Err(self.problem("must be a name, not an address"));
        }
        Ok(name)
    }

    /// Nothing in it may be invisible or change the direction of the text around it.
    pub(super) fn shown(&self, text: &str) -> Result<String, Problem> {
        let text = text.trim();
        if text.len() > MAX_TEXT_BYTES || !is_visible(text) {
            let text = format!("must have 1 to {MAX_TEXT_BYTES} bytes and no invisible characters");
            return Err(self.problem(text));
        }
        Ok(text.to_owned())
    }

    fn typed<T>(&self, form: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<Option<T>, Problem> {
        match self.document.get(self.member) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.problem(format!("must be {form}"))),
        }
    }
}
