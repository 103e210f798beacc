//! Whoever sends requests: directly, and without following redirects.

use std::net::IpAddr;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

/// An HTTP client at this address of our own machine, or at any.
pub(super) fn caller(address: Option<IpAddr>) -> Client {
    builder(address).build().expect("an HTTP client")
}

/// One that is to get more.
pub(super) fn builder(address: Option<IpAddr>) -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().local_address(address)
}
