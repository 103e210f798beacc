//! The settings, the clock and the source of random bytes, which nearly every use case needs beside its ports.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::port::{Clock, Entropy};
use crate::settings::Settings;

/// The settings, the clock and the source of random bytes. They travel together; a clone shares them.
#[derive(Clone)]
pub struct Context {
    /// The settings of the operator.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
}

impl Context {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("settings", &self.settings).finish_non_exhaustive()
    }
}
