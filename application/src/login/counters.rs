//! The counters of one attempt to sign in.

use chrono::Duration;
use domain::{ClientId, Digest, User};

use super::device_cookie::{KnownDevice, password_digest};
use crate::port::{AttemptKey, Counter, Forgiven, Limit};

/// An address may cause as many failures as this number of accounts: enough for an office, and few enough that hashing them does
/// not keep others waiting. Invented names count like real ones, or the limit would tell them apart.
const MAX_ACCOUNTS_PER_ADDRESS: u32 = 100;
/// How much longer the ceiling is kept for each failure. So 100 failures are kept for 30 days, and one that is followed by no
/// other, such as one with an invented name, for some hours.
const CEILING_PER_FAILURE: Duration = Duration::minutes(30 * 24 * 60 / 100);

/// The limits of wrong passwords.
#[derive(Debug, Clone, Copy)]
pub struct PasswordLimits {
    /// Per account and address, per known browser, and per application and account, within its window.
    pub limit: Limit,
    /// The most consecutive failures on one account: of all strangers together, of a known browser, and of an application.
    pub ceiling: u32,
}

/// Who makes an attempt.
pub(super) enum Guesser<'a> {
    /// A browser that the person never signed in with, at this address.
    Stranger(&'a str),
    /// A browser that the person signed in with before, wherever it is.
    Known(KnownDevice),
    /// An application that sends passwords, at this address.
    Application(&'a ClientId, &'a str),
}

/// The counters of an attempt, and what a success forgives.
pub(super) struct Counters {
    pub(super) all: Vec<Counter>,
    on_success: Vec<Forgiven>,
}

impl Counters {
    /// For the account with this name: `user`, if it exists. A name that does not exist is counted in the same way.
    pub(super) fn new(
        guesser: &Guesser<'_>,
        name: &str,
        user: Option<&User>,
        PasswordLimits { limit, ceiling }: PasswordLimits,
    ) -> Self {
        // A new password begins with new counters, and so does an account that an administrator unlocked: whoever was locked out
        // can sign in.
        let era = user.map_or_else(|| Digest::of(b""), era).to_base64url();
        let strangers = AttemptKey::new("login.strangers", &[name, &era]);
        let (recent, consecutive, address) = match guesser {
            Guesser::Stranger(address) => (
                AttemptKey::new("login.account", &[name, &era, address]),
                strangers,
                Some(AttemptKey::new("login.address", &[address])),
            ),
            // Not per address: others behind the same address lock the person out no more than strangers elsewhere.
            Guesser::Known(device) => {
                let id = device.id.to_base64url();
                let consecutive = AttemptKey::new("login.device.consecutive", &[&id, &era]);
                (AttemptKey::new("login.device", &[&id, &era]), consecutive, None)
            }
            Guesser::Application(client, address) => (
                AttemptKey::new("password.account", &[client.as_str(), name, &era]),
                AttemptKey::new("password.consecutive", &[client.as_str(), name, &era]),
                Some(AttemptKey::new("password.address", &[client.as_str(), address])),
            ),
        };
        let ceiling = Limit { attempts: ceiling, window: CEILING_PER_FAILURE };
        let mut all = vec![Counter::new(recent, limit), Counter::growing(consecutive, ceiling)];
        let mut on_success = vec![Forgiven::All(recent), Forgiven::All(consecutive)];
        match address {
            Some(address) => {
                let attempts = limit.attempts.saturating_mul(MAX_ACCOUNTS_PER_ADDRESS);
                all.push(Counter::new(address, Limit { attempts, ..limit }));
                // Whoever succeeds at one account must not get more guesses at others from the same address.
                on_success.push(Forgiven::One(address));
            }
            None => on_success.push(Forgiven::All(strangers)),
        }
        Self { all, on_success }
    }

    /// What the person's success forgives.
    pub(super) fn on_success(&self) -> &[Forgiven] {
        &self.on_success
    }

    /// What is forgiven when nothing was verified.
    pub(super) fn on_nothing(&self) -> Vec<Forgiven> {
        self.all.iter().map(|counter| Forgiven::One(counter.key)).collect()
    }
}

/// Changes with every password, and whenever an administrator unlocks the account.
fn era(user: &User) -> Digest {
    let unlocked = user.unlocked_at.map_or(0, |at| at.timestamp_micros()).to_be_bytes();
    Digest::of_parts(&[password_digest(user).as_bytes(), &unlocked])
}
