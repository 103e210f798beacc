//! The operator's mail server.

use std::fmt;
use std::net::IpAddr;

use adapters_http::mail::{MailAddress, SmtpSecurity, SmtpServer};
use domain::Secret;
use figment::value::Value;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::value::{Read, text, without_password};

const EXAMPLE: &str =
    "smtps://user:password@host for TLS from the start, or smtp://user:password@host:587 for STARTTLS";

/// Where mails go. `Debug` does not show the password in it.
#[derive(Clone)]
pub struct SmtpUrl {
    server: SmtpServer,
    shown: String,
}

impl SmtpUrl {
    /// The server that it names.
    #[must_use]
    pub fn server(&self) -> SmtpServer {
        self.server.clone()
    }

    /// Where the server is, for a message: without user name and password.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.server.host, self.server.port)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

/// The messages do not repeat the text: it may hold a password.
pub(super) fn smtp_url(value: &Value) -> Read<SmtpUrl> {
    let text = text(value)?;
    let url = Url::parse(text.trim()).map_err(|_| {
        format!("the value is not {EXAMPLE}; special characters in the password must be percent-encoded")
    })?;
    let shown = without_password(&text);
    let server = server(&url)?;
    Ok((SmtpUrl { server, shown: shown.clone() }, shown.into()))
}

fn server(url: &Url) -> Result<SmtpServer, String> {
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or("the value names no host; smtp://localhost:25 is an example")?;
    // An address of IPv6 is in brackets in a URL only.
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err("the URL has to end after the port, or with ?tls=none".to_owned());
    }
    let tls: Vec<_> = url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
    let security = match (url.scheme(), tls.first().map(String::as_str)) {
        ("smtps", None) => SmtpSecurity::Tls,
        ("smtp", None) if is_this_machine(url) => SmtpSecurity::None,
        ("smtp", None | Some("tls=starttls")) => SmtpSecurity::StartTls,
        ("smtp", Some("tls=none")) => SmtpSecurity::None,
        ("smtp" | "smtps", Some(_)) => {
            return Err(
                "after the ? only tls=starttls and tls=none are allowed, and only with smtp://".to_owned()
            );
        }
        (_, _) => return Err(format!("the value is not {EXAMPLE}")),
    };
    if tls.len() > 1 {
        return Err("after the ? only one value is allowed: tls=starttls or tls=none".to_owned());
    }
    let usual_port = match security {
        SmtpSecurity::Tls => 465,
        SmtpSecurity::StartTls => 587,
        SmtpSecurity::None => 25,
    };
    Ok(SmtpServer { host, port: url.port().unwrap_or(usual_port), security, credentials: credentials(url)? })
}

fn credentials(url: &Url) -> Result<Option<(String, Secret)>, String> {
    let decoded = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| "the user name or the password is not UTF-8".to_owned())
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err("give a user name and a password, or neither".to_owned()),
        (user, Some(password)) => Ok(Some((decoded(user)?, Secret::new(decoded(password)?)))),
    }
}

/// A connection to this machine crosses no network, so it may be unencrypted.
fn is_this_machine(url: &Url) -> bool {
    let loopback =
        |host: &str| host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.host() {
        // Only the schemes of the web have typed hosts.
        Some(Host::Domain(host)) => loopback(host),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(super) fn mail_from(value: &Value) -> Read<MailAddress> {
    let text = text(value)?;
    let address: MailAddress = text.trim().parse().map_err(|_| {
        format!(
            "{text:?} is not an address such as no-reply@example.com or \"Example <no-reply@example.com>\""
        )
    })?;
    let shown = address.to_string().into();
    Ok((address, shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SmtpServer, String> {
        smtp_url(&Value::from(text)).map(|(url, _)| url.server())
    }

    #[test]
    fn the_connection_is_encrypted_unless_it_stays_on_this_machine_or_the_operator_says_so() {
        for (text, host, port, security) in [
            ("smtps://mail.example", "mail.example", 465, SmtpSecurity::Tls),
            ("smtps://mail.example:4650", "mail.example", 4650, SmtpSecurity::Tls),
            ("smtp://mail.example", "mail.example", 587, SmtpSecurity::StartTls),
            ("smtp://mail.example:25/", "mail.example", 25, SmtpSecurity::StartTls),
            ("smtp://mailpit:1025?tls=none", "mailpit", 1025, SmtpSecurity::None),
            ("smtp://localhost", "localhost", 25, SmtpSecurity::None),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, SmtpSecurity::None),
            ("smtp://[::1]:2525", "::1", 2525, SmtpSecurity::None),
            ("smtp://localhost:587?tls=starttls", "localhost", 587, SmtpSecurity::StartTls),
        ] {
            let server = read(text).unwrap();
            assert_eq!(
                (server.host.as_str(), server.port, server.security),
                (host, port, security),
                "{text}"
            );
            assert!(server.credentials.is_none());
        }
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let (url, shown) = smtp_url(&Value::from("smtps://ada%40example.com:p%2Fss@mail.example")).unwrap();
        let (user, password) = url.server().credentials.unwrap();
        assert_eq!((user.as_str(), password.expose()), ("ada@example.com", "p/ss"));
        for text in [shown.to_string(), format!("{url:?}"), url.place(), format!("{:?}", url.server())] {
            assert!(!text.contains("p%2Fss") && !text.contains("p/ss"), "{text}");
        }
    }

    #[test]
    fn what_is_no_mail_server_is_refused_without_its_password() {
        for text in [
            "mail.example",
            "https://mail.example",
            "smtp://",
            "smtp://user@mail.example",
            "smtp://:s3cret@mail.example",
            "smtps://user:s3cret@mail.example?tls=none",
            "smtp://user:s3cret@mail.example?tls=maybe",
            "smtp://user:s3cret@mail.example?tls=none&tls=none",
            "smtp://user:s3cret@mail.example/path",
            "smtp://user:s3cret@mail.example#x",
        ] {
            let reason = read(text).unwrap_err();
            assert!(!reason.contains("s3cret"), "{text}: {reason}");
        }
    }

    #[test]
    fn the_sender_is_an_address_with_or_without_a_name() {
        for text in ["no-reply@example.com", "Example <no-reply@example.com>"] {
            assert_eq!(mail_from(&Value::from(text)).unwrap().1, text);
        }
        for text in ["example.com", "a@b@c <x>", "Example"] {
            assert!(mail_from(&Value::from(text)).is_err(), "{text}");
        }
    }
}
