//! The changed members of a registration, for the audit trail.

use domain::client::MEMBERS;
use domain::{Changes, Client};
use serde_json::{Map, Value};

/// Everything that was registered of a new client.
pub(super) fn of_new(client: &Client) -> Changes {
    Changes::new_object(&members(client))
}

/// The members that differ between two registrations, as an operator sees them.
pub(super) fn between(before: &Client, after: &Client) -> Changes {
    Changes::between(&members(before), &members(after))
}

/// The members of the registration document. No secret is among them.
fn members(client: &Client) -> Map<String, Value> {
    let registered =
        MEMBERS.iter().filter_map(|member| Some((member.name.to_owned(), member.value(client)?)));
    let localized = client.details.localized.iter().map(|(name, text)| (name.clone(), text.clone().into()));
    let disabled = client.disabled_at.and_then(|at| serde_json::to_value(at).ok());
    registered.chain(localized).chain(disabled.map(|at| ("disabled_at".to_owned(), at))).collect()
}
