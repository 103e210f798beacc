//! Extractors: they decode requests.

pub(crate) mod accept;
pub(crate) mod address;
pub(crate) mod bearer;
pub(crate) mod body;
pub(crate) mod client_call;
pub(crate) mod conditions;
pub(crate) mod credentials;
pub(crate) mod metadata;
pub(crate) mod object;
pub(crate) mod page;
pub(crate) mod page_form;
pub(crate) mod parameters;
