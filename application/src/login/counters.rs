//! The counters of one attempt to sign in.

use chrono::Duration;
use domain::{ClientId, Digest, SignInName, User};

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
    /// A browser that the person signed in with before, at any address.
    Known(KnownDevice),
    /// An application that sends passwords, at this address.
    Application(&'a ClientId, &'a str),
}

/// The counters of an attempt, and what a success forgives.
pub(super) struct Counters {
    all: Vec<Counter>,
    /// The number of counters, from the first, whose limit the answer may reveal.
    told: usize,
    on_success: Vec<Forgiven>,
}

/// Two counters: failures within the window, and consecutive failures.
type Pair = [AttemptKey; 2];

impl Counters {
    /// For the name that was typed: a name of `user`, if it belongs to a user. An unknown name is counted in the same way.
    ///
    /// A user name and an e-mail address have separate counters, like two unknown names: otherwise the limit of one would
    /// reveal that both belong to one person. The counters of the account cover both, and the answer does not reveal them.
    pub(super) fn new(
        guesser: &Guesser<'_>,
        typed: &SignInName,
        user: Option<&User>,
        PasswordLimits { limit, ceiling }: PasswordLimits,
    ) -> Self {
        // A new password, or an unlock by an administrator, starts new counters: a user who was locked out
        // can sign in.
        let era = user.map_or_else(|| Digest::of(b""), era).to_base64url();
        let pair = |name: &str| guesser.keys(name, &era);
        let ceiling = Limit { attempts: ceiling, window: CEILING_PER_FAILURE };
        let counters =
            |[recent, in_a_row]: Pair| [Counter::new(recent, limit), Counter::growing(in_a_row, ceiling)];
        let mut all = Vec::from(counters(pair(typed.key())));
        let mut on_success = Vec::new();
        if let Some(address) = guesser.address() {
            let attempts = limit.attempts.saturating_mul(MAX_ACCOUNTS_PER_ADDRESS);
            all.push(Counter::new(address, Limit { attempts, ..limit }));
            // A success at one account must not give the same address more guesses at other accounts.
            on_success.push(Forgiven::One(address));
        }
        let told = all.len();
        let names = user.map(names_of).unwrap_or_default();
        let forgiven: Vec<_> = match guesser {
            Guesser::Known(_) => {
                let strangers = names.iter().map(|name| strangers(name, &era));
                pair(typed.key()).into_iter().chain(strangers).collect()
            }
            Guesser::Stranger(_) | Guesser::Application(..) => {
                if let [_, _, account] = names.as_slice() {
                    all.extend(counters(pair(account)));
                }
                names.iter().flat_map(|name| pair(name)).collect()
            }
        };
        on_success.extend(forgiven.into_iter().map(Forgiven::All));
        Self { all, told, on_success }
    }

    /// All counters.
    pub(super) fn all(&self) -> &[Counter] {
        &self.all
    }

    /// The counters whose limit the answer may reveal; none if it may reveal all.
    pub(super) fn told(&self) -> Option<&[Counter]> {
        self.all.get(..self.told).filter(|told| told.len() < self.all.len())
    }

    /// What the person's success forgives.
    pub(super) fn on_success(&self) -> &[Forgiven] {
        &self.on_success
    }
}

/// Takes the attempt back, because no password was verified.
pub(super) fn on_nothing(counters: &[Counter]) -> Vec<Forgiven> {
    counters.iter().map(|counter| Forgiven::One(counter.key)).collect()
}

impl Guesser<'_> {
    fn keys(&self, name: &str, era: &str) -> Pair {
        match self {
            Self::Stranger(address) => {
                [AttemptKey::new("login.account", &[name, era, address]), strangers(name, era)]
            }
            // Not per address: other people behind the same address cannot lock this person out. Not per name:
            // the browser is known to the account.
            Self::Known(device) => {
                let id = device.id.to_base64url();
                [
                    AttemptKey::new("login.device", &[&id, era]),
                    AttemptKey::new("login.device.consecutive", &[&id, era]),
                ]
            }
            Self::Application(client, _) => [
                AttemptKey::new("password.account", &[client.as_str(), name, era]),
                AttemptKey::new("password.consecutive", &[client.as_str(), name, era]),
            ],
        }
    }

    fn address(&self) -> Option<AttemptKey> {
        match self {
            Self::Stranger(address) => Some(AttemptKey::new("login.address", &[address])),
            Self::Known(_) => None,
            Self::Application(client, address) => {
                Some(AttemptKey::new("password.address", &[client.as_str(), address]))
            }
        }
    }
}

/// The keys of a user's counters: the one name, or both names and, as the third key, the account.
fn names_of(user: &User) -> Vec<String> {
    let mut names: Vec<_> = user.sign_in_names().iter().map(|name| name.key().to_owned()).collect();
    if names.len() > 1 {
        // No name begins with a space.
        names.push(format!(" {}", user.id));
    }
    names
}

fn strangers(name: &str, era: &str) -> AttemptKey {
    AttemptKey::new("login.strangers", &[name, era])
}

/// The counters of a second step of this user, with a browser that is this device to them, or with any other. A stranger reaches
/// them only with the right password, so they are not counted by address.
pub(super) fn of_second_step(
    user: &User,
    device: Option<&KnownDevice>,
    PasswordLimits { limit, ceiling }: PasswordLimits,
) -> [Counter; 2] {
    let (user_id, era) = (user.id.to_string(), era(user).to_base64url());
    let device = device.map_or_else(|| "strangers".to_owned(), |device| device.id.to_base64url());
    let key = |kind| AttemptKey::new(kind, &[&user_id, &era, &device]);
    let ceiling = Limit { attempts: ceiling, window: CEILING_PER_FAILURE };
    [Counter::new(key("second_step"), limit), Counter::growing(key("second_step.consecutive"), ceiling)]
}

/// The counter of passkeys from an address: as many as of passwords.
pub(super) fn of_passkeys(network: &str, PasswordLimits { limit, .. }: PasswordLimits) -> Counter {
    let attempts = limit.attempts.saturating_mul(MAX_ACCOUNTS_PER_ADDRESS);
    Counter::new(AttemptKey::new("passkey.address", &[network]), Limit { attempts, ..limit })
}

/// A digest that changes with every password and every unlock by an administrator.
fn era(user: &User) -> Digest {
    let unlocked = user.unlocked_at.map_or(0, |at| at.timestamp_micros()).to_be_bytes();
    Digest::of_parts(&[password_digest(user).as_bytes(), &unlocked])
}
