//! Which passwords are accepted (NIST SP 800-63B §3.1.1.2): long enough, and none of those that are tried first, for everybody or for
//! this person. There are no rules about the kinds of characters.
//!
//! See docs/decisions/people-and-passwords.md.

use domain::claims::ProfileClaims;
use domain::user::{Username, prepared_password};
use domain::{EmailAddress, Secret, SignInName, User};
use zxcvbn::feedback::Warning;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::{Entropy, zxcvbn};

use crate::login::password_verifier::MAX_PASSWORD_LENGTH;
use crate::settings::{PasswordRule, Settings};

/// Common passwords that zxcvbn does not know, in lower case: from the list of Django (BSD-3-Clause).
const COMMON_PASSWORDS: &str = include_str!("common_passwords.txt");

/// Words in passwords that are tried first, and that zxcvbn knows in English only.
const COMMON_WORDS: [&str; 24] = [
    "oauth2-server",
    "oauth",
    "openid",
    "administrator",
    "password",
    "passwort",
    "kennwort",
    "anmelden",
    "willkommen",
    "contraseña",
    "contrasena",
    "bienvenido",
    "motdepasse",
    "bienvenue",
    "connexion",
    "şifre",
    "sifre",
    "parola",
    "hoşgeldin",
    "merhaba",
    "パスワード",
    "ぱすわーど",
    "ログイン",
    "pasuwaado",
];

/// How many characters of a password zxcvbn reads.
const MAX_READ: usize = 64;
/// How many words about the person and the operator zxcvbn compares.
const MAX_WORDS: usize = 64;
/// The time of zxcvbn grows with the square of the characters that it reads, times the ways to read signs as letters: at most so
/// many steps, which are about 10 ms. Without a limit, 100 characters take almost a second.
const MAX_STEPS: usize = 65_536;

/// The signs that zxcvbn reads as a letter, a group for each letter. It tries every choice of one sign from each group.
const SIGNS_FOR_LETTERS: [&str; 12] = ["4@", "8", "({[<", "3", "69", "1!|", "1|7", "0", "$5", "+7", "%", "2"];

/// The person whose password is judged.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// Their user name.
    pub username: &'a Username,
    /// Their profile.
    pub claims: &'a ProfileClaims,
}

/// Why a password is not accepted: a sentence that says what to do. The pages have it in each language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer characters than this.
    #[error("Choose a password of at least {0} characters.")]
    TooShort(u32),
    /// More than 1024 bytes.
    #[error("Choose a password of at most 1024 bytes.")]
    TooLong,
    /// A control character.
    #[error("Choose a password without control characters, such as tabs.")]
    Control,
    /// A common password, or similar to one.
    #[error("Many people use a password like this. Choose another.")]
    Common,
    /// The user name itself.
    #[error("The password must not be the user name.")]
    Username,
    /// The e-mail address itself.
    #[error("The password must not be the e-mail address.")]
    Email,
    /// Mostly the name or address of the person, or the name of the operator.
    #[error("This password can be guessed from a name or an e-mail address. Choose other words.")]
    Personal,
    /// Mostly one word or one name.
    #[error("One word or name is guessed quickly. Use three or four words that do not belong together.")]
    Word,
    /// Mostly a row of keys, of letters or of digits.
    #[error(
        "Rows such as qwerty, abc or 123 are guessed quickly. Use three or four words that do not belong together."
    )]
    Row,
    /// Mostly the same characters again and again.
    #[error(
        "Repeated characters or words are guessed quickly. Use three or four words that do not belong together."
    )]
    Repetition,
    /// Mostly a date or a year.
    #[error("Dates and years are guessed quickly. Use three or four words that do not belong together.")]
    Date,
    /// Too few guesses for another reason.
    #[error("This password is guessed quickly. Use three or four words that do not belong together.")]
    Guessable,
}

impl<'a> From<&'a User> for Owner<'a> {
    fn from(user: &'a User) -> Self {
        Self { username: &user.username, claims: &user.claims }
    }
}

/// Judges a new password of `owner`, and prepares it to be hashed. It takes at most some milliseconds, however long the password
/// is. Call it wherever a password is set, and never where one is verified.
///
/// # Errors
/// [`WeakPassword`].
pub fn judge(password: &Secret, owner: &Owner<'_>, settings: &Settings) -> Result<Secret, WeakPassword> {
    judge_by(password, owner, settings.password_rule, settings.operator_names())
}

