//! The pages a person sees: one struct and one askama file each, rendered without JavaScript.
//!
//! Every link to ourselves starts with the page's [`Base`]. Every text is escaped by askama, every address of a client passes [`link::admitted`], and the names and ids of
//! forms are stable, so that password managers, tests and simple browsers can rely on them.
//! A page that carries a token or a code has no `Debug`, so that neither can reach a log.
//! The Content-Security-Policy they are written for is
//! `default-src 'none'; style-src 'self'; img-src 'self' data:`; [`FormPostPage`] adds its script's nonce, a page with a
//! [`PasskeyRequest`] the address of the script of passkeys, and [`LoggedOutPage`] a `frame-src` when it has frames.

pub mod account;
pub mod admin;
mod app_picture;
pub mod asset;
mod base;
pub(crate) mod brand;
mod client_card;
mod confirm_email;
mod consent;
mod desk;
mod device_approval;
mod device_code;
mod device_done;
mod device_name;
mod docs;
mod enrolment;
mod error;
mod error_reference;
mod forbidden;
mod forgot;
mod forgot_sent;
mod form_post;
pub mod link;
mod link_done;
mod link_over;
mod logged_out;
mod login;
mod logout;
mod moment;
mod new_password;
mod no_access;
mod passkey_request;
mod second_step;
mod setup;
mod setup_done;
mod setup_over;
mod sign_up;
mod signed_in;
#[cfg(test)]
mod tests;

pub use app_picture::AppPicture;
pub use base::Base;
pub use client_card::ClientCard;
pub use confirm_email::ConfirmEmailPage;
pub use consent::{AccessLifetime, ClaimLine, ConsentPage, ResourceLine, ScopeLine};
pub use desk::{ACCOUNT, ADMINISTRATION, Desk, LanguageLink, NavigationLink};
pub use device_approval::DeviceApprovalPage;
pub use device_code::DeviceCodePage;
pub use device_done::DeviceDonePage;
pub use device_name::device_name;
pub use docs::DocsPage;
pub use enrolment::{EnrolledPage, EnrolmentPage};
pub use error::{ErrorPage, WayBack};
pub use error_reference::ErrorReferencePage;
pub use forbidden::ForbiddenPage;
pub use forgot::ForgotPage;
pub use forgot_sent::ForgotSentPage;
pub use form_post::FormPostPage;
pub use link_done::LinkDonePage;
pub use link_over::LinkOverPage;
pub use logged_out::LoggedOutPage;
pub use login::LoginPage;
pub use logout::LogoutPage;
pub use moment::Moment;
pub use new_password::NewPasswordPage;
pub use no_access::NoAccessPage;
pub use passkey_request::PasskeyRequest;
pub use second_step::SecondStepPage;
pub use setup::SetupPage;
pub use setup_done::SetupDonePage;
pub use setup_over::SetupOverPage;
pub use sign_up::{SignUpAnswer, SignUpAnswerPage, SignUpConfirmPage, SignUpPage};
pub use signed_in::SignedInPage;
