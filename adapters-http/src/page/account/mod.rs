//! The pages below `/account`: each is a [`Desk`] with content.

mod activity;
mod app;
mod applications;
mod codes;
mod connections;
mod data;
mod desk;
mod device_name;
mod devices;
mod email;
mod moment;
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
pub use desk::{Desk, LanguageLink, NAVIGATION, NavigationLink};
pub use device_name::device_name;
pub use devices::{DeviceCard, DevicesPage};
pub use email::EmailPage;
pub use moment::Moment;
pub use passkeys::{OfferView, PasskeyCard, PasskeysPage};
pub use password::PasswordPage;
pub use profile::{Choice, FixedFact, ProfilePage};
pub use security::{SecurityCard, SecurityPage};
pub use time_zones::time_zones;
