//! Every store port on Postgres, and on SQLite from the same code.
//!
//! A port method is one transaction, or one statement that guards itself. What
//! must happen once is decided by a guarded `UPDATE` or `INSERT … ON CONFLICT`,
//! or on a row that is locked first, never by only reading it; that is right under Postgres' READ COMMITTED as well
//! as on SQLite's single writer. Rows are locked in one order: client, user,
//! session, authorization, refresh token.
//!
//! See docs/decisions/stores-and-batching.md.

mod at_once;
mod attempts;
mod audit_trail;
mod authorization_codes;
mod authorizations;
mod clients;
mod column;
mod consents;
mod database;
mod device_codes;
mod entity;
mod expired;
mod fault;
mod initial_access_tokens;
mod interactions;
mod logout_notices;
mod measure;
mod moving;
mod opaque_access_tokens;
mod presence;
mod pushed_requests;
mod read_clients;
mod readiness;
mod refresh_tokens;
mod replay_marks;
mod resources;
mod server_secrets;
mod sessions;
mod set_up_links;
mod signing_keys;
mod standing;
mod statements;
mod together;
mod token_standing;
mod users;

pub use database::Database;
pub use moving::{Moved, MovingError};
