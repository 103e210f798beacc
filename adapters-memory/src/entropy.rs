//! Random bytes that repeat, for tests. A server must never use them.

use std::sync::atomic::{AtomicU64, Ordering};

use application::port::Entropy;
use domain::Digest;

/// Digests of a seed and a counter. The same seed gives the same bytes, and no two draws are equal.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededEntropy {
    /// Begins the sequence of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let counter = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = Digest::of_parts(&[&self.seed.to_be_bytes(), &counter.to_be_bytes()]);
            chunk.copy_from_slice(&block.as_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_repeats_and_no_draw_does() {
        let draw = |entropy: &SeededEntropy| {
            let mut bytes = [0; 40];
            entropy.fill(&mut bytes);
            bytes
        };
        let (one, same, other) = (SeededEntropy::new(1), SeededEntropy::new(1), SeededEntropy::new(2));
        let first = draw(&one);
        assert_eq!(first, draw(&same));
        assert_ne!(first, draw(&one));
        assert_ne!(first, draw(&other));
    }
}
