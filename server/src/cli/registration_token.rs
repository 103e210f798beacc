//! `registration-token …`: manages initial access tokens (RFC 7591 §3).

use application::client::initial_access_tokens::NewToken;
use chrono::{DateTime, Duration, Utc};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use domain::self_registration::RegistrationLimits;
use domain::{Actor, GrantType, InitialAccessToken, InitialAccessTokenId, Scope, Secret};
use serde::Serialize;
use serde_json::json;

use super::answer::Answer;
use super::operator::Operator;
use super::pages::{PAGE_SIZE, all};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a token; the answer shows it once. Give it to a developer, who sends it to /connect/register
    Create(Create),
    /// List all tokens that have not expired, including used ones
    List,
    /// Revoke a token; clients that were registered with it stay
    Revoke {
        /// Id of the token; see `registration-token list`
        id: InitialAccessTokenId,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// How many clients the token can register, 1 to 1000000
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    uses: u32,
    /// Lifetime in seconds, 1 to 31536000 (the default is one week)
    #[arg(long, value_name = "SECS", default_value_t = 604_800, value_parser = clap::value_parser!(u32).range(1..=31_536_000))]
    expires_in: u32,
    /// Scopes that its clients may request, separated by spaces [default: the setting registration_allowed_scopes]
    #[arg(long)]
    scope: Option<Scope>,
    /// Grant type that its clients may use although registration alone does not allow it; can be repeated
    #[arg(long = "allow-grant", value_name = "GRANT_TYPE", value_parser = grant_types())]
    grants: Vec<GrantType>,
}

fn grant_types() -> impl TypedValueParser<Value = GrantType> {
    let needing = GrantType::ALL.into_iter().filter(|grant| grant.needs_permission());
    PossibleValuesParser::new(needing.map(GrantType::as_str)).try_map(|grant| grant.parse::<GrantType>())
}

/// A token in an answer.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    id: InitialAccessTokenId,
    // Only in the answer of `create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    uses: u32,
    used: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a Scope>,
    allowed_grants: Vec<GrantType>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Runs the command.
pub(super) async fn run(command: Command, operator: &Operator) -> anyhow::Result<Answer> {
    let tokens = &operator.registration_tokens;
    match command {
        Command::Create(create) => {
            let (token, secret) = tokens.create(create.into_token(), Actor::CommandLine).await?;
            Ok(Answer::one(&Shown::new(&token, Some(&secret)))?)
        }
        Command::List => list(operator).await,
        Command::Revoke { id } => {
            tokens.revoke(id, Actor::CommandLine).await?;
            let facts = json!({"id": id, "revoked": true});
            Ok(Answer::new(format!("the registration token {id} is revoked"), &facts)?)
        }
    }
}

async fn list(operator: &Operator) -> anyhow::Result<Answer> {
    let page = async |last: Option<&InitialAccessToken>| {
        operator.data.ports.initial_access_tokens.list(last.map(|token| token.id), PAGE_SIZE).await
    };
    let mut tokens = all(page).await?;
    let now = operator.data.ports.clock.now();
    tokens.retain(|token| now < token.expires_at);
    let shown: Vec<_> = tokens.iter().map(|token| Shown::new(token, None)).collect();
    Ok(Answer::several(&shown, &["id", "uses", "used", "scope", "allowed_grants", "expires_at"])?)
}

impl Create {
    fn into_token(self) -> NewToken {
        NewToken {
            uses: self.uses,
            lifetime: Duration::seconds(i64::from(self.expires_in)),
            limits: RegistrationLimits { scope: self.scope, grant_types: self.grants.into_iter().collect() },
        }
    }
}

impl<'a> Shown<'a> {
    fn new(token: &'a InitialAccessToken, secret: Option<&'a Secret>) -> Self {
        Self {
            id: token.id,
            token: secret.map(Secret::expose),
            uses: token.uses,
            used: token.used,
            scope: token.limits.scope.as_ref(),
            allowed_grants: token.limits.grant_types.iter().copied().collect(),
            created_at: token.created_at,
            expires_at: token.expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: Command,
    }

    fn parse(words: &[&str]) -> Result<Command, clap::Error> {
        Line::try_parse_from([&["registration-token"], words].concat()).map(|line| line.command)
    }

    fn created(words: &[&str]) -> NewToken {
        let Command::Create(create) = parse(&[&["create"], words].concat()).unwrap() else {
            panic!("not create")
        };
        create.into_token()
    }

    #[test]
    fn a_token_is_good_for_one_registration_within_a_week_unless_said_otherwise() {
        let new = created(&[]);
        assert_eq!((new.uses, new.lifetime), (1, Duration::days(7)));
        assert_eq!(new.limits, RegistrationLimits::default());
        let new = created(&[
            "--uses=5",
            "--expires-in=60",
            "--scope=openid read",
            "--allow-grant=client_credentials",
        ]);
        assert_eq!((new.uses, new.lifetime), (5, Duration::seconds(60)));
        assert_eq!(new.limits.scope.unwrap().to_string(), "openid read");
        assert_eq!(new.limits.grant_types, [GrantType::ClientCredentials].into());
    }

    #[test]
    fn limits_that_mean_nothing_are_refused() {
        for option in ["--uses=0", "--expires-in=0", "--allow-grant=authorization_code", "--scope=a\"b"] {
            assert_eq!(parse(&["create", option]).unwrap_err().exit_code(), 2, "{option}");
        }
    }
}
