//! `resource …`: manages the resource servers that clients request access tokens for (RFC 8707, RFC 9728).

use application::resource::servers::{NewResource, ResourceChange};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use domain::client::AccessTokenTyp;
use domain::{Actor, ClientId, Resource, ResourceIdentifier, Scope};
use serde::Serialize;
use serde_json::json;

use super::answer::Answer;
use super::operator::Operator;
use super::pages::{PAGE_SIZE, all};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register a resource server; then allow a client to request it with `client update --resource`, or all clients that
    /// registered themselves with --for-registered-clients
    Create(Create),
    /// Change a resource server: options that are not given stay unchanged; an empty value removes the old one
    Update(Update),
    /// List all resource servers
    List,
    /// Show a resource server
    Show {
        /// Identifier of the resource server; see `resource list`
        id: ResourceIdentifier,
    },
    /// Delete a resource server; first remove it from all clients with `client update`
    Delete {
        /// Identifier of the resource server; see `resource list`
        id: ResourceIdentifier,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Identifier: an https URL. It is the audience (aud) of its access tokens exactly as written here. Requests may write
    /// it in another way: the case of scheme and host, the default port and a slash after the host do not matter
    id: ResourceIdentifier,
    /// Name on the consent page [default: the identifier]
    #[arg(long)]
    name: Option<String>,
    /// Scopes that it declares, separated by spaces. Its metadata lists them, and its access tokens have no others
    /// [default: its access tokens have what an operator gave the client; self-registered clients get no scope there]
    #[arg(long)]
    scope: Option<Scope>,
    /// Scopes of a request that names none, if the client has no default either
    #[arg(long)]
    default_scope: Option<Scope>,
    /// Let every client that registered itself request it, with the scopes that it declares
    #[arg(long)]
    for_registered_clients: bool,
    /// `typ` of its access tokens that are JWTs: at+jwt, or JWT for software that refuses the former, such as Spring Boot
    /// [default: at+jwt]
    #[arg(long, value_name = "TYP")]
    access_token_typ: Option<AccessTokenTyp>,
    /// Documentation for developers, an https URL
    #[arg(long, value_name = "URL")]
    documentation_uri: Option<String>,
    /// Client id that the resource server itself uses; with it, it may introspect its access tokens
    #[arg(long, value_name = "ID")]
    client: Option<ClientId>,
}

#[derive(Debug, Args)]
pub(super) struct Update {
    /// Identifier of the resource server; see `resource list`
    id: ResourceIdentifier,
    /// Name on the consent page; its identifier if empty
    #[arg(long)]
    name: Option<String>,
    /// Scopes that it declares, separated by spaces. New access tokens have no others
    #[arg(long)]
    scope: Option<Scope>,
    /// Scopes of a request that names none, if the client has no default either
    #[arg(long)]
    default_scope: Option<Scope>,
    /// Let every client that registered itself request it, with the scopes that it declares, or no longer (=false)
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    for_registered_clients: Option<bool>,
    /// `typ` of its access tokens that are JWTs: at+jwt, or JWT for software that refuses the former, such as Spring Boot
    #[arg(long, value_name = "TYP")]
    access_token_typ: Option<AccessTokenTyp>,
    /// Documentation for developers, an https URL
    #[arg(long, value_name = "URL")]
    documentation_uri: Option<String>,
    /// Client id that the resource server itself uses; with it, it may introspect its access tokens
    #[arg(long, value_name = "ID")]
    client: Option<String>,
}

/// A resource server in an answer.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    resource: &'a ResourceIdentifier,
    resource_name: &'a str,
    scope: &'a Scope,
    default_scope: &'a Scope,
    for_registered_clients: bool,
    access_token_typ: AccessTokenTyp,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_documentation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    created_at: DateTime<Utc>,
}

/// Runs the command.
pub(super) async fn run(command: Command, operator: &Operator) -> anyhow::Result<Answer> {
    let resources = &operator.resources;
    let resource = match command {
        Command::Create(create) => resources.register(create.into_resource(), Actor::CommandLine).await?,
        Command::Update(update) => {
            let id = update.id.clone();
            resources.update(&id, &update.into_change()?, Actor::CommandLine).await?
        }
        Command::Show { id } => resources.show(&id).await?,
        Command::List => return list(operator).await,
        Command::Delete { id } => {
            resources.delete(&id, Actor::CommandLine).await?;
            let facts = json!({"resource": id, "deleted": true});
            return Ok(Answer::new(format!("the resource {id} is deleted"), &facts)?);
        }
    };
    Ok(Answer::one(&Shown::new(&resource))?)
}

