//! How people get accounts.

/// How people get accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpMode {
    /// Operators and administrators make them.
    Closed,
    /// The same, and `/register` says that people are invited.
    ByInvitation,
    /// People make their own, with an e-mail address that they have confirmed.
    Open,
}

/// How people make their own accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUpRules {
    /// Whether they may.
    pub mode: SignUpMode,
    /// The domains of the e-mail addresses that are taken; every domain if there are none.
    pub domains: Vec<String>,
    /// Whether a new account is disabled until an administrator enables it.
    pub approval: bool,
}
