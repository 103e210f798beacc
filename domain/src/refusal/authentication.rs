//! A client that is not who it says, or that proves it in another way than it registered (RFC 6749 §2.3, RFC 7523 §3).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::explanation::{list, moment, span};
use super::{Explanation, Quoted, Sender};

/// Why a client is not authenticated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationCause {
    /// No client has this id.
    UnknownClient(Quoted),
    /// An operator disabled the client.
    Disabled(DateTime<Utc>),
    /// The credential is of another kind than the registered one.
    Method {
        /// What was sent: a method of `token_endpoint_auth_method`.
        sent: String,
        /// What is registered.
        registered: String,
    },
    /// The endpoint needs a client with a credential, and none was sent.
    CredentialMissing,
    /// The secret is wrong.
    WrongSecret {
        /// Whether an operator chose the secret; else the server generated it.
        is_chosen: bool,
    },
    /// The assertion is for another server, or for others too.
    AssertionAudience {
        /// `aud`.
        sent: Vec<Quoted>,
        /// What it may be.
        accepted: Vec<String>,
    },
    /// `iss` and `sub` of the assertion are not both the client.
    AssertionParty {
        /// `iss`.
        issuer: Quoted,
        /// `sub`.
        subject: Quoted,
    },
    /// The assertion is not valid at this time.
    AssertionTime {
        /// Which instant of it is wrong.
        instant: AssertionInstant,
        /// That instant.
        at: DateTime<Utc>,
        /// The time here.
        now: DateTime<Utc>,
    },
    /// The assertion was used before.
    AssertionUsed,
    /// The assertion cannot be verified with the keys of the client.
    AssertionSignature(Quoted),
}

/// The instant of an assertion that is wrong (RFC 7519 §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionInstant {
    /// `exp` is past.
    Expired,
    /// `exp` is too far ahead.
    TooLong,
    /// `nbf` is ahead.
    NotYet,
    /// `iat` is ahead.
    Future,
}

impl AssertionInstant {
    const fn claim(self) -> &'static str {
        match self {
            Self::Expired | Self::TooLong => "exp",
            Self::NotYet => "nbf",
            Self::Future => "iat",
        }
    }
}

impl AuthenticationCause {
    pub(super) fn explain(&self, sender: Sender<'_>) -> Explanation {
        let who = sender.name();
        match self {
            Self::UnknownClient(sent) => {
                let happened = format!("no client here has the id {sent}");
                Explanation::new("client_unknown", "RFC 6749 §2.2", happened)
                    .here("register the application (`oauth2-server client create`)")
                    .in_application(
                        "let the application send the client_id that `oauth2-server client list` shows",
                    )
                    .fact("client_id", sent.as_str())
            }
            Self::Disabled(since) => {
                let happened = format!("the client {who} is disabled since {}", moment(*since));
                Explanation::new("client_disabled", "RFC 6749 §5.2", happened)
                    .by_command("enable it again", sender.command("enable", ""))
                    .fact("disabled", moment(*since))
            }
            Self::Method { sent, registered } => {
                let happened = format!("{who} authenticated with {sent}, and is registered for {registered}");
                Explanation::new("client_authentication_method", "RFC 7591 §2, RFC 6749 §2.3", happened)
                    .comparing("token_endpoint_auth_method", registered, sent)
                    .in_application(in_application(registered))
                    .by_command(
                        "change its registration",
                        sender.command("update", &format!("--auth-method {}", registrable(sent))),
                    )
            }
            Self::CredentialMissing => {
                let happened = format!("{who} sent no credential, which this endpoint needs");
                Explanation::new("client_credential_missing", "RFC 7662 §2.1", happened).in_application(
                    "let the application send its client_id and its client_secret, or an assertion",
                )
            }
            Self::WrongSecret { is_chosen } => wrong_secret(*is_chosen, sender),
            Self::AssertionAudience { sent, accepted } => wrong_audience(sent, accepted, who),
            Self::AssertionParty { issuer, subject } => wrong_party(issuer, subject, who),
            Self::AssertionTime { instant, at, now } => wrong_time(*instant, *at, *now, who),
            Self::AssertionUsed => {
                let happened = format!("{who} sent an assertion whose jti was used before");
                Explanation::new("assertion_used", "RFC 7523 §3", happened).in_application(
                    "let the application make a new assertion, with a new jti, for each request",
                )
            }
            Self::AssertionSignature(problem) => {
                let happened = format!("the assertion of {who} cannot be verified with its keys: {problem}");
                Explanation::new("assertion_signature", "RFC 7523 §3, RFC 7515 §5.2", happened)
                    .in_application("let the application sign with a key of its jwks or jwks_uri, and name the key in kid")
                    .by_command("look at its keys", sender.command("show", ""))
            }
        }
    }
}

