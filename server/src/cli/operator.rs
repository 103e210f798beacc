//! Whoever administers the data from the command line, beside a running server or without one.

use std::sync::Arc;

use adapters_http::outbound::OutboundClient;
use anyhow::bail;
use application::Settings;
use application::client::administration::ClientAdministration;
use application::client::initial_access_tokens::InitialAccessTokenAdministration;
use application::keys::Keys;
use application::resource::servers::ResourceAdministration;
use application::users::UserAdministration;

use super::answer::Answer;
use crate::compose::{self, Data};
use crate::config::{Config, DatabaseUrl};
use crate::encryption_key;

/// The use cases of an operator, on the configured database.
pub(super) struct Operator {
    config: Config,
    pub(super) data: Data,
    pub(super) settings: Arc<Settings>,
    pub(super) clients: ClientAdministration,
    pub(super) people: UserAdministration,
    pub(super) registration_tokens: InitialAccessTokenAdministration,
    pub(super) resources: ResourceAdministration,
}

impl Operator {
    /// Lets an operator `act` on the configured database. It is brought to our schema first, so that a client can be
    /// made before the first `serve`.
    pub(super) async fn on(
        config: Config,
        act: impl AsyncFnOnce(&Self) -> anyhow::Result<Answer>,
    ) -> anyhow::Result<Answer> {
        if config.database_url == DatabaseUrl::Memory {
            bail!(
                "the database URL is memory:, which lives inside one process only; \
                 this command needs a database that the server shares"
            );
        }
        let data = Data::open(&config.database_url, OutboundClient::new(config.outbound())?).await?;
        let settings = Arc::new(config.settings());
        let operator = Self {
            clients: compose::client_registry(&data.ports, settings.clone()),
            people: compose::people(&data.ports, &settings),
            registration_tokens: compose::registration_tokens(&data.ports, settings.clone()),
            resources: compose::resource_servers(&data.ports, &settings),
            data,
            settings,
            config,
        };
        let answer = act(&operator).await;
        operator.data.close().await;
        answer
    }

    /// The signing keys, made if there are none. Only they need the encryption key.
    pub(super) async fn keys(&self) -> anyhow::Result<Arc<Keys>> {
        let (configured, database) = (self.config.encryption_key.as_ref(), &self.config.database_url);
        let sealing_key = encryption_key::obtain(configured, database)?.sealing_key()?;
        let keys = compose::keys(&self.data.ports, &self.settings, sealing_key);
        keys.install().await?;
        Ok(keys)
    }
}
