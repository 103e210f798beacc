//! Random bytes are an input.

/// Draws random bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` from a cryptographically secure generator.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}
