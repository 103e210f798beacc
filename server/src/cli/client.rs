//! `client …`: an operator registers and administers clients.

mod auth_method;
mod authentication_defaults;
mod keys;
mod list;
mod logout;
mod resources;
mod signatures;
mod subject;

use std::collections::BTreeSet;

use application::client::administration::{Links, Marks, NewClient, default_scope};
use application::client::document::RegistrationDocument;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use domain::client::{AccessTokenFormat, AuthenticationDefaults};
use domain::logout::LogoutChannels;
use domain::subject::SubjectChoice;
use domain::{Actor, Client, ClientId, GrantType, RedirectUri, RequestObjects, Scope, SigningAlgorithm};
use serde_json::json;

use self::auth_method::AuthMethod;
use self::logout::Logout;
use super::answer::Answer;
use super::operator::Operator;
use super::standard_input;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register a client; a generated secret is shown in the answer, and never again
    Create(Create),
    /// List all clients
    List,
    /// Show a registration
    Show {
        /// The client's id
        id: ClientId,
    },
    /// Change a registration; what is not given stays as it is
    Update {
        /// The client's id
        id: ClientId,
        #[command(flatten)]
        details: Details,
    },
    /// Delete a client and revoke everything it was issued
    Delete {
        /// The client's id
        id: ClientId,
    },
    /// Generate a new secret; the old one stops working
    RotateSecret {
        /// The client's id
        id: ClientId,
    },
    /// Disable a client: it cannot authenticate, and nothing it was issued works
    Disable {
        /// The client's id
        id: ClientId,
    },
    /// Enable a disabled client again
    Enable {
        /// The client's id
        id: ClientId,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Its client_id; generated if not given
    #[arg(long)]
    id: Option<ClientId>,
    /// How it authenticates; private_key_jwt needs --jwks or --jwks-uri, none makes a public client
    #[arg(long, value_enum, default_value_t = AuthMethod::ClientSecretBasic)]
    auth_method: AuthMethod,
    /// Read a secret of your own from standard input instead of generating one
    #[arg(long)]
    secret_stdin: bool,
    #[command(flatten)]
    details: Details,
}

/// What can be given at registration and changed later.
#[derive(Debug, Clone, Args)]
pub(super) struct Details {
    /// The name users see; empty for none
    #[arg(long)]
    name: Option<String>,
    /// Where users may be sent back to; repeat for several
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<RedirectUri>,
    /// Where users may be sent after logout; repeat for several
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<RedirectUri>,
    #[command(flatten)]
    logout: Logout,
    /// A grant type it may use; repeat for several. A new client gets authorization_code if none is given
    #[arg(long = "grant", value_name = "GRANT_TYPE", value_parser = grant_types())]
    grants: Vec<GrantType>,
    /// What it may ask for, separated by spaces. A new client of the authorization_code or
    /// device_code grant gets "openid profile email" if it is not given, any other client nothing
    #[arg(long)]
    scope: Option<Scope>,
    #[command(flatten)]
    resources: resources::Resources,
    /// A picture of it; https, or empty for none
    #[arg(long, value_name = "URL")]
    logo_uri: Option<String>,
    /// Its privacy policy; https, or empty for none
    #[arg(long, value_name = "URL")]
    policy_uri: Option<String>,
    /// Its terms of service; https, or empty for none
    #[arg(long, value_name = "URL")]
    tos_uri: Option<String>,
    #[command(flatten)]
    signatures: signatures::Signatures,
    #[command(flatten)]
    authentication_defaults: authentication_defaults::Defaults,
    #[command(flatten)]
    subject: subject::Subject,
    #[command(flatten)]
    keys: keys::Keys,
    /// Its access tokens are opaque instead of JWTs: every API has to introspect them
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    opaque_access_tokens: Option<bool>,
    /// It is ours: users are not asked for consent
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    first_party: Option<bool>,
    /// It is a resource server: it may introspect every access token
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    resource_server: Option<bool>,
    /// It is a tool of yours: its own tokens, and those it gets for administrators, open the administrative API
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    administrative: Option<bool>,
    /// It has to push its authorization requests (RFC 9126)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    require_par: Option<bool>,
    /// It has to use PKCE where the policy leaves that to the client (the default)
    #[arg(long)]
    require_pkce: bool,
    /// It may go without PKCE where the policy leaves that to the client; not for public clients
    #[arg(long, conflicts_with = "require_pkce")]
    no_require_pkce: bool,
}

fn grant_types() -> impl TypedValueParser<Value = GrantType> {
    PossibleValuesParser::new(GrantType::ALL.map(GrantType::as_str))
        .try_map(|grant| grant.parse::<GrantType>())
}