fn judge_by(
    password: &Secret,
    owner: &Owner<'_>,
    PasswordRule { min_characters, min_score }: PasswordRule,
    operator: Vec<String>,
) -> Result<Secret, WeakPassword> {
    let is_short = |text: &str| text.chars().count() < min_characters as usize;
    if is_short(password.expose()) {
        return Err(WeakPassword::TooShort(min_characters));
    }
    if password.expose().len() > MAX_PASSWORD_LENGTH {
        return Err(WeakPassword::TooLong);
    }
    let prepared = prepared_password(password).ok_or(WeakPassword::Control)?;
    let text = prepared.expose();
    if is_short(text) {
        return Err(WeakPassword::TooShort(min_characters));
    }
    if text.len() > MAX_PASSWORD_LENGTH {
        return Err(WeakPassword::TooLong);
    }
    let typed = SignInName::typed(text);
    if typed == SignInName::from(owner.username) {
        return Err(WeakPassword::Username);
    }
    if owner.email().is_some_and(|email| typed == SignInName::from(&email)) {
        return Err(WeakPassword::Email);
    }
    let personal = owner.words(operator);
    let words: Vec<_> = personal.iter().map(String::as_str).chain(COMMON_WORDS).collect();
    let entropy = zxcvbn(readable(text), &words);
    let is_common = COMMON_PASSWORDS.lines().any(|common| common == text.to_lowercase());
    if is_common || is_listed(&entropy) {
        return Err(WeakPassword::Common);
    }
    if u8::from(entropy.score()) < min_score { Err(reason(&entropy, &personal)) } else { Ok(prepared) }
}

impl Owner<'_> {
    fn email(&self) -> Option<EmailAddress> {
        self.text("email")?.parse().ok()
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    /// Words about the person and the operator that an attacker would try, in lower case.
    fn words(&self, operator: Vec<String>) -> Vec<String> {
        let claims = ["name", "given_name", "family_name", "middle_name", "nickname", "email"];
        let about = claims.into_iter().filter_map(|claim| self.text(claim));
        let texts = std::iter::once(self.username.as_str()).chain(about).map(str::to_lowercase);
        let mut words = Vec::new();
        for text in texts.chain(operator.into_iter().map(|name| name.to_lowercase())) {
            let parts = text.split(|character: char| !character.is_alphanumeric());
            let is_word =
                |word: &str| word.chars().count() >= 3 && !word.bytes().all(|byte| byte.is_ascii_digit());
            words.extend(
                std::iter::once(text.as_str()).chain(parts).filter(|word| is_word(word)).map(str::to_owned),
            );
        }
        words.truncate(MAX_WORDS);
        words
    }
}

/// The beginning of a password, as much of it as zxcvbn reads in a bounded time.
fn readable(text: &str) -> &str {
    let first = |characters| text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end]);
    let beginning = first(MAX_READ);
    let choices = |signs: &&str| signs.chars().filter(|sign| beginning.contains(*sign)).count().max(1);
    let ways: usize = SIGNS_FOR_LETTERS.iter().map(choices).product();
    first((MAX_STEPS / ways).isqrt().min(MAX_READ))
}

/// Whether the whole password is in zxcvbn's list of common ones.
fn is_listed(entropy: &Entropy) -> bool {
    use Warning::{ThisIsACommonPassword, ThisIsATop10Password, ThisIsATop100Password};
    let listed = [ThisIsATop10Password, ThisIsATop100Password, ThisIsACommonPassword];
    warning(entropy).is_some_and(|warning| listed.contains(&warning))
}

fn warning(entropy: &Entropy) -> Option<Warning> {
    entropy.feedback().and_then(|feedback| feedback.warning())
}