async fn list(operator: &Operator) -> anyhow::Result<Answer> {
    let page = async |last: Option<&Resource>| {
        operator.data.ports.resources.list(last.map(|resource| &resource.id), PAGE_SIZE).await
    };
    let resources = all(page).await?;
    let shown: Vec<_> = resources.iter().map(Shown::new).collect();
    Ok(Answer::several(
        &shown,
        &["resource", "resource_name", "scope", "for_registered_clients", "client_id"],
    )?)
}

impl Create {
    fn into_resource(self) -> NewResource {
        NewResource {
            id: self.id,
            name: self.name.filter(|name| !name.is_empty()),
            scope: self.scope.unwrap_or_default(),
            default_scope: self.default_scope.unwrap_or_default(),
            for_registered_clients: self.for_registered_clients,
            access_token_typ: self.access_token_typ.unwrap_or_default(),
            documentation: self.documentation_uri,
            client: self.client,
        }
    }
}

impl Update {
    fn into_change(self) -> anyhow::Result<ResourceChange> {
        let present = |value: String| Some(value).filter(|value| !value.is_empty());
        let client = self.client.map(|id| present(id).map(|id| id.parse()).transpose());
        Ok(ResourceChange {
            name: self.name,
            scope: self.scope,
            default_scope: self.default_scope,
            for_registered_clients: self.for_registered_clients,
            access_token_typ: self.access_token_typ,
            documentation: self.documentation_uri.map(present),
            client: client.transpose()?,
        })
    }
}

impl<'a> Shown<'a> {
    fn new(resource: &'a Resource) -> Self {
        Self {
            resource: &resource.id,
            resource_name: &resource.name,
            scope: &resource.scope,
            default_scope: &resource.default_scope,
            for_registered_clients: resource.for_registered_clients,
            access_token_typ: resource.access_token_typ,
            resource_documentation: resource.documentation.as_deref(),
            client_id: resource.client.as_ref().map(ClientId::as_str),
            created_at: resource.created_at,
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
        Line::try_parse_from([&["resource"], words].concat()).map(|line| line.command)
    }

    #[test]
    fn a_resource_is_made_of_what_is_given() {
        let Command::Create(create) = parse(&[
            "create",
            "https://api.example/v1",
            "--name=The API",
            "--scope=read write",
            "--default-scope=read",
            "--for-registered-clients",
            "--access-token-typ=JWT",
            "--documentation-uri=https://api.example/docs",
            "--client=api",
        ])
        .unwrap() else {
            panic!("not create")
        };
        let new = create.into_resource();
        assert_eq!(new.id.as_str(), "https://api.example/v1");
        assert_eq!((new.name.as_deref(), new.scope.to_string()), (Some("The API"), "read write".to_owned()));
        assert_eq!((new.default_scope.to_string().as_str(), new.for_registered_clients), ("read", true));
        assert_eq!(new.access_token_typ, AccessTokenTyp::Jwt);
        assert_eq!(new.documentation.as_deref(), Some("https://api.example/docs"));
        assert_eq!(new.client.unwrap().as_str(), "api");
    }

    fn change(words: &[&str]) -> ResourceChange {
        let Command::Update(update) = parse(&[&["update", "https://api.example"], words].concat()).unwrap()
        else {
            panic!("not update")
        };
        update.into_change().unwrap()
    }

    #[test]
    fn an_update_changes_what_is_given_and_an_empty_value_removes() {
        let nothing = change(&[]);
        assert!(nothing.name.is_none() && nothing.scope.is_none() && nothing.default_scope.is_none());
        assert_eq!((nothing.for_registered_clients, nothing.access_token_typ), (None, None));
        assert_eq!((nothing.documentation, nothing.client), (None, None));
        let given = change(&["--for-registered-clients", "--access-token-typ=at+jwt", "--client=api"]);
        assert_eq!(given.for_registered_clients, Some(true));
        assert_eq!(given.access_token_typ, Some(AccessTokenTyp::AtJwt));
        assert_eq!(given.client, Some(Some("api".parse().unwrap())));
        let removed =
            change(&["--scope=", "--documentation-uri=", "--client=", "--for-registered-clients=false"]);
        assert_eq!(removed.scope, Some(Scope::default()));
        assert_eq!((removed.documentation, removed.client), (Some(None), Some(None)));
        assert_eq!(removed.for_registered_clients, Some(false));
        assert_eq!(
            parse(&["create", "https://a.example", "--access-token-typ=jwt"]).unwrap_err().exit_code(),
            2
        );
    }

    #[test]
    fn an_identifier_that_is_no_https_url_is_not_understood() {
        for id in ["api", "http://api.example", "https://api.example#x", "https://api.example/a/../b"] {
            for command in ["create", "show", "delete"] {
                assert_eq!(parse(&[command, id]).unwrap_err().exit_code(), 2, "{command} {id}");
            }
        }
    }
}
