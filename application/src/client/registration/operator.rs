//! Registration by an operator: the same documents (RFC 7591 §2), with members of this server's own, and without the
//! limits of clients that register themselves.

use std::collections::BTreeSet;

use domain::client::{AccessTokenFormat, ClientAuthentication, ClientResources, StoredSecret};
use domain::{Actor, Client, ClientId, GrantType, ResourceIdentifier, Scope, Secret};

use super::document::Document;
use super::metadata::{Metadata, Registrant};
use super::{allowance, client};
use crate::client::administration::{ClientAdministration, ClientAdministrationError, Marks, default_scope};
use crate::client::document::RegistrationDocument;
use crate::error::Refusal;

/// What an operator says of a client.
struct Said {
    metadata: Metadata,
    grant_types: BTreeSet<GrantType>,
    access_token_format: AccessTokenFormat,
    marks: Marks,
    resources: ClientResources,
}

impl ClientAdministration {
    /// Registers the client of a document. `client_id` and `client_secret` may be chosen; a generated secret is in the
    /// answer, and nowhere else.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is registered.
    pub async fn register(
        &self,
        document: &Document,
        actor: Actor,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        let id = match document.text("client_id")? {
            Some(id) => id.parse().map_err(|reason| wrong(format!("client_id: {reason}")))?,
            None => ClientId::from_random(self.entropy.bytes()),
        };
        let chosen = document.text("client_secret")?.map(Secret::from);
        let said = Said::read(document)?;
        self.check_chosen(chosen.as_ref(), said.metadata.authentication.as_ref())?;
        let (authentication, secret) =
            self.authentication(said.metadata.authentication.clone(), chosen).await?;
        let empty = client::empty(id, true, self.clock.now());
        let client = Client { authentication, ..said.of(empty) };
        self.check_registration(&client)?;
        self.check_new_resources(&ClientResources::default(), &client.resources).await?;
        self.insert(client, actor).await.map(|client| (client, secret))
    }

    /// Replaces the registration of a client by that of a document: what is not in it has its default. Its secret
    /// stays; a client that gets its first one finds it in the answer.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is changed.
    pub async fn replace(
        &self,
        id: &ClientId,
        document: &Document,
        actor: Actor,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        confirm(id, document)?;
        let secret = Secret::from_random(self.entropy.bytes());
        let replaced = self.amend(id, actor, "client.update", |client| {
            *client = Said::read(document)?.over(client, &secret);
            self.check_registration(client)
        });
        Ok(with_first_secret(replaced.await?, secret))
    }

    /// Changes a registration: a member that is in the document replaces the one it has, `null` removes it
    /// (RFC 7396), everything else stays.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is changed.
    pub async fn patch(
        &self,
        id: &ClientId,
        document: &Document,
        actor: Actor,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        confirm(id, document)?;
        let secret = Secret::from_random(self.entropy.bytes());
        let patched = self.amend(id, actor, "client.update", |client| {
            let scope = (!document.names("scope")).then(|| client.scope.clone());
            let whole = document.over(&RegistrationDocument::for_operator(client, None))?;
            let patched = Said::read(&whole)?.over(client, &secret);
            let scope: Scope = scope.unwrap_or_else(|| patched.scope.clone());
            *client = Client { scope, ..patched };
            self.check_registration(client)
        });
        Ok(with_first_secret(patched.await?, secret))
    }
}

impl Said {
    fn read(document: &Document) -> Result<Self, Refusal> {
        let metadata = Metadata::read(document, Registrant::Operator)?;
        let grant_types = metadata
            .grant_types
            .iter()
            .map(|text| {
                text.parse().map_err(|_| wrong("grant_types names one that this server does not have"))
            })
            .collect::<Result<_, _>>()?;
        allowance::check(&metadata, &grant_types)?;
        let access_token_format = match document.text("access_token_format")? {
            None | Some("jwt") => AccessTokenFormat::Jwt,
            Some("opaque") => AccessTokenFormat::Opaque,
            Some(_) => return Err(wrong("access_token_format must be jwt or opaque")),
        };
        let marked = |name| Ok::<_, Refusal>(document.flag(name)?.unwrap_or(false));
        let marks = Marks {
            first_party: marked("first_party")?,
            resource_server: marked("resource_server")?,
            administrative: marked("administrative")?,
            require_pkce: document.flag("require_pkce")?.unwrap_or(true),
            require_pushed_authorization_requests: marked("require_pushed_authorization_requests")?,
        };
        let identifier = |name: &str, text: &str| -> Result<ResourceIdentifier, Refusal> {
            text.parse().map_err(|reason| wrong(format!("{name}: {reason}")))
        };
        let allowed = document.texts("resources")?.unwrap_or_default();
        let allowed =
            allowed.into_iter().map(|text| identifier("resources", text)).collect::<Result<_, _>>()?;
        let default = document.text("default_resource")?;
        let default = default.map(|text| identifier("default_resource", text)).transpose()?;
        let resources = ClientResources { allowed, default };
        Ok(Self { metadata, grant_types, access_token_format, marks, resources })
    }

    /// `client` as it is said to be; how it authenticates stays.
    fn of(self, client: Client) -> Client {
        let scope = self.metadata.scope.clone().unwrap_or_else(|| default_scope(&self.grant_types));
        let own = client.registration.as_ref().map(|own| (own.token, own.limits.clone()));
        let allowance = allowance::Allowance { grant_types: self.grant_types, scope };
        Client {
            access_token_format: self.access_token_format,
            require_pkce: self.marks.require_pkce,
            require_pushed_authorization_requests: self.marks.require_pushed_authorization_requests,
            first_party: self.marks.first_party,
            resource_server: self.marks.resource_server,
            administrative: self.marks.administrative,
            resources: self.resources,
            ..client::filled(client, self.metadata, allowance, own)
        }
    }

    /// `client` as it is said to be, with `secret` if it needs one and has none.
    fn over(self, client: &Client, secret: &Secret) -> Client {
        let credential = self.metadata.authentication.clone();
        let (authentication, _) = client::authentication(client, credential, || secret.clone());
        Client { authentication, ..self.of(client.clone()) }
    }
}

/// A document may repeat whose it is. A secret is not said but generated.
fn confirm(id: &ClientId, document: &Document) -> Result<(), Refusal> {
    if document.text("client_id")?.is_some_and(|said| said != id.as_str()) {
        return Err(wrong("client_id is not the one of this registration"));
    }
    if document.names("client_secret") {
        return Err(wrong("client_secret is not changed here but by rotate-secret"));
    }
    Ok(())
}

fn with_first_secret(client: Client, secret: Secret) -> (Client, Option<Secret>) {
    let is_new = matches!(
        &client.authentication,
        ClientAuthentication::Secret { secret: StoredSecret::Generated(digest), .. } if *digest == secret.digest()
    );
    (client, is_new.then_some(secret))
}

fn wrong(description: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::invalid_client_metadata(description)
}
