//! Why a new password is not accepted, in the language of a page.

use application::users::password_rule::WeakPassword;

use crate::language::Language;

/// The sentence for the person who chose the password.
pub(crate) fn weak_password(problem: WeakPassword, language: Language) -> String {
    let key = match problem {
        WeakPassword::TooShort(characters) => {
            return language.count("password-short", "characters", characters.into());
        }
        WeakPassword::TooLong => "password-long",
        WeakPassword::Control => "password-control",
        WeakPassword::Common => "password-common",
        WeakPassword::Username => "password-username",
        WeakPassword::Email => "password-email",
        WeakPassword::Personal => "password-personal",
        WeakPassword::Word => "password-word",
        WeakPassword::Row => "password-row",
        WeakPassword::Repetition => "password-repetition",
        WeakPassword::Date => "password-date",
        WeakPassword::Guessable => "password-guessable",
    };
    language.text(key)
}
