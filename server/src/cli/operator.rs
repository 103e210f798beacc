//! The use cases of the commands. They work while a server runs, and without one.

use std::sync::Arc;

use adapters_http::outbound::OutboundClient;
use anyhow::bail;
use application::Settings;
use application::client::administration::ClientAdministration;
use application::client::initial_access_tokens::InitialAccessTokenAdministration;
use application::keys::Keys;
use application::refusals::Explanations;
use application::resource::servers::ResourceAdministration;
use application::users::UserAdministration;
use application::users::factors::FactorAdministration;
use application::users::groups::GroupAdministration;
use application::users::links::UserLinks;
use application::users::mail::MailWriter;
use domain::{Client, SigningAlgorithm};

use crate::compose::{self, Data};
use crate::config::{Config, DatabaseUrl};
use crate::key_file;

/// A command is another process than the server.
pub(super) fn require_database(url: &DatabaseUrl) -> anyhow::Result<()> {
    if *url == DatabaseUrl::Memory {
        bail!(
            "the database URL is memory:, which exists only inside the server process; \
             set OAUTH2_DATABASE_URL to a PostgreSQL or SQLite database and restart the server"
        );
    }
    Ok(())
}

/// The use cases of an operator, with the configured database.
pub(super) struct Operator {
    config: Config,
    pub(super) data: Data,
    pub(super) settings: Arc<Settings>,
    pub(super) clients: ClientAdministration,
    pub(super) users: UserAdministration,
    pub(super) links: UserLinks,
    pub(super) factors: FactorAdministration,
    pub(super) groups: GroupAdministration,
    pub(super) registration_tokens: InitialAccessTokenAdministration,
    pub(super) resources: ResourceAdministration,
    pub(super) explanations: Explanations,
}

impl Operator {
    /// Runs `command` with the configured database. It updates the schema first: an operator may create a client before
    /// the first `serve`.
    pub(super) async fn run<T>(
        config: Config,
        command: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        require_database(&config.database_url)?;
        let data = Data::open(&config.database_url, OutboundClient::new(config.outbound())?).await?;
        let data = data.with_mail(config.smtp()?);
        let settings = Arc::new(config.settings());
        let mail = mail_writer(&config, &data, &settings);
        let operator = Self {
            clients: compose::client_administration(&data.ports, &settings, None),
            users: compose::user_administration(&data.ports, &settings, mail.clone()),
            links: compose::user_links(&data.ports, &settings, mail.clone()),
            factors: compose::factor_administration(&data.ports, &settings, mail),
            groups: compose::group_administration(&data.ports, &settings),
            registration_tokens: compose::registration_tokens(&data.ports, &settings),
            resources: compose::resource_servers(&data.ports, &settings),
            explanations: compose::explanations(&data.ports, &settings, None),
            data,
            settings,
            config,
        };
        let answer = command(&operator).await;
        operator.data.close().await;
        answer
    }

    /// Makes the keys that the client is answered with, if there are none of their algorithms yet. A server that has the
    /// encryption key makes them when they are first needed, if this process cannot.
    pub(super) async fn install_keys_for(&self, client: &Client) {
        let installed = async {
            let kept = self.data.ports.signing_keys.all().await?;
            let mut needed = client.signing_algorithms().into_iter();
            if needed.all(|algorithm| {
                algorithm == SigningAlgorithm::Rs256 || kept.iter().any(|key| key.algorithm == algorithm)
            }) {
                return Ok(());
            }
            anyhow::Ok(self.keys().await?.install_for(client).await?)
        };
        if let Err(reason) = installed.await {
            tracing::warn!(%reason, "no signing key was made for the client; the server makes it when it is first needed");
        }
    }

    /// The signing keys, which this function makes if there are none. Other commands need no encryption key.
    pub(super) async fn keys(&self) -> anyhow::Result<Arc<Keys>> {
        let (configured, database) = (self.config.encryption_key.as_ref(), &self.config.database_url);
        let sealing_key = key_file::obtain(configured, database)?.sealing_key()?;
        let keys = compose::keys(&self.data.ports, &self.settings, sealing_key);
        keys.install().await?;
        Ok(keys)
    }
}

/// The mail writer, if mail is set up. The running server sends them. Commands need no encryption key for anything else, so without
/// it they still work, and log that they send no mails.
fn mail_writer(config: &Config, data: &Data, settings: &Arc<Settings>) -> Option<Arc<MailWriter>> {
    data.ports.mail_sender.as_ref()?;
    let key = || {
        let key = key_file::obtain(config.encryption_key.as_ref(), &config.database_url)?;
        anyhow::Ok(key.sealing_key()?)
    };
    match key() {
        Ok(key) => compose::mail_writer(&data.ports, settings, &Arc::new(key)),
        Err(reason) => {
            tracing::warn!(%reason, "this command sends no mails");
            None
        }
    }
}
