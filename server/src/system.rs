//! Clock and chance: the only module that asks the machine for the time or for random bytes.

use application::port::{Clock, Entropy};
use chrono::{DateTime, SubsecRound, Utc};

/// The machine's clock, in whole microseconds: that is what the stores keep, so that an instant is read as it was written.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock; everything else is told"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// The cryptographically secure generator of `aws-lc-rs`.
#[derive(Debug, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// Ends the process if the generator fails: whatever was made without chance could be guessed.
    fn fill(&self, bytes: &mut [u8]) {
        if aws_lc_rs::rand::fill(bytes).is_err() {
            tracing::error!("the system's random number generator failed; the process ends");
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
