//! What a person types who wants an account, and what the account becomes.

use domain::claims::{InvalidClaim, ProfileClaims};
use domain::user::Username;
use domain::{EmailAddress, Secret};
use serde_json::{Map, Value};

use crate::account::profile::is_name;
use crate::users::password_rule::WeakPassword;

/// What a person types who wants an account.
#[derive(Debug)]
pub struct NewAccount<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their e-mail address.
    pub email: &'a str,
    /// Their password.
    pub password: Secret,
    /// The languages that the browser asked for.
    pub languages: Vec<String>,
    /// The network of the browser.
    pub network: &'a str,
}

/// What cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpProblem {
    /// The name is empty or too long.
    Name,
    /// It is not an e-mail address.
    Email,
    /// The operator takes no address of this domain.
    Domain,
    /// The password is too weak.
    Password(WeakPassword),
}

/// What was typed beside the password, if it can be taken.
pub(super) fn judged(
    new: &NewAccount<'_>,
    domains: &[String],
) -> Result<(EmailAddress, Username, ProfileClaims), SignUpProblem> {
    let email: EmailAddress = new.email.trim().parse().map_err(|_| SignUpProblem::Email)?;
    let username = first_username(&email).ok_or(SignUpProblem::Email)?;
    if !is_taken(&email.to_text(), domains) {
        return Err(SignUpProblem::Domain);
    }
    let name = new.name.trim();
    if name.is_empty() || !is_name(name) {
        return Err(SignUpProblem::Name);
    }
    let claims = claims(name, &email, None).map_err(|_| SignUpProblem::Name)?;
    Ok((email, username, claims))
}

/// Whether the operator takes addresses of this domain.
pub(super) fn is_taken(email: &str, domains: &[String]) -> bool {
    let own = domain(email);
    domains.is_empty() || own.is_some() && domains.iter().any(|taken| domain(&format!("x@{taken}")) == own)
}

/// The domain of an address as the DNS knows it.
fn domain(email: &str) -> Option<String> {
    let mailbox = email.parse::<EmailAddress>().ok()?.key();
    mailbox.rsplit_once('@').map(|(_, domain)| domain.to_owned())
}

/// The part of the address before a `+` or the `@`: what people call themselves. None if no user name has its characters.
pub(super) fn first_username(email: &EmailAddress) -> Option<Username> {
    let local = email.local_part();
    let before_plus = local.split('+').next().unwrap_or(local);
    let usual = |character: &char| character.is_ascii_alphanumeric() || "._-".contains(*character);
    before_plus.chars().filter(usual).collect::<String>().parse().ok()
}

pub(super) fn claims(
    name: &str,
    email: &EmailAddress,
    locale: Option<&str>,
) -> Result<ProfileClaims, InvalidClaim> {
    let mut claims = Map::new();
    claims.insert("name".to_owned(), Value::from(name));
    claims.insert("email".to_owned(), Value::from(email.to_text()));
    claims.insert("email_verified".to_owned(), Value::from(true));
    if let Some(locale) = locale {
        claims.insert("locale".to_owned(), Value::from(locale));
    }
    ProfileClaims::default().amended(claims)
}
