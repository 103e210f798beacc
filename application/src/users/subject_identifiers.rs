//! By which name a client is told of a user: `sub` (OpenID Connect Core §8, §8.1).
//!
//! A pairwise name is an HMAC of sector and user under a key of its own: random, made once, sealed and kept with the
//! data. So every node computes the same, no rotation of signing keys changes it, and it moves with the data.
//!
//! See docs/decisions/subject-identifiers.md.

use std::sync::Arc;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::subject::{Sector, SubjectIdentifier};
use domain::{Client, UserId, subject::NoSector};
use tokio::sync::OnceCell;

use crate::error::{Error, broken_key};
use crate::keys::sealing::SealingKey;
use crate::port::{Entropy, ServerSecrets, Unavailable};

/// What the key is kept as, and what it is sealed for.
const PAIRWISE_KEY: &str = "pairwise subject key";

/// Names users to clients.
pub struct SubjectIdentifiers {
    /// Where the key is kept.
    pub secrets: Arc<dyn ServerSecrets>,
    /// What encrypts it there.
    pub sealing_key: Arc<SealingKey>,
    /// For the key, once.
    pub entropy: Arc<dyn Entropy>,
    /// The key, once this process has read it. It never changes.
    pub key: PairwiseKey,
}

/// The key of pairwise names, read when it is first needed.
#[derive(Default)]
pub struct PairwiseKey(OnceCell<Arc<Key>>);

/// How one client names users.
#[derive(Clone)]
pub enum Naming {
    /// As every other client with public subjects.
    Public,
    /// As every other client of its sector, and no one else.
    Pairwise {
        /// The server's key.
        key: Arc<Key>,
        /// The client's sector.
        sector: Sector,
    },
}

impl SubjectIdentifiers {
    /// How `client`, as it is registered now, names users.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the key cannot be read, or opened with this server's encryption key. Only a client
    /// with pairwise subjects needs it.
    pub async fn of(&self, client: &Client) -> Result<Naming, Error> {
        let sector = client.subject.sector(&client.id, &client.redirect_uris);
        match sector.map_err(|reason| unusable(client, reason))? {
            None => Ok(Naming::Public),
            Some(sector) => Ok(Naming::Pairwise { key: self.key().await?, sector }),
        }
    }

    async fn key(&self) -> Result<Arc<Key>, Error> {
        self.key.0.get_or_try_init(|| self.load()).await.cloned()
    }

    async fn load(&self) -> Result<Arc<Key>, Error> {
        let sealed = match self.secrets.find(PAIRWISE_KEY).await? {
            Some(sealed) => sealed,
            None => {
                let new: [u8; 32] = self.entropy.bytes();
                let new = self.sealing_key.seal(PAIRWISE_KEY, &new).map_err(|error| broken_key(&error))?;
                // Another node may have been first: then it is that one's.
                self.secrets.keep_first(PAIRWISE_KEY, &new).await?
            }
        };
        let opened = self.sealing_key.open(PAIRWISE_KEY, &sealed).map_err(|_| Unavailable {
            component: "keys",
            reason: "the key of pairwise subjects cannot be opened with this encryption key".to_owned(),
        })?;
        Ok(Arc::new(Key::new(HMAC_SHA256, &opened)))
    }
}

impl Naming {
    /// The `sub` of this user.
    #[must_use]
    pub fn of(&self, user: UserId) -> SubjectIdentifier {
        let Self::Pairwise { key, sector } = self else {
            return SubjectIdentifier::public(user);
        };
        // The user's id is always 16 bytes, so no two pairs make one message.
        let message = [sector.label().as_bytes(), user.as_uuid().as_bytes()].concat();
        let tag = sign(key, &message);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&tag.as_ref()[..16]);
        SubjectIdentifier::pairwise(bytes)
    }

    /// The `sid` of a session. One that all clients shared would tell clients of different sectors that their users
    /// are the same.
    #[must_use]
    pub fn sid(&self, sid: &str) -> String {
        let Self::Pairwise { key, sector } = self else {
            return sid.to_owned();
        };
        // No label has a space, and no message of a name begins so.
        let message = format!("sid {} {sid}", sector.label());
        URL_SAFE_NO_PAD.encode(sign(key, message.as_bytes()))
    }
}

/// A registration is checked before it is kept; one that was not is nobody's to name users to.
fn unusable(client: &Client, reason: NoSector) -> Error {
    let reason = format!("the client {} has no sector: {reason}", client.id);
    Unavailable { component: "clients", reason }.into()
}
