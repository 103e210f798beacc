//! Reading requests.

pub(crate) mod address;
pub(crate) mod bearer;
pub(crate) mod credentials;
pub(crate) mod metadata;
pub(crate) mod parameters;
