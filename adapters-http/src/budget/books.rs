//! The books of the budget: how much each address holds, and which connections are closed when room is needed.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ipnet::IpNet;

use super::activity::Activity;

/// What a place costs in bytes: the buffers of a connection, and one request with its answer.
pub(super) const PLACE_BYTES: usize = 16 * 1024;
/// How often shed work is mentioned in the log.
const WARNING_INTERVAL: Duration = Duration::from_secs(10);
/// While closing connections of an address still hold this part of the budget, its other connections get no more memory.
const ENDING: usize = 8;
/// How many connections one address may have, however much memory there is.
const MAX_CONNECTIONS_PER_ADDRESS: usize = 4_096;
/// An address holds little with this part of the budget.
const SMALL: usize = 16;
/// The part of the connections waiting for their peer that is closed at once when room is needed. A scan for each would cost a
/// busy server more than the places that are closed early.
const CLOSED_AT_ONCE: usize = 8;

/// The memory for connections and requests under way.
pub struct Budget {
    bytes: usize,
    trusted_proxies: Vec<IpNet>,
    begun: Instant,
    books: Mutex<Books>,
}

/// How many bytes each address holds.
#[derive(Default)]
pub(super) struct Books {
    pub(super) held: usize,
    pub(super) holders: HashMap<IpAddr, Holder>,
    last_connection: u64,
    warned_at: Option<Instant>,
}

/// The bytes and connections of one address.
#[derive(Default)]
pub(super) struct Holder {
    held: usize,
    /// The bytes of its connections that are being closed. They end within milliseconds, later if the
    /// server is busy.
    ending: usize,
    connections: HashMap<u64, Open>,
}

/// An open connection.
struct Open {
    held: usize,
    /// Set when the budget closes it: the bytes that it held then.
    is_ending: Option<usize>,
    activity: Arc<Activity>,
}

/// Where bytes are entered: the address, and its connection if it is not a request that a proxy passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) address: IpAddr,
    pub(super) connection: Option<u64>,
}

impl Budget {
    /// A budget of this many bytes. The connections of trusted proxies carry the requests of many, so such a proxy may hold
    /// three quarters of what the others leave; what it passes on counts for the address that it names.
    #[must_use]
    pub fn new(bytes: usize, trusted_proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self { bytes, trusted_proxies, begun: Instant::now(), books: Mutex::default() })
    }

    /// Opens an account for a connection; none if its address has reached its limit and none of its connections can be closed.
    pub(super) fn open(&self, peer: IpAddr, activity: &Arc<Activity>) -> Option<Account> {
        let peer = peer.to_canonical();
        let address = if self.is_proxy(peer) { peer } else { network(peer) };
        let mut books = self.books();
        let connections = books.holders.get(&address).map_or(0, |holder| holder.connections.len());
        if connections >= MAX_CONNECTIONS_PER_ADDRESS {
            // They end in a moment, and leave room for the next ones.
            books.close_waiting(address, None, PLACE_BYTES);
            books.warn(address);
            return None;
        }
        books.last_connection += 1;
        let connection = books.last_connection;
        if !self.enter(&mut books, Account { address, connection: None }, PLACE_BYTES) {
            return None;
        }
        let open = Open { held: PLACE_BYTES, is_ending: None, activity: Arc::clone(activity) };
        books.holders.entry(address).or_default().connections.insert(connection, open);
        Some(Account { address, connection: Some(connection) })
    }

    /// Enters bytes before they are kept. `false` if there is no room.
    pub(super) fn take(&self, account: Account, bytes: usize) -> bool {
        self.enter(&mut self.books(), account, bytes)
    }

    /// Gives bytes back.
    pub(super) fn give(&self, account: Account, bytes: usize) {
        self.books().remove(account, bytes);
    }

    /// Removes a connection that has ended.
    pub(super) fn leave(&self, account: Account) {
        if let Some(connection) = account.connection {
            self.books().leave(account.address, connection);
        }
    }

    fn enter(&self, books: &mut Books, account: Account, bytes: usize) -> bool {
        if self.has_room(books, account.address, bytes) {
            return books.add(account, bytes);
        }
        let address = account.address;
        let (own, ending) = books.holders.get(&address).map_or((0, 0), |holder| (holder.held, holder.ending));
        // A new connection costs little, and may be an honest one.
        if account.connection.is_some() && ending > self.bytes / ENDING {
            books.warn(address);
            return false;
        }
        let closes = books.close_waiting(address, account.connection, bytes)
            // Only an address that holds more has to make room for another one, and only for one that holds little, whose share
            // grows by half of that.
            || own + bytes <= self.bytes / SMALL
                && books.heaviest(own).is_some_and(|heaviest| books.close_waiting(heaviest, None, 2 * bytes));
        if closes && self.has_room(books, address, bytes) {
            return books.add(account, bytes);
        }
        books.warn(address);
        false
    }

    pub(super) fn has_room(&self, books: &Books, address: IpAddr, bytes: usize) -> bool {
        let own = books.holders.get(&address).map_or(0, |holder| holder.held);
        let others = books.held - own;
        let left = self.bytes.saturating_sub(others);
        let share = if self.is_proxy(address) { left / 4 * 3 } else { left / 2 };
        own + bytes <= share
    }

    pub(super) fn trusted_proxies(&self) -> &[IpNet] {
        &self.trusted_proxies
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }

    /// Milliseconds since the start.
    pub(super) fn now(&self) -> u64 {
        self.begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Since when it waits for its peer, so that it may be closed to make room.
    fn waits_since(&self) -> Option<u64> {
        if self.is_ending.is_some() { None } else { self.activity.waits_since() }
    }
}

