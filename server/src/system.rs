//! The clock and the random number generator of the machine. No other module reads them.

use application::port::{Clock, Entropy};
use chrono::{DateTime, SubsecRound, Utc};

/// The clock of the machine, in whole microseconds: the stores keep no more, so a value read equals the value written.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock; everything else gets it as an input"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// The cryptographically secure random number generator of `aws-lc-rs`.
#[derive(Debug, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// Ends the process if the generator fails: an attacker could guess every token and key made after that.
    fn fill(&self, bytes: &mut [u8]) {
        if aws_lc_rs::rand::fill(bytes).is_err() {
            tracing::error!("the random number generator of the system failed; the process ends");
            std::process::abort();
        }
    }
}

/// `N` random bytes of [`SystemEntropy`].
#[must_use]
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    (&SystemEntropy as &dyn Entropy).bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(random_bytes::<32>(), random_bytes::<32>());
    }

    #[test]
    fn the_clock_does_not_run_backwards() {
        let earlier = SystemClock.now();
        assert!(SystemClock.now() >= earlier);
    }
}
