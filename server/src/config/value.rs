//! Reads the value of one setting. An error says what is wrong and what is allowed; it never repeats a secret.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use adapters_http::language::Language;
use adapters_http::outbound::TrustAnchors;
use chrono::Duration;
use domain::issuer::InvalidIssuer;
use domain::redirect_uri::is_native_scheme;
use domain::{AuthenticationContext, AuthenticationContexts, Issuer, Scope};
use figment::value::Value;
use ipnet::IpNet;
use serde_json::json;
use url::{Host, Url};

use crate::encryption_key::EncryptionKey;

/// A value, and how `config show` prints it; or the reason why it is wrong.
pub(super) type Read<T> = Result<(T, serde_json::Value), String>;

/// The value as text: TOML may spell `8080` as a number or as text, the environment only as text.
pub(super) fn text(value: &Value) -> Result<Cow<'_, str>, String> {
    let number = || value.to_i128().map(|number| Cow::from(number.to_string()));
    match value {
        Value::String(_, text) => Ok(text.into()),
        Value::Bool(_, switch) => Ok(switch.to_string().into()),
        Value::Array(..) => Err("a list is not allowed here: give one value".to_owned()),
        Value::Num(..) | Value::Char(..) | Value::Empty(..) | Value::Dict(..) => number().ok_or_else(|| {
            "a table, date or fraction is not allowed; the settings are one flat list".to_owned()
        }),
    }
}

/// In the place of a secret.
pub(super) const REDACTED: &str = "redacted";

/// The URL for logs and `config show`, with its password replaced. libpq takes a password from the query too.
pub(super) fn without_password(url: &str) -> String {
    let Ok(mut url) = Url::parse(url.trim()) else {
        return REDACTED.to_owned();
    };
    if url.password().is_some() && url.set_password(Some(REDACTED)).is_err() {
        return REDACTED.to_owned();
    }
    if url.query_pairs().any(|(name, _)| name.contains("password")) {
        url.set_query(Some(REDACTED));
    }
    url.to_string()
}

