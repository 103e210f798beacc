//! A connection's place in the budget, and what the requests under way on it hold.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use http::HeaderMap;
use ipnet::IpNet;

use super::activity::Activity;
use super::books::{Account, Budget, network};

/// What a place includes of the head and the body of its only request.
const INCLUDED_BYTES: usize = 4 * 1024;
/// What a request costs beside another one on the same connection, or behind a proxy: its task and its answer.
const REQUEST_BYTES: usize = 8 * 1024;
/// What a header costs beside its text.
const HEADER_BYTES: usize = 112;
/// Received bytes are entered in steps of this size.
const STEP_BYTES: usize = 4 * 1024;

/// There is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// A connection's place. It gives everything back when it is dropped.
pub(crate) struct Place {
    budget: Arc<Budget>,
    account: Account,
    activity: Arc<Activity>,
    /// What the connection has received since its last request.
    received: AtomicUsize,
    /// What was entered for that: the buffers stay as large as they have become.
    entered: AtomicUsize,
}

impl Place {
    /// A place for a connection of this peer, if there is one.
    pub(crate) fn take(budget: &Arc<Budget>, peer: IpAddr) -> Option<Arc<Self>> {
        let activity = Arc::new(Activity::new(budget.now()));
        let account = budget.open(peer, &activity)?;
        let (received, entered) = (AtomicUsize::new(0), AtomicUsize::new(INCLUDED_BYTES));
        Some(Arc::new(Self { budget: Arc::clone(budget), account, activity, received, entered }))
    }

    /// The proxies whose reports of addresses count.
    pub(crate) fn trusted_proxies(&self) -> &[IpNet] {
        self.budget.trusted_proxies()
    }

    /// Completes when the connection has to make room.
    pub(crate) async fn closed(&self) {
        self.activity.closed.notified().await;
    }

    /// Whether a request of the connection was refused.
    pub(crate) fn is_shed(&self) -> bool {
        self.activity.is_shed.load(Ordering::Relaxed)
    }

    /// Completes when a request of the connection was refused.
    pub(crate) async fn shed(&self) {
        self.activity.shed.notified().await;
    }

    /// Enters bytes for as long as the connection lasts.
    pub(crate) fn keeps(&self, bytes: usize) -> Result<(), Full> {
        if self.budget.take(self.account, bytes) { Ok(()) } else { Err(Full) }
    }

    /// Enters what the connection has received, up to the size that its buffer can have.
    pub(crate) fn receives(&self, bytes: usize, most: usize) -> Result<(), Full> {
        let received = (self.received.fetch_add(bytes, Ordering::Relaxed) + bytes).min(most);
        let entered = self.entered.load(Ordering::Relaxed);
        if received <= entered {
            return Ok(());
        }
        let missing = (received - entered).next_multiple_of(STEP_BYTES);
        self.entered.store(entered + missing, Ordering::Relaxed);
        self.keeps(missing)
    }

    /// Begins a request, before the server does any work for it. `client` is the address that a trusted proxy names.
    pub(crate) fn begin(
        self: &Arc<Self>,
        client: Option<IpAddr>,
        target_length: usize,
        headers: &HeaderMap,
    ) -> Result<Arc<UnderWay>, Full> {
        self.received.store(0, Ordering::Relaxed);
        let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            name.as_str().len() + value.len() + HEADER_BYTES
        };
        let head = target_length + headers.iter().map(text).sum::<usize>();
        let is_only = self.activity.working.fetch_add(1, Ordering::SeqCst) == 0;
        let account =
            client.map_or(self.account, |client| Account { address: network(client), connection: None });
        let is_included = is_only && client.is_none();
        let (held, included) = if is_included {
            (head.saturating_sub(INCLUDED_BYTES), INCLUDED_BYTES.saturating_sub(head))
        } else {
            (REQUEST_BYTES + head, 0)
        };
        let under_way = UnderWay {
            place: Arc::clone(self),
            account,
            held: AtomicUsize::new(0),
            included: AtomicUsize::new(included),
            is_answered: AtomicBool::new(false),
        };
        if self.activity.is_closed() {
            return Err(Full);
        }
        under_way.enter(held).inspect_err(|Full| {
            // A proxy's connection has requests of others too.
            if client.is_none() {
                self.activity.is_shed.store(true, Ordering::Relaxed);
                self.activity.shed.notify_one();
            }
        })?;
        Ok(Arc::new(under_way))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.budget.leave(self.account);
    }
}

/// The memory of a request under way, which is released on drop.
pub(crate) struct UnderWay {
    place: Arc<Place>,
    account: Account,
    held: AtomicUsize,
    included: AtomicUsize,
    is_answered: AtomicBool,
}

impl UnderWay {
    /// Enters bytes of the body before they are kept.
    pub(crate) fn keeps(&self, bytes: usize) -> Result<(), Full> {
        let included = self.included.load(Ordering::Relaxed);
        self.included.store(included.saturating_sub(bytes), Ordering::Relaxed);
        self.enter(bytes.saturating_sub(included))
    }

    fn enter(&self, bytes: usize) -> Result<(), Full> {
        if bytes > 0 && !self.place.budget.take(self.account, bytes) {
            return Err(Full);
        }
        self.held.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    /// The answer is ready. From now on the request waits for its peer to take it.
    pub(crate) fn is_answered(&self) {
        if !self.is_answered.swap(true, Ordering::Relaxed) {
            self.rests();
        }
    }

    /// While this lives, the request waits for its peer.
    pub(crate) fn waits(&self) -> Waiting<'_> {
        self.rests();
        Waiting(self)
    }

    fn rests(&self) {
        let activity = &self.place.activity;
        activity.waiting_since.store(self.place.budget.now(), Ordering::Relaxed);
        activity.working.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.is_answered();
        let held = *self.held.get_mut();
        if held > 0 {
            self.place.budget.give(self.account, held);
        }
    }
}

/// A request that waits for the rest of its body.
pub(crate) struct Waiting<'a>(&'a UnderWay);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.place.activity.working.fetch_add(1, Ordering::Relaxed);
    }
}
