//! The pages of this server that a browser is redirected to in an interaction.

use super::interactions::OpenInteraction;

/// A page that belongs to an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The login page.
    Login,
    /// The page of the second step of a login.
    SecondStep,
    /// The page where a user turns on a second factor in order to sign in.
    Enrolment,
    /// The consent page.
    Consent,
    /// The page where a user enters a user code and decides about a device.
    DeviceVerification,
}

/// A redirect of the browser to a page of this server.
#[derive(Debug)]
pub struct PageRedirect {
    /// The page.
    pub page: Page,
    /// The interaction it belongs to.
    pub open: OpenInteraction,
}
