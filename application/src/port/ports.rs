//! Every port, as one value.

use std::ops::Deref;
use std::sync::Arc;

use super::{
    Clock, Computations, Entropy, FetchedDocuments, Logos, LogoutReceivers, MailSender, Passwords, Stores,
};

/// Everything the application needs from outside. A port of a store is reached directly: `ports.users`.
#[derive(Clone)]
pub struct Ports {
    /// The stores.
    pub stores: Stores,
    /// Hashes and verifies passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Runs long computations.
    pub computations: Arc<dyn Computations>,
    /// Fetches the key sets and sector identifiers of clients.
    pub fetched_documents: Arc<dyn FetchedDocuments>,
    /// Fetches the request objects of clients.
    pub request_documents: Arc<dyn FetchedDocuments>,
    /// The logos of clients.
    pub logos: Arc<dyn Logos>,
    /// Delivers logout tokens to clients.
    pub logout_receivers: Arc<dyn LogoutReceivers>,
    /// The operator's server for mails, if mail is set up.
    pub mail_sender: Option<Arc<dyn MailSender>>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws random bytes.
    pub entropy: Arc<dyn Entropy>,
}

impl Deref for Ports {
    type Target = Stores;

    fn deref(&self) -> &Stores {
        &self.stores
    }
}
