//! HTTP clients for tests: without a proxy, and without following redirects.

use std::net::IpAddr;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

/// An HTTP client that calls from this local IP address, or from any.
pub(super) fn caller(address: Option<IpAddr>) -> Client {
    builder(address).build().expect("an HTTP client")
}

/// The builder of such a client, for further options.
pub(super) fn builder(address: Option<IpAddr>) -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().local_address(address)
}