/// Reads the text with `parse`. If that finds nothing, the message is the text and the `problem` with it.
fn parse<T: Clone + Into<serde_json::Value>>(
    value: &Value,
    problem: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Read<T> {
    let text = text(value)?;
    let parsed = parse(&text).ok_or_else(|| format!("{text:?} {problem}"))?;
    Ok((parsed.clone(), parsed.into()))
}

pub(super) fn switch(value: &Value) -> Read<bool> {
    parse(value, "is neither true nor false", |text| text.parse().ok())
}

/// A whole number. `unit` names it in the message: "… is not a whole number of seconds from 1 to 60".
pub(super) fn number(unit: &'static str, range: RangeInclusive<u32>) -> impl Fn(&Value) -> Read<u32> {
    move |value| {
        let problem = format!("is not {unit} from {} to {}", range.start(), range.end());
        parse(value, &problem, |text| text.parse().ok().filter(|number| range.contains(number)))
    }
}

pub(super) fn count(range: RangeInclusive<u32>) -> impl Fn(&Value) -> Read<u32> {
    number("a whole number", range)
}

pub(super) fn seconds(range: RangeInclusive<u32>) -> impl Fn(&Value) -> Read<Duration> {
    let read = number("a whole number of seconds", range);
    move |value| read(value).map(|(number, shown)| (Duration::seconds(number.into()), shown))
}

pub(super) fn days(range: RangeInclusive<u32>) -> impl Fn(&Value) -> Read<Duration> {
    let read = number("a whole number of days", range);
    move |value| read(value).map(|(number, shown)| (Duration::days(number.into()), shown))
}

/// A port to listen on. Not 0: the issuer could not name the port that the system picks.
pub(super) fn port(value: &Value) -> Read<u16> {
    parse(value, "is not a port number from 1 to 65535", |text| text.parse().ok().filter(|port| *port != 0))
}

/// One of a few words, each with its meaning.
pub(super) fn one_of<T: Copy, const N: usize>(words: [(&'static str, T); N]) -> impl Fn(&Value) -> Read<T> {
    move |value| {
        let text = text(value)?;
        match words.iter().find(|(word, _)| *word == text) {
            Some(&(word, meaning)) => Ok((meaning, word.into())),
            None => Err(format!("{text:?} is not one of {}", words.map(|(word, _)| word).join(", "))),
        }
    }
}

/// An IP address or host name to listen on, without a port; IPv6 without brackets, as `TcpListener::bind` takes it.
pub(super) fn listen_host(value: &Value) -> Read<String> {
    parse(value, "is not an IP address such as 127.0.0.1, 0.0.0.0 or ::, nor a host name", |text| {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        let valid = bare.parse::<IpAddr>().is_ok() || matches!(Host::parse(text), Ok(Host::Domain(_)));
        valid.then(|| bare.to_owned())
    })
}

pub(super) fn socket_address(value: &Value) -> Read<SocketAddr> {
    let problem = "is not an address and a port such as 127.0.0.1:9090";
    let (text, shown) = parse(value, problem, |text| Some(text.to_owned()))?;
    Ok((text.parse().map_err(|_reason| format!("{text:?} {problem}"))?, shown))
}

/// An absolute http or https URL.
pub(super) fn web_url(value: &Value) -> Read<String> {
    parse(value, "is not an http or https URL", |text| {
        let url = Url::parse(text).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| text.to_owned())
    })
}

/// The first characters of every Redis key. Braces would send every key to one node of a cluster (a hash tag).
pub(super) fn redis_prefix(value: &Value) -> Read<String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-.:/".contains(letter);
    parse(value, "is not 1 to 64 letters, digits or any of _-.:/", |text| {
        ((1..=64).contains(&text.len()) && text.chars().all(allowed)).then(|| text.to_owned())
    })
}

/// The issuer identifier (RFC 8414 §2). The message does not repeat the text: a mistaken URL may hold a password.
pub(super) fn issuer(value: &Value) -> Read<Issuer> {
    let issuer: Issuer = text(value)?.parse().map_err(|reason: InvalidIssuer| reason.to_string())?;
    let shown = json!(issuer.as_str());
    Ok((issuer, shown))
}

/// The name of a file. The server checks the file when it uses it.
pub(super) fn file_name(value: &Value) -> Read<PathBuf> {
    let text = text(value)?;
    match text.is_empty() {
        false => Ok((PathBuf::from(text.as_ref()), text.into())),
        true => Err("the name of the file is missing".to_owned()),
    }
}

/// A PEM file of certificates (RFC 7468 §5), read now: the public authorities and those in the file.
pub(super) fn trust_anchors(value: &Value) -> Read<TrustAnchors> {
    let file = text(value)?;
    let pem =
        std::fs::read(&*file).map_err(|reason| format!("the file {file:?} cannot be read: {reason}"))?;
    let anchors = TrustAnchors::public().with_pem(&pem);
    Ok((anchors.map_err(|reason| format!("the file {file:?} cannot be used: {reason}"))?, file.into()))
}

pub(super) fn encryption_key(value: &Value) -> Read<EncryptionKey> {
    let key = EncryptionKey::parse(&text(value)?).map_err(|reason| format!("the value {reason}"))?;
    Ok((key, "[redacted]".into()))
}

/// Reads each entry of a TOML array, or of one text with separators.
fn list<T>(
    value: &Value,
    separator: fn(char) -> bool,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let texts = value.as_array().unwrap_or(std::slice::from_ref(value)).iter();
    let texts: Vec<_> = texts.map(text).collect::<Result<_, _>>().map_err(|_reason| {
        "only a text or a list of texts is allowed; the settings are one flat list".to_owned()
    })?;
    let entries = texts.iter().flat_map(|text| text.split(separator)).filter(|entry| !entry.is_empty());
    entries.map(read).collect()
}

/// A comma may be part of a scope or of an authentication context.
fn space(letter: char) -> bool {
    letter.is_ascii_whitespace()
}

fn comma_or_space(letter: char) -> bool {
    letter == ',' || space(letter)
}

/// Scope tokens (RFC 6749 §3.3).
pub(super) fn scope_tokens(value: &Value) -> Read<Scope> {
    let token = |token: &str| match token.parse::<Scope>() {
        Ok(_) => Ok(token.to_owned()),
        Err(_reason) => Err(format!(
            "{token:?} is not a scope: printable ASCII without quotation marks and backslashes, separated by spaces"
        )),
    };
    let scopes: Scope = list(value, space, token)?.iter().map(String::as_str).collect();
    let shown = scopes.iter().collect();
    Ok((scopes, shown))
}

pub(super) fn authentication_contexts(value: &Value) -> Read<AuthenticationContexts> {
    let contexts = list(value, space, |entry| {
        entry.parse::<AuthenticationContext>().map_err(|reason| format!("{entry:?}: each {reason}"))
    })?;
    let contexts = AuthenticationContexts::try_from(contexts).map_err(|reason| reason.to_string())?;
    let shown = contexts.iter().map(AuthenticationContext::as_str).collect();
    Ok((contexts, shown))
}

pub(super) fn authentication_context(value: &Value) -> Read<AuthenticationContext> {
    let text = text(value)?;
    let context: AuthenticationContext = text.parse().map_err(|reason| format!("{text:?}: it {reason}"))?;
    Ok((context.clone(), context.as_str().into()))
}

pub(super) fn networks(value: &Value) -> Read<Vec<IpNet>> {
    let networks = list(value, comma_or_space, |entry| {
        let address = |_reason| entry.parse::<IpAddr>().map(IpNet::from);
        entry.parse::<IpNet>().or_else(address).map_err(|_reason| {
            format!("{entry:?} is not an address or network such as 10.0.0.0/8, 192.0.2.7 or fd00::/8")
        })
    })?;
    let shown = networks.iter().map(ToString::to_string).collect();
    Ok((networks, shown))
}

/// Host names, each with or without a port.
pub(super) fn host_names(value: &Value) -> Read<Vec<String>> {
    let names = list(value, comma_or_space, |entry| {
        let url = Url::parse(&format!("https://{entry}/")).ok();
        let is_host = url.is_some_and(|url| url.path() == "/" && url.username().is_empty() && url.has_host());
        let is_host = is_host && !entry.contains(['@', '?', '#', '/']);
        is_host
            .then(|| entry.to_ascii_lowercase())
            .ok_or_else(|| format!("{entry:?} is not a host name such as example.com"))
    })?;
    Ok((names.clone(), names.into()))
}

/// URIs that a person can be reached at. A comma may be part of one.
pub(super) fn contacts(value: &Value) -> Read<Vec<String>> {
    let uris = list(value, space, |entry| {
        let url = Url::parse(entry).ok().filter(|_| entry.bytes().all(|byte| byte.is_ascii_graphic()));
        let reachable = url.is_some_and(|url| matches!(url.scheme(), "mailto" | "https" | "tel"));
        reachable.then(|| entry.to_owned()).ok_or_else(|| {
            format!("{entry:?} is not a mailto:, https: or tel: URI such as mailto:security@example.com")
        })
    })?;
    Ok((uris.clone(), uris.into()))
}

/// Schemes of native applications (RFC 8252 §7.1).
pub(super) fn redirect_schemes(value: &Value) -> Read<Vec<String>> {
    let schemes = list(value, comma_or_space, |entry| {
        let scheme = entry.to_ascii_lowercase();
        let reason = || {
            format!("{entry:?} is not the scheme of an application, such as vscode; write no colon after it")
        };
        if is_native_scheme(&scheme) { Ok(scheme) } else { Err(reason()) }
    })?;
    Ok((schemes.clone(), schemes.into()))
}

/// Languages that the pages are translated into, by their tags (RFC 5646).
pub(super) fn languages(value: &Value) -> Read<Vec<String>> {
    let shipped = || Language::shipped().map(Language::tag).collect::<Vec<_>>().join(", ");
    let mut tags: Vec<String> = Vec::new();
    for tag in list(value, comma_or_space, |entry| {
        let language = Language::find(entry).ok_or_else(|| format!("{entry:?} is not one of {}", shipped()));
        language.map(|language| language.tag().to_owned())
    })? {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    match tags.is_empty() {
        false => Ok((tags.clone(), tags.into())),
        true => Err(format!("at least one of {} is needed", shipped())),
    }
}
