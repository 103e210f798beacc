//! Warns of ID tokens that are longer than web servers accept in a header.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ClientId, UserId};

/// The longest ID token that an application can send on in a header: `Authorization: Bearer` and the token are one line, of which
/// nginx accepts 8 KiB (`large_client_header_buffers`).
const MAX_HEADER_BYTES: usize = 8_000;

/// A client is named once in this time: it gets an ID token at every refresh of every user.
const WARNING_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// How many clients are remembered. With more of them some are named more often.
const MAX_CLIENTS: usize = 1_000;

/// When this node named each client that gets such ID tokens.
#[derive(Debug, Default)]
pub struct LongIdTokens(Mutex<HashMap<ClientId, DateTime<Utc>>>);

impl LongIdTokens {
    /// Logs a warning if the ID token is too long for a header, unless one about this client was logged within the last hour.
    pub(super) fn warn(&self, id_token: &str, client: &ClientId, user: UserId, now: DateTime<Utc>) {
        if id_token.len() > MAX_HEADER_BYTES && self.is_due(client, now) {
            tracing::warn!(
                %client,
                %user,
                bytes = id_token.len(),
                "this ID token is longer than web servers accept in a header by default (nginx: 8 KiB for a line, Node: 16 KiB for all); \
                 show the client fewer groups (visible_groups in its claim_mapping), or let it read UserInfo (--id-token-claims=false); \
                 the log names a client once an hour"
            );
        }
    }

    fn is_due(&self, client: &ClientId, now: DateTime<Utc>) -> bool {
        let mut named = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        named.retain(|_, at| now < *at + WARNING_INTERVAL);
        if named.contains_key(client) {
            return false;
        }
        if named.len() >= MAX_CLIENTS {
            named.clear();
        }
        named.insert(client.clone(), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_number_of_clients_is_remembered_for_an_hour() {
        let (tokens, now) = (LongIdTokens::default(), DateTime::UNIX_EPOCH);
        let client = |number: usize| -> ClientId { format!("client-{number}").parse().expect("an id") };
        for number in 0..MAX_CLIENTS {
            assert!(tokens.is_due(&client(number), now));
            assert!(!tokens.is_due(&client(number), now));
        }
        assert!(tokens.is_due(&client(MAX_CLIENTS), now));
        assert_eq!(tokens.0.lock().expect("the clients").len(), 1);
        assert!(!tokens.is_due(&client(MAX_CLIENTS), now + WARNING_INTERVAL - TimeDelta::seconds(1)));
        assert!(tokens.is_due(&client(MAX_CLIENTS), now + WARNING_INTERVAL));
    }
}
