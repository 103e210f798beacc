//! The pages below `/account`: each is a [`Desk`](super::Desk) with content.

mod activity;
mod app;
mod applications;
mod codes;
mod connections;
mod data;
mod devices;
mod email;
mod passkeys;
mod password;
mod profile;
mod security;
mod time_zones;

pub use activity::{ActivityPage, EventLine};
pub use app::{AppPage, AppView};
pub use applications::{ApplicationTile, ApplicationsPage};
pub use codes::{CodesPage, CodesView};
pub use connections::{ConnectionCard, ConnectionsPage};
pub use data::{DataPage, DeletePage};
pub use devices::{DeviceCard, DevicesPage};
pub use email::EmailPage;
pub use passkeys::{OfferView, PasskeyCard, PasskeysPage};
pub use password::PasswordPage;
pub use profile::{Choice, FixedFact, ProfilePage};
pub use security::{SecurityCard, SecurityPage};
pub use time_zones::time_zones;
