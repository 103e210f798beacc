//! Clock and chance: the only module that asks the machine for the time or for random bytes.

use chrono::{DateTime, Utc};

/// The machine could not supply random bytes; nothing secret may be made without them.
#[derive(Debug, thiserror::Error)]
#[error("the system's random number generator failed")]
pub struct NoRandomness;

/// The present moment, in UTC.
#[must_use]
#[allow(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock; everything else is told"
)]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Fills `bytes` from the cryptographically secure generator of `aws-lc-rs`.
///
/// # Errors
/// [`NoRandomness`] if the generator fails; `bytes` must not be used then.
pub fn fill_random(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    aws_lc_rs::rand::fill(bytes).map_err(|_unspecified| NoRandomness)
}

/// `N` random bytes, as [`fill_random`] gives them.
///
/// # Errors
/// [`NoRandomness`] if the generator fails.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(random_bytes::<32>().unwrap(), random_bytes::<32>().unwrap());
    }

    #[test]
    fn the_clock_does_not_run_backwards() {
        let earlier = now();
        assert!(now() >= earlier);
    }
}