/// Does what the command says.
pub(super) async fn run(command: Command, operator: &Operator) -> anyhow::Result<Answer> {
    let clients = &operator.clients;
    let actor = Actor::CommandLine;
    let client = match command {
        Command::Create(create) => {
            let (client, secret) = clients.create(create.into_client()?, actor).await?;
            return Ok(Answer::one(&RegistrationDocument::for_operator(&client, secret.as_ref()))?);
        }
        Command::RotateSecret { id } => {
            let (client, secret) = clients.rotate_secret(&id, actor).await?;
            return Ok(Answer::one(&RegistrationDocument::for_operator(&client, Some(&secret)))?);
        }
        Command::List => return list::answer(operator).await,
        Command::Delete { id } => {
            clients.delete(&id, actor).await?;
            let facts = json!({"client_id": id, "deleted": true});
            return Ok(Answer::new(format!("the client {id} is deleted"), &facts)?);
        }
        Command::Show { id } => clients.show(&id).await?,
        Command::Update { id, details } => {
            clients.update(&id, |client| details.clone().apply(client), actor).await?
        }
        Command::Disable { id } => clients.set_enabled(&id, false, actor).await?,
        Command::Enable { id } => clients.set_enabled(&id, true, actor).await?,
    };
    Ok(Answer::one(&RegistrationDocument::for_operator(&client, None))?)
}

impl Create {
    fn into_client(self) -> anyhow::Result<NewClient> {
        let secret = self.secret_stdin.then(|| standard_input::secret("client secret")).transpose()?;
        let details = self.details;
        let grant_types: BTreeSet<GrantType> = match details.grants.as_slice() {
            [] => [GrantType::AuthorizationCode].into(),
            given => given.iter().copied().collect(),
        };
        let scope = details.scope.unwrap_or_else(|| default_scope(&grant_types));
        let (authentication, request_keys) = self.auth_method.credential(details.keys.source())?;
        let request_objects =
            details.keys.onto(RequestObjects { keys: request_keys, ..RequestObjects::default() });
        Ok(NewClient {
            id: self.id,
            name: details.name.filter(|name| !name.is_empty()),
            authentication,
            secret,
            redirect_uris: details.redirect_uris,
            post_logout_redirect_uris: details.post_logout_redirect_uris,
            logout: details.logout.onto(LogoutChannels::default()),
            grant_types,
            scope,
            resources: details.resources.of_a_new_client(),
            links: Links {
                logo: details.logo_uri.filter(|uri| !uri.is_empty()),
                policy: details.policy_uri.filter(|uri| !uri.is_empty()),
                tos: details.tos_uri.filter(|uri| !uri.is_empty()),
            },
            subject: details.subject.onto(SubjectChoice::default()),
            id_token_signed_response_alg: details.signatures.of_id_tokens(SigningAlgorithm::Rs256),
            userinfo_signed_response_alg: details.signatures.of_userinfo(None),
            authentication_defaults: details.authentication_defaults.onto(AuthenticationDefaults::default()),
            request_objects,
            access_token_format: format(details.opaque_access_tokens.unwrap_or(false)),
            marks: Marks {
                first_party: details.first_party.unwrap_or(false),
                resource_server: details.resource_server.unwrap_or(false),
                administrative: details.administrative.unwrap_or(false),
                require_pkce: !details.no_require_pkce,
                require_pushed_authorization_requests: details.require_par.unwrap_or(false),
            },
        })
    }
}

impl Details {
    fn apply(self, client: &mut Client) {
        replace_text(&mut client.name, self.name);
        replace_text(&mut client.logo_uri, self.logo_uri);
        replace_text(&mut client.policy_uri, self.policy_uri);
        replace_text(&mut client.tos_uri, self.tos_uri);
        if !self.redirect_uris.is_empty() {
            client.redirect_uris = self.redirect_uris;
        }
        if !self.post_logout_redirect_uris.is_empty() {
            client.post_logout_redirect_uris = self.post_logout_redirect_uris;
        }
        client.logout = self.logout.onto(client.logout.clone());
        if !self.grants.is_empty() {
            client.grant_types = self.grants.into_iter().collect();
        }
        replace(&mut client.scope, self.scope);
        self.resources.apply(&mut client.resources);
        client.subject = self.subject.onto(client.subject.clone());
        client.id_token_signed_response_alg =
            self.signatures.of_id_tokens(client.id_token_signed_response_alg);
        client.userinfo_signed_response_alg =
            self.signatures.of_userinfo(client.userinfo_signed_response_alg);
        client.authentication_defaults =
            self.authentication_defaults.onto(client.authentication_defaults.clone());
        self.keys.apply(client);
        replace(&mut client.access_token_format, self.opaque_access_tokens.map(format));
        replace(&mut client.first_party, self.first_party);
        replace(&mut client.resource_server, self.resource_server);
        replace(&mut client.administrative, self.administrative);
        replace(&mut client.require_pushed_authorization_requests, self.require_par);
        client.require_pkce = (client.require_pkce || self.require_pkce) && !self.no_require_pkce;
    }
}

const fn format(opaque: bool) -> AccessTokenFormat {
    if opaque { AccessTokenFormat::Opaque } else { AccessTokenFormat::Jwt }
}

fn replace<T>(kept: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *kept = given;
    }
}

/// An empty text removes what was kept.
fn replace_text(kept: &mut Option<String>, given: Option<String>) {
    replace(kept, given.map(|text| (!text.is_empty()).then_some(text)));
}

#[cfg(test)]
mod tests;
