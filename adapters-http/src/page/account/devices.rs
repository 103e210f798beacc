//! `/account/devices`: where the person is signed in.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk, Moment};

/// The page: a card for each device, with a form whose field `session` names it, and one form for all others (`others`).
#[derive(Clone, Template)]
#[template(path = "account/devices.html")]
pub struct DevicesPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The devices, this one first.
    pub devices: Vec<DeviceCard>,
}

/// A device.
#[derive(Clone, Debug)]
pub struct DeviceCard {
    /// The id of its session.
    pub session: String,
    /// Whether it is the one that shows the page.
    pub is_this: bool,
    /// Its browser and its system.
    pub name: String,
    /// The IP address of its last sign-in.
    pub address: Option<String>,
    /// When the person last signed in there.
    pub signed_in: Moment,
    /// When it was last used.
    pub used: Option<Moment>,
}
