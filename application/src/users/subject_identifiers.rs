//! Subject identifiers: the `sub` by which a client knows a user (OpenID Connect Core §8, §8.1).
//!
//! A pairwise `sub` is an HMAC of the client's sector and the user's id. Its key is random, made once, sealed, and kept in
//! the database. So every node computes the same `sub`, rotating the signing keys does not change it, and an export
//! carries the key along.
//!
//! See docs/decisions/groups-and-claims.md.

use std::sync::Arc;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::subject::{Naming, Sector, SubjectIdentifier};
use domain::{Client, UserId, subject::NoSector};
use tokio::sync::OnceCell;

use crate::context::Context;
use crate::error::{Error, broken_key};
use crate::keys::sealing::SealingKey;
use crate::port::{ServerSecrets, Unavailable};

/// The name that the key is kept under, and the context it is sealed for.
const PAIRWISE_KEY: &str = "pairwise subject key";

/// Makes the subject identifiers of users.
pub struct SubjectIdentifiers {
    /// Where the sealed key is kept.
    pub secrets: Arc<dyn ServerSecrets>,
    /// Seals the key.
    pub sealing_key: Arc<SealingKey>,
    /// Entropy, when the key is made.
    pub context: Context,
    /// The key, once this process has read it. It never changes.
    pub key: PairwiseKey,
}

/// The key of pairwise subject identifiers, read when it is first needed.
#[derive(Default)]
pub struct PairwiseKey(OnceCell<Arc<Key>>);

/// The subject identifiers that one client sees.
#[derive(Clone)]
pub enum ClientSubjects {
    /// The same as every other client with public subject identifiers.
    Public,
    /// The same as the other clients of its sector only.
    Pairwise {
        /// The server's key.
        key: Arc<Key>,
        /// The client's sector.
        sector: Sector,
    },
}

impl SubjectIdentifiers {
    /// The subject identifiers that `client` sees, as it is registered now.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the key cannot be read, or opened with this server's encryption key. Only a client
    /// with pairwise subject identifiers needs it.
    pub async fn for_client(&self, client: &Client) -> Result<ClientSubjects, Error> {
        self.for_naming(&naming_of(client)?).await
    }

    /// The subject identifiers in a grant with this naming.
    ///
    /// # Errors
    /// As [`for_client`](Self::for_client).
    pub async fn for_naming(&self, naming: &Naming) -> Result<ClientSubjects, Error> {
        match naming {
            Naming::Public => Ok(ClientSubjects::Public),
            Naming::Pairwise(sector) => {
                Ok(ClientSubjects::Pairwise { key: self.key().await?, sector: sector.clone() })
            }
        }
    }

    async fn key(&self) -> Result<Arc<Key>, Error> {
        self.key.0.get_or_try_init(|| self.load()).await.cloned()
    }

    async fn load(&self) -> Result<Arc<Key>, Error> {
        let sealed = match self.secrets.find(PAIRWISE_KEY).await? {
            Some(sealed) => sealed,
            None => {
                let new: [u8; 32] = self.context.entropy.bytes();
                let new = self.sealing_key.seal(PAIRWISE_KEY, &new).map_err(|error| broken_key(&error))?;
                // If another node was first, its key counts.
                self.secrets.keep_first(PAIRWISE_KEY, &new).await?
            }
        };
        let opened = self.sealing_key.open(PAIRWISE_KEY, &sealed).map_err(|_| Unavailable {
            component: "keys",
            reason: "the key of pairwise subject identifiers cannot be opened with this encryption key"
                .to_owned(),
        })?;
        Ok(Arc::new(Key::new(HMAC_SHA256, &opened)))
    }
}

impl ClientSubjects {
    /// The `sub` of a user.
    #[must_use]
    pub fn subject_for(&self, user: UserId) -> SubjectIdentifier {
        let Self::Pairwise { key, sector } = self else {
            return SubjectIdentifier::public(user);
        };
        // The user's id always has 16 bytes, so two different pairs never make the same message.
        let message = [sector.label().as_bytes(), user.as_uuid().as_bytes()].concat();
        let tag = sign(key, &message);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&tag.as_ref()[..16]);
        SubjectIdentifier::pairwise(bytes)
    }

    /// The `sid` of a session. If all clients saw the same one, clients of different sectors could tell that they have the
    /// same user.
    #[must_use]
    pub fn sid_for(&self, sid: &str) -> String {
        let Self::Pairwise { key, sector } = self else {
            return sid.to_owned();
        };
        // A label has no space, so this is never the message of a subject identifier.
        let message = format!("sid {} {sid}", sector.label());
        URL_SAFE_NO_PAD.encode(sign(key, message.as_bytes()))
    }
}

/// How the next grants of `client` name users.
///
/// # Errors
/// [`Error::Unavailable`] if the client has no sector.
pub fn naming_of(client: &Client) -> Result<Naming, Error> {
    client.naming().map_err(|reason| unusable(client, reason))
}

/// A registration is checked before it is kept, so this is a client that was written to the store by other means.
fn unusable(client: &Client, reason: NoSector) -> Error {
    let reason = format!("the client {} has no sector: {reason}", client.id);
    Unavailable { component: "clients", reason }.into()
}
