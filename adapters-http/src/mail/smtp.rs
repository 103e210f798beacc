//! Handing a mail to the operator's server: with TLS from the start, with STARTTLS (RFC 3207), or without TLS on this machine.

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use application::port::{Delivery, MAIL_TIMEOUT_SECONDS, MailSender};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Letter;
use domain::{MailId, Secret};
use lettre::address::AddressError;
use lettre::message::header::{Header, HeaderName as MailHeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::time::timeout;

use super::words::{Text, Words};
use crate::outbound::TrustAnchors;

/// The timeout of a connection attempt.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// The timeout of a whole mail, a little shorter than the port promises.
const TIMEOUT: Duration = Duration::from_secs(MAIL_TIMEOUT_SECONDS.unsigned_abs() - 5);

/// How the connection to the server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the start (RFC 8314 §3).
    Tls,
    /// STARTTLS, which the server must offer: nothing is sent before it.
    StartTls,
    /// No TLS.
    None,
}

/// The operator's server.
#[derive(Clone)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: SmtpSecurity,
    /// User name and password, if it wants them.
    pub credentials: Option<(String, Secret)>,
}

/// The address that mails come from, such as `Example <no-reply@example.com>`.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(Mailbox);

/// Sends mails by SMTP.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: MailAddress,
    words: Words,
    /// What comes after the `@` of a `Message-ID`.
    host: String,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The recipient has no valid address.
    #[error("the address of the recipient is not valid: {0}")]
    Recipient(#[from] AddressError),
    /// The letter cannot be written.
    #[error("the mail cannot be written: {0}")]
    Unwritable(String),
    /// The server did not take it, or could not be reached.
    #[error("{}", with_sources(.0))]
    Server(#[from] lettre::transport::smtp::Error),
    /// The server took too long.
    #[error("the SMTP server did not answer within {} seconds", TIMEOUT.as_secs())]
    Timeout,
}

impl Smtp {
    /// Mails from `from`, by this server. This machine calls itself `host`.
    ///
    /// # Errors
    /// [`SmtpError::Server`] if a certificate authority of the operator cannot be used.
    pub fn new(
        server: SmtpServer,
        from: MailAddress,
        host: String,
        trust: &TrustAnchors,
        words: Words,
    ) -> Result<Self, SmtpError> {
        let tls = match server.security {
            SmtpSecurity::Tls => Tls::Wrapper(tls_parameters(&server.host, trust)?),
            SmtpSecurity::StartTls => Tls::Required(tls_parameters(&server.host, trust)?),
            SmtpSecurity::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host)
            .port(server.port)
            .tls(tls)
            .hello_name(client_id(&host))
            .timeout(Some(CONNECT_TIMEOUT));
        if let Some((user, password)) = server.credentials {
            transport = transport.credentials(Credentials::new(user, password.expose().to_owned()));
        }
        Ok(Self { transport: transport.build(), from, words, host })
    }

    /// Whether the server answers and accepts the credentials. No mail is sent.
    ///
    /// # Errors
    /// [`SmtpError`].
    pub async fn check(&self) -> Result<(), SmtpError> {
        timeout(TIMEOUT, self.transport.test_connection()).await.map_err(|_| SmtpError::Timeout)??;
        Ok(())
    }

    /// Sends a letter as the mail `id` of the time `now`.
    ///
    /// # Errors
    /// [`SmtpError`], which may name the recipient: for the operator who sends a test, not for the log.
    pub async fn submit(&self, id: MailId, letter: &Letter, now: DateTime<Utc>) -> Result<(), SmtpError> {
        let message = self.message(id, letter, now)?;
        timeout(TIMEOUT, self.transport.send(message)).await.map_err(|_| SmtpError::Timeout)??;
        Ok(())
    }

    fn message(&self, id: MailId, letter: &Letter, now: DateTime<Utc>) -> Result<Message, SmtpError> {
        let unwritable = |error: &dyn fmt::Display| SmtpError::Unwritable(error.to_string());
        let Text { subject, plain, html } = self.words.of(letter).map_err(|error| unwritable(&error))?;
        Message::builder()
            .from(self.from.0.clone())
            .to(Mailbox::new(None, letter.to.parse()?))
            .subject(subject)
            .date(now.into())
            .message_id(Some(format!("<{id}@{}>", self.host)))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(plain, html))
            .map_err(|error| unwritable(&error))
    }
}

#[async_trait]
impl MailSender for Smtp {
    #[tracing::instrument(name = "mail_sender.send", skip_all)]
    async fn send(&self, id: MailId, letter: &Letter, now: DateTime<Utc>) -> Delivery {
        match self.submit(id, letter, now).await {
            Ok(()) => Delivery::Accepted,
            Err(SmtpError::Recipient(_)) => {
                Delivery::Refused("the address of the recipient is not valid".to_owned())
            }
            Err(SmtpError::Server(error)) => judged(&error),
            Err(error @ (SmtpError::Unwritable(_) | SmtpError::Timeout)) => {
                Delivery::Failed(error.to_string())
            }
        }
    }
}

/// How a client introduces itself (RFC 5321 §4.1.3).
fn client_id(host: &str) -> ClientId {
    match host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

/// The answer of a server may repeat the recipient, so the log has its code only.
fn judged(error: &lettre::transport::smtp::Error) -> Delivery {
    let Some(code) = error.status() else {
        return Delivery::Failed(with_sources(error));
    };
    let answer = format!("the SMTP server answered {code}");
    // The mailbox does not exist, or the mail is refused: it would be refused again. What the operator can mend, such as a wrong
    // password (RFC 4954 §6), is tried again.
    let code = code.to_string();
    let is_final =
        error.is_permanent() && ["550", "551", "552", "553", "554", "556"].contains(&code.as_str());
    if is_final { Delivery::Refused(answer) } else { Delivery::Failed(answer) }
}

fn with_sources(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn tls_parameters(host: &str, trust: &TrustAnchors) -> Result<TlsParameters, SmtpError> {
    let builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    let builder = trust.own().try_fold(builder, |builder, certificate| {
        Ok::<_, SmtpError>(builder.add_root_certificate(Certificate::from_der(certificate.to_vec())?))
    })?;
    Ok(builder.build_rustls()?)
}

/// No person wrote it, and no program answers it (RFC 3834 §5).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> MailHeaderName {
        MailHeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl FromStr for MailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.security)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from).finish_non_exhaustive()
    }
}
