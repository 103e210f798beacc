//! `/oauth/device/verify`, once the user has decided (RFC 8628 §3.3).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The end in the browser, with `<h1 id="device-allowed">` or `<h1 id="device-denied">`.
#[derive(Clone, Debug, Template)]
#[template(path = "device_done.html")]
pub struct DeviceDonePage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The client on the device.
    pub client_name: String,
    /// Whether the user allowed.
    pub allowed: bool,
}
