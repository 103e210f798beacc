//! What a check of a registration finds, and what it has to know about the server.

use chrono::Duration;
use serde::Serialize;

use crate::pkce::PkcePolicy;

/// What the server's settings say about every client.
#[derive(Debug, Clone, Copy)]
pub struct LintedServer {
    /// Which clients may leave PKCE out.
    pub pkce: PkcePolicy,
    /// Whether a client that names no groups lets no user enter.
    pub require_allowed_groups: bool,
    /// The lifetime of access tokens.
    pub access_token: Duration,
    /// The lifetime of ID tokens of a client that registered none.
    pub id_token: Duration,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It can be better.
    Info,
    /// It should be mended.
    Warning,
}

/// One thing that a registration falls short of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The stable name of the check.
    pub check: &'static str,
    /// What it is, and why it matters.
    pub reason: String,
    /// Where that is written.
    pub section: &'static str,
    /// The command that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}
