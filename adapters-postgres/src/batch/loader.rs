//! The trait that the caller of this module implements: it loads many keys with one round trip.

use std::fmt::Debug;
use std::hash::Hash;

/// How requests for a statement may share a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// It changes nothing: equal requests share a reply, and it may be sent again when the connection was lost.
    LookUp,
    /// A look-up whose requests are also added to the batches of other look-ups.
    Companion,
    /// It changes something: no two requests are merged, and it is sent once.
    Change,
}

/// The requests for one statement in a batch.
#[derive(Debug)]
pub(crate) struct Part<'a, Statement, Key> {
    pub(crate) statement: Statement,
    pub(crate) keys: Vec<&'a Key>,
}

/// The replies to the requests of a batch, in the order of its parts and their keys. None where nothing was found; of a
/// change, where nothing was changed.
pub(crate) type Replies<Reply> = Vec<Option<Reply>>;

/// Loads many keys with one round trip.
pub(crate) trait Loader: Debug + Send + Sync + 'static {
    /// The statement that is sent. Each statement has its own queue.
    type Statement: Debug + Copy + Eq + Send + Sync + 'static;
    /// The key of a request.
    type Key: Debug + Eq + Hash + Send + Sync + 'static;
    /// The reply to a request.
    type Reply: Debug + Clone + Send + Sync + 'static;
    /// Why a batch failed.
    type Error: Debug + Send + Sync + 'static;

    /// How requests for this statement share a batch.
    fn sharing(&self, statement: Self::Statement) -> Sharing;

    /// Loads one part; or a look-up's part and then a companion's.
    fn load(
        &self,
        parts: &[Part<'_, Self::Statement, Self::Key>],
    ) -> impl Future<Output = Result<Replies<Self::Reply>, Self::Error>> + Send;

    /// Whether a batch that failed like this is sent again: nothing can have changed by it.
    fn may_retry(&self, error: &Self::Error, is_change: bool) -> bool;
}
