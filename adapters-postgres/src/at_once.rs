//! What is a transaction of several statements elsewhere, in one: Postgres may change several tables in a statement, and
//! every statement is a round trip.
//!
//! A statement sees the rows as they were when it began, but a row that it locks (`FOR SHARE`, or by changing it) it judges
//! again as it is after the wait. So whatever a recording must not outlive is judged in a row that is locked here; a rotation
//! locks its token, and what was revoked meanwhile is dead whatever its token becomes. All of it happens or nothing; what
//! nothing means, the caller finds out step by step.

use chrono::{DateTime, Utc};
use domain::refresh_token::Spent;
use domain::{Authorization, Digest, RefreshToken};
use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use crate::Database;
use crate::column::{bytes, json, micros};
use crate::fault::Fault;

/// Parties and session are locked against change, in the order of all others. A withdrawal's own row may not be there to be
/// locked, hence `withdrew_at`; the row is looked at too, for one that an older version left behind. What is only known to
/// be revoked is a conflict: step by step.
const RECORD: &str = "\
WITH client AS (SELECT id FROM clients WHERE id = $2 AND disabled_at IS NULL FOR SHARE),
person AS (
    SELECT users.id FROM users, client WHERE users.id = $3 AND users.disabled_at IS NULL
        AND (users.ended_before IS NULL OR users.ended_before <= $7) AND (users.withdrew_at IS NULL OR users.withdrew_at < $7)
    FOR SHARE OF users
),
live AS (
    SELECT sessions.id FROM sessions, person WHERE sessions.id = $4 AND sessions.ended_at IS NULL AND sessions.expires_at > $8
    FOR SHARE OF sessions
),
recorded AS (
    INSERT INTO authorizations (id, recorded, client_id, user_id, session_id, offline, detail, expires_at)
    SELECT $1, TRUE, $2, $3, $4, $5, $6, $9 FROM person
    WHERE ($4 IS NULL OR EXISTS (SELECT 1 FROM live))
        AND NOT EXISTS (SELECT 1 FROM withdrawals WHERE user_id = $3 AND client_id = $2 AND withdrawn_at >= $7)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
),
kept AS (
    INSERT INTO refresh_tokens (digest, authorization_id, client_id, scope, issued_at, expires_at)
    SELECT $10, id, $2, $11, $12, $13 FROM recorded WHERE $10 IS NOT NULL
)
SELECT id FROM recorded";

/// The family before its tokens, in the order in which a deletion locks them.
const ROTATE: &str = "\
WITH family AS (
    SELECT authorizations.id FROM authorizations
    JOIN users ON users.id = authorizations.user_id AND users.disabled_at IS NULL
    JOIN clients ON clients.id = authorizations.client_id AND clients.disabled_at IS NULL
    LEFT JOIN sessions ON sessions.id = authorizations.session_id
    WHERE authorizations.id = $2 AND authorizations.recorded AND authorizations.revoked_at IS NULL
        AND authorizations.expires_at > $4
        AND (authorizations.offline OR authorizations.session_id IS NULL
            OR (sessions.id IS NOT NULL AND sessions.ended_at IS NULL AND sessions.expires_at > $4))
    FOR KEY SHARE OF authorizations
),
spent AS (
    UPDATE refresh_tokens SET spent_at = $4, successor = $5, sealed_successor = $6, sealed_until = $7
    FROM family
    WHERE refresh_tokens.digest = $1 AND refresh_tokens.spent_at IS NULL AND refresh_tokens.expires_at > $4
        AND refresh_tokens.authorization_id = family.id AND refresh_tokens.client_id = $3
    RETURNING refresh_tokens.authorization_id
),
used AS (
    UPDATE refresh_tokens SET sealed_successor = NULL, sealed_until = NULL FROM spent WHERE refresh_tokens.successor = $1
),
kept AS (
    INSERT INTO refresh_tokens (digest, authorization_id, client_id, scope, issued_at, expires_at)
    SELECT $5, authorization_id, $3, $8, $10, $9 FROM spent
)
SELECT authorization_id FROM spent";

/// Records the authorization and its first refresh token, if nothing at all speaks against it.
pub(crate) async fn record(
    database: &Database,
    authorization: &Authorization,
    refresh_token: Option<&RefreshToken>,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let Authorization { id, client, user, session, .. } = authorization;
    let values: [Value; 13] = [
        id.as_uuid().into(),
        client.as_str().into(),
        user.as_uuid().into(),
        session.map(|session| session.as_uuid()).into(),
        authorization.is_offline().into(),
        json(authorization)?.into(),
        micros(authorization.created_at).into(),
        micros(now).into(),
        micros(authorization.expires_at).into(),
        refresh_token.map(|token| bytes(&token.digest)).into(),
        refresh_token.map(|token| token.scope.to_string()).into(),
        refresh_token.map(|token| micros(token.issued_at)).into(),
        refresh_token.map(|token| micros(token.expires_at)).into(),
    ];
    did_it(database, RECORD, values).await
}

/// Spends the token and keeps its successor until `sealed_until`, if the token is unspent, live and standing.
pub(crate) async fn rotate(
    database: &Database,
    presented: Digest,
    successor: &RefreshToken,
    spent: &Spent,
    sealed_until: DateTime<Utc>,
) -> Result<bool, Fault> {
    let values: [Value; 10] = [
        bytes(&presented).into(),
        successor.authorization.as_uuid().into(),
        successor.client.as_str().into(),
        micros(spent.at).into(),
        bytes(&spent.successor).into(),
        spent.sealed_successor.clone().into(),
        micros(sealed_until).into(),
        successor.scope.to_string().into(),
        micros(successor.expires_at).into(),
        micros(successor.issued_at).into(),
    ];
    did_it(database, ROTATE, values).await
}

async fn did_it(
    database: &Database,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<bool, Fault> {
    let statement = Statement::from_sql_and_values(DatabaseBackend::Postgres, text, values);
    Ok(database.writer.query_one_raw(statement).await?.is_some())
}