fn wrong_audience(sent: &[Quoted], accepted: &[String], who: &str) -> Explanation {
    let happened = format!("the assertion of {who} is for {}, and not for this server alone", list(sent));
    let explanation = Explanation::new("assertion_audience", "RFC 7523 §3", happened);
    let issuer = accepted.first().map_or("", String::as_str);
    let compared = match sent {
        [one] => explanation.comparing_letters("aud", issuer, one.as_str()),
        several => explanation.comparing("aud", issuer, &list(several)),
    };
    compared
        .in_application(format!("let the application set aud to the issuer, {issuer}, without more or less"))
        .fact("also accepted", accepted.get(1..).unwrap_or_default().join(", "))
}

fn wrong_party(issuer: &Quoted, subject: &Quoted, who: &str) -> Explanation {
    let happened = format!(
        "the assertion of {who} has the iss {issuer} and the sub {subject}, which must both be the client_id"
    );
    Explanation::new("assertion_issuer", "RFC 7523 §3", happened)
        .comparing("iss", who, issuer.as_str())
        .comparing("sub", who, subject.as_str())
        .in_application("let the application set iss and sub to its client_id")
}

fn wrong_secret(is_chosen: bool, sender: Sender<'_>) -> Explanation {
    let who = sender.name();
    let explanation = Explanation::new(
        "client_secret_wrong",
        "RFC 6749 §2.3.1",
        format!("the client_secret of {who} is wrong"),
    )
    .in_application(
        "copy the secret into the application again, without blanks or quotation marks at its ends, and form-encoded if it \
         is sent by HTTP Basic",
    )
    .by_command("make a new one", sender.command("rotate-secret", ""));
    explanation
        .fact("the secret was", if is_chosen { "chosen by an operator" } else { "generated by this server" })
}

fn wrong_time(instant: AssertionInstant, at: DateTime<Utc>, now: DateTime<Utc>, who: &str) -> Explanation {
    let (claim, difference) = (instant.claim(), span(at, now));
    let problem = match instant {
        AssertionInstant::Expired => format!("expired {difference} ago"),
        AssertionInstant::TooLong => {
            format!("expires in {difference}, and may not be valid for more than an hour")
        }
        AssertionInstant::NotYet => format!("is valid only in {difference}"),
        AssertionInstant::Future => format!("was issued {difference} in the future"),
    };
    let happened = format!(
        "the assertion of {who} {problem}: its {claim} is {}, and here it is {}",
        moment(at),
        moment(now)
    );
    let explanation = Explanation::new("assertion_time", "RFC 7523 §3, RFC 7519 §4.1", happened)
        .comparing(claim, &moment(now), &moment(at))
        .fact("difference", difference);
    match instant {
        AssertionInstant::TooLong => explanation.in_application("let the application make an assertion for each request, valid for a minute"),
        AssertionInstant::Expired | AssertionInstant::NotYet | AssertionInstant::Future => explanation
            .in_application("set the clock of the application's machine by NTP, and let it make an assertion for each request")
            .here("set the clock of this machine, if that is the wrong one"),
    }
}

/// How the application authenticates with the registered method.
fn in_application(registered: &str) -> String {
    match registered {
        "none" => "let the application send its client_id in the form, and no secret".to_owned(),
        "private_key_jwt" => "let the application send client_assertion, signed with its key".to_owned(),
        _ => "let the application send its secret, by HTTP Basic or as client_secret in the form".to_owned(),
    }
}

/// The method that a command can set, for what was sent.
fn registrable(sent: &str) -> &str {
    match sent {
        "a secret" => "client_secret_basic",
        "an assertion" => "private_key_jwt",
        _ => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_the_clocks_is_told() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let told = |instant, seconds| {
            let at = now + chrono::Duration::seconds(seconds);
            let cause = AuthenticationCause::AssertionTime { instant, at, now };
            cause.explain(Sender::new(Some("job"))).happened
        };
        assert_eq!(
            told(AssertionInstant::Expired, -300),
            "the assertion of job expired 5 min ago: its exp is 2027-01-15T07:55:00Z, and here it is 2027-01-15T08:00:00Z"
        );
        assert!(told(AssertionInstant::Future, 90).contains("issued 90 s in the future: its iat"));
        assert!(told(AssertionInstant::NotYet, 90).contains("valid only in 90 s: its nbf"));
        assert!(told(AssertionInstant::TooLong, 7_200).contains("expires in 2 h"));
    }

    #[test]
    fn a_wrong_method_names_both() {
        let cause =
            AuthenticationCause::Method { sent: "a secret".into(), registered: "private_key_jwt".into() };
        assert_eq!(
            cause.explain(Sender::new(Some("job"))).sentence(),
            "job authenticated with a secret, and is registered for private_key_jwt: let the application send \
             client_assertion, signed with its key, or change its registration (`oauth2-server client update job \
             --auth-method client_secret_basic`)."
        );
    }
}
