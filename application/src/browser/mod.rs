//! The state of a browser: its cookies, its interactions and its session.
//!
//! Authorize, login, device verification and logout use this module. It uses none of them.
//!
//! See docs/decisions/browsers-and-sessions.md.

mod cookies;
mod ended;
mod ended_page;
mod interactions;
mod logout_signal;
mod page;
mod posted;
mod session_use;
mod sessions;

pub(crate) use cookies::session_form;
pub use cookies::{Browser, form_token, session_form_token};
pub use ended::EndedInteraction;
pub(crate) use ended_page::expired_page;
pub use ended_page::no_cookies;
pub use interactions::{BrowserInteractions, OpenInteraction};
pub use logout_signal::LogoutSignal;
pub use page::{Page, PageRedirect};
pub use posted::{PostedRequests, PostedTo};
pub(crate) use session_use::record_use;
pub use sessions::BrowserSessions;
