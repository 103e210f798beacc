//! What is wrong with a form about a person.

use application::users::{InvalidAccount, UserAdministrationError};
use domain::claims::InvalidClaim;

use crate::endpoint::admin_pages::visited::Visited;
use crate::error::Problem;
use crate::page::admin::Shown;

/// The field that the error is about, and a sentence.
///
/// # Errors
/// The error, if it is about nothing that was typed.
pub(super) fn problem(
    at: &Visited<'_>,
    error: UserAdministrationError,
) -> Result<(&'static str, Shown), Problem> {
    let technical = || Shown::Technical(at.text("admin-refused"), error.to_string());
    let about = match &error {
        UserAdministrationError::UsernameTaken(_) => ("username", at.words("setup-username-taken")),
        UserAdministrationError::EmailTaken(_) => ("email", at.words("admin-email-taken")),
        UserAdministrationError::Invalid(
            InvalidAccount::NoUsername | InvalidAccount::UsernameType | InvalidAccount::Username(_),
        ) => ("username", at.words("setup-username-invalid")),
        UserAdministrationError::Invalid(
            InvalidAccount::Password | InvalidAccount::PasswordElsewhere | InvalidAccount::Admin,
        ) => ("custom", technical()),
        UserAdministrationError::Claim(InvalidClaim::Email(_)) => {
            ("email", at.words("profile-email-refused"))
        }
        UserAdministrationError::Claim(
            InvalidClaim::Name(_)
            | InvalidClaim::Type(_)
            | InvalidClaim::TooLong(_)
            | InvalidClaim::AllTooLong,
        ) => ("custom", technical()),
        UserAdministrationError::LastAdministrator => ("administrator", at.words("admin-last-administrator")),
        UserAdministrationError::Unknown
        | UserAdministrationError::CannotSignIn
        | UserAdministrationError::HasPassword
        | UserAdministrationError::UnknownSession
        | UserAdministrationError::NoConsent
        | UserAdministrationError::Changed
        | UserAdministrationError::Contended
        | UserAdministrationError::Weak(_)
        | UserAdministrationError::Failed(_) => return Err(error.into()),
    };
    Ok(about)
}