/// Why a password has a low score: by its longest part.
fn reason(entropy: &Entropy, personal: &[String]) -> WeakPassword {
    let longest = entropy.sequence().iter().max_by_key(|part| part.token.chars().count());
    let word = longest.and_then(|part| {
        if let MatchPattern::Dictionary(found) = &part.pattern { Some(&found.matched_word) } else { None }
    });
    match warning(entropy) {
        _ if word.is_some_and(|word| personal.contains(word)) => WeakPassword::Personal,
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        ) => WeakPassword::Common,
        Some(
            Warning::StraightRowsOfKeysAreEasyToGuess
            | Warning::ShortKeyboardPatternsAreEasyToGuess
            | Warning::SequencesLikeAbcAreEasyToGuess,
        ) => WeakPassword::Row,
        Some(
            Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess,
        ) => WeakPassword::Repetition,
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => WeakPassword::Date,
        Some(
            Warning::AWordByItselfIsEasyToGuess
            | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
            | Warning::CommonNamesAndSurnamesAreEasyToGuess,
        ) => WeakPassword::Word,
        None if word.is_some_and(|word| COMMON_WORDS.contains(&word.as_str())) => WeakPassword::Common,
        None => WeakPassword::Guessable,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use serde_json::json;

    use super::*;

    const STRICT: PasswordRule = PasswordRule { min_characters: 12, min_score: 4 };
    const USUAL: PasswordRule = PasswordRule { min_characters: 8, min_score: 2 };

    fn judged_by(rule: PasswordRule, password: &str) -> Result<(), WeakPassword> {
        let claims =
            json!({"name": "Ada K\u{f6}nig", "email": "Ada.Lovelace@Example.com", "nickname": "countess"});
        let claims: ProfileClaims = serde_json::from_value(claims).unwrap();
        let username = "ada.lovelace".parse().unwrap();
        let owner = Owner { username: &username, claims: &claims };
        let names = ["harbour.example", "Field Notes"].map(str::to_owned).to_vec();
        judge_by(&Secret::from(password), &owner, rule, names).map(drop)
    }

    fn judged(password: &str) -> Result<(), WeakPassword> {
        judged_by(USUAL, password)
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for common in [
            "password",
            "Password1",
            "P@ssw0rd",
            "12345678",
            "1234567890",
            "qwertyuiop",
            "iloveyou1",
            "letmein1",
            "admin123",
            "sunshine",
            "welcome1",
            "passwort",
            "motdepasse",
            "contrase\u{f1}a1",
            "\u{15f}ifre1234",
            "\u{30d1}\u{30b9}\u{30ef}\u{30fc}\u{30c9}123",
            "oauth2-server",
            "telechargement",
            "Kartoffelpuffer",
            "aaaaaaaa",
            "abcabcabc",
            "ada.lovelace1",
            "19851231",
        ] {
            assert!(judged(common).is_err(), "{common}");
        }
        for good in ["correct horse battery staple", "plum-radio-41", "Zq8#vLp2", "ein langer Satz mit Katze"]
        {
            assert_eq!(judged(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn the_reason_says_what_to_change() {
        for (password, reason) in [
            ("Zq8#vLp", WeakPassword::TooShort(8)),
            ("Zq8#vL\tp2", WeakPassword::Control),
            ("password", WeakPassword::Common),
            ("Passw0rd!", WeakPassword::Common),
            ("telechargement", WeakPassword::Common),
            ("contrase\u{f1}a1", WeakPassword::Common),
            ("Ada.Lovelace", WeakPassword::Username),
            ("\u{ff41}da.lovelace", WeakPassword::Username),
            ("ada.lovelace@example.com", WeakPassword::Email),
            ("ada.lovelace1", WeakPassword::Personal),
            ("Countess1815", WeakPassword::Personal),
            ("K\u{f6}nig2024", WeakPassword::Personal),
            ("harbour123", WeakPassword::Personal),
            ("Field Notes 1", WeakPassword::Personal),
            ("aaaaaaaa", WeakPassword::Repetition),
            ("abcabcabcabc", WeakPassword::Repetition),
            ("cdefghijk", WeakPassword::Row),
            ("asdfgvcxz", WeakPassword::Row),
            ("31.12.1985", WeakPassword::Date),
            ("philosophy", WeakPassword::Word),
        ] {
            assert_eq!(judged(password), Err(reason), "{password}");
            assert!(reason.to_string().ends_with('.'));
        }
        let long = "correct horse battery ".repeat(50);
        assert_eq!(judged(&long), Err(WeakPassword::TooLong));
        assert_eq!(judged(&long[..1_024]), Ok(()));
    }

    #[test]
    fn the_operator_chooses_the_length_and_the_score() {
        let password = "plum-radio-41";
        assert_eq!(judged(password), Ok(()));
        assert_eq!(judged_by(STRICT, "plum-radio"), Err(WeakPassword::TooShort(12)));
        assert_eq!(judged_by(STRICT, "philosophy2024"), Err(WeakPassword::Guessable));
        assert_eq!(judged_by(STRICT, "correct horse battery staple"), Ok(()));
        let loose = PasswordRule { min_score: 1, ..USUAL };
        assert_eq!(judged_by(loose, "philosophy1"), Ok(()), "a score of 1 is enough");
        for common in ["password1", "motdepasse", "telechargement"] {
            assert_eq!(
                judged_by(loose, common),
                Err(WeakPassword::Common),
                "{common}, whatever the score is"
            );
        }
    }

    #[test]
    fn a_password_that_zxcvbn_is_slow_for_is_read_in_part() {
        let signs = "4@8({[<3\u{20ac}69!1|70$5+7%2".repeat(40);
        assert!(readable(&signs).chars().count() >= 8);
        assert!(readable(&signs).chars().count() <= 16, "{}", readable(&signs));
        assert_eq!(readable(&"x".repeat(1_024)).len(), MAX_READ);
        let usual = "Tr0ub4dor&3 and a correct horse battery staple!";
        assert_eq!(readable(usual), usual);
        let begun = Instant::now();
        let judged = judged(&signs);
        assert_eq!(judged, Ok(()), "its beginning is strong enough");
        // 60 times as much as it takes without optimization; without the limit it takes as long as 40 s.
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    }
}