impl Books {
    /// `false` if the connection was closed meanwhile.
    fn add(&mut self, account: Account, bytes: usize) -> bool {
        let holder = self.holders.entry(account.address).or_default();
        if let Some(connection) = account.connection {
            let open = holder.connections.get_mut(&connection).filter(|open| open.is_ending.is_none());
            let Some(open) = open else { return false };
            open.held += bytes;
        }
        holder.held += bytes;
        self.held += bytes;
        true
    }

    fn remove(&mut self, account: Account, bytes: usize) {
        let Some(holder) = self.holders.get_mut(&account.address) else { return };
        if let Some(connection) = account.connection {
            // A connection that was closed to make room has given back everything.
            let open = holder.connections.get_mut(&connection).filter(|open| open.is_ending.is_none());
            let Some(open) = open else { return };
            open.held -= bytes;
        }
        holder.held -= bytes;
        self.held -= bytes;
        self.forget_if_empty(account.address);
    }

    /// Closes a connection to make room. Its bytes count as free at once.
    fn close(&mut self, address: IpAddr, connection: u64) -> usize {
        let Some(holder) = self.holders.get_mut(&address) else { return 0 };
        let Some(open) = holder.connections.get_mut(&connection) else { return 0 };
        if !open.activity.close() {
            return 0;
        }
        let freed = std::mem::take(&mut open.held);
        open.is_ending = Some(freed);
        holder.ending += freed;
        holder.held -= freed;
        self.held -= freed;
        freed
    }

    fn leave(&mut self, address: IpAddr, connection: u64) {
        let Some(holder) = self.holders.get_mut(&address) else { return };
        let Some(open) = holder.connections.remove(&connection) else { return };
        holder.ending -= open.is_ending.unwrap_or_default();
        holder.held -= open.held;
        self.held -= open.held;
        self.forget_if_empty(address);
    }

    fn forget_if_empty(&mut self, address: IpAddr) {
        if self.holders.get(&address).is_some_and(|holder| holder.held == 0 && holder.connections.is_empty())
        {
            self.holders.remove(&address);
        }
    }

    /// Closes connections of the address that wait for their peer, the largest and oldest first, until `bytes` are free and an
    /// eighth of them is closed. `false` if there was none.
    fn close_waiting(&mut self, address: IpAddr, asking: Option<u64>, bytes: usize) -> bool {
        let Some(holder) = self.holders.get(&address) else { return false };
        let others = holder.connections.iter().filter(|(connection, _)| Some(**connection) != asking);
        // Half-sent requests hold more than connections that only wait.
        let size = |open: &Open| Reverse(open.held / PLACE_BYTES);
        let mut waiting: Vec<_> = others
            .filter_map(|(connection, open)| Some((size(open), open.waits_since()?, *connection)))
            .collect();
        waiting.sort_unstable();
        let (mut closed, mut freed) = (0, 0);
        for (_, _, connection) in &waiting {
            if freed >= bytes && closed >= waiting.len() / CLOSED_AT_ONCE {
                break;
            }
            let of_this_one = self.close(address, *connection);
            freed += of_this_one;
            closed += usize::from(of_this_one > 0);
        }
        closed > 0
    }

    /// The address that holds most, if that is more than this.
    fn heaviest(&self, than: usize) -> Option<IpAddr> {
        let heavier = self.holders.iter().filter(|(_, holder)| holder.held > than);
        let waiting = heavier
            .filter(|(_, holder)| holder.connections.values().any(|open| open.waits_since().is_some()));
        waiting.max_by_key(|(_, holder)| holder.held).map(|(address, _)| *address)
    }

    fn warn(&mut self, address: IpAddr) {
        metrics::counter!("oauth2_shed_total").increment(1);
        if self.warned_at.is_some_and(|at| at.elapsed() < WARNING_INTERVAL) {
            return;
        }
        self.warned_at = Some(Instant::now());
        let of_the_address = self.holders.get(&address).map_or(0, |holder| holder.held / 1024);
        tracing::warn!(
            %address, of_the_address, in_all = self.held / 1024,
            "refused a connection or a request, because the memory for them is in use (in KiB). If the clients are honest, \
             raise OAUTH2_REQUEST_MEMORY_MIB"
        );
    }
}

/// What limits are counted under: an IPv6 host owns its /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}
