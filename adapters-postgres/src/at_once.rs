//! Changes that are transactions of several statements elsewhere, for many at once in one: Postgres may change several
//! tables in a statement, and every statement is a round trip.
//!
//! A statement sees the rows as they were when it began, but a row that it locks (`FOR SHARE`, or by changing it) it judges
//! again as it is then. So whatever a recording must not outlive is judged in a row that is locked here; a rotation
//! locks its token, and what was revoked meanwhile is dead whatever its token becomes. A row that somebody else holds is
//! left out. What happens for a question happens all or not at all; what nothing means, the caller finds out step by step.

use chrono::{DateTime, Utc};
use domain::refresh_token::Spent;
use domain::{Authorization, AuthorizationCode, Digest, RefreshToken};

use crate::Database;
use crate::column::{bytes, json, micros};
use crate::fault::Fault;
use crate::together::{Form, Key, KeyType, Matter, Text};

/// A withdrawal's own row may not be there to be locked, hence `withdrew_at`; the row is looked at too, for one that an older
/// version left behind. What is only known to be revoked is a conflict: step by step, as is a second question about the same
/// authorization.
pub(crate) fn recording() -> Form {
    Form {
        keys: &[
            ("id", KeyType::Uuid),
            ("client_id", KeyType::Text),
            ("user_id", KeyType::Uuid),
            ("session_id", KeyType::Uuid),
            ("offline", KeyType::Flag),
            ("detail", KeyType::Text),
            ("created_at", KeyType::Micros),
            ("now", KeyType::Micros),
            ("expires_at", KeyType::Micros),
            ("token", KeyType::Bytes),
            ("token_scope", KeyType::Text),
            ("token_issued_at", KeyType::Micros),
            ("token_expires_at", KeyType::Micros),
        ],
        text: Text::Change(
            "live AS (
    SELECT asked.* FROM asked
    JOIN clients ON clients.id = asked.client_id AND clients.disabled_at IS NULL
    JOIN users ON users.id = asked.user_id AND users.disabled_at IS NULL
        AND (users.ended_before IS NULL OR users.ended_before <= asked.created_at)
        AND (users.withdrew_at IS NULL OR users.withdrew_at < asked.created_at)
    JOIN sessions ON sessions.id = asked.session_id AND sessions.ended_at IS NULL AND sessions.expires_at > asked.now
    WHERE NOT EXISTS (
        SELECT 1 FROM withdrawals
        WHERE withdrawals.user_id = asked.user_id AND (withdrawals.client_id = asked.client_id) IS TRUE
            AND withdrawals.withdrawn_at >= asked.created_at
    )
    FOR SHARE OF clients, users, sessions SKIP LOCKED
),
first AS (SELECT DISTINCT ON (id) * FROM live ORDER BY id, nth),
recorded AS (
    INSERT INTO authorizations (id, recorded, client_id, user_id, session_id, offline, detail, expires_at)
    SELECT id, TRUE, client_id, user_id, session_id, offline, detail, expires_at FROM first
    ON CONFLICT (id) DO NOTHING
    RETURNING id
),
kept AS (
    INSERT INTO refresh_tokens (digest, authorization_id, client_id, scope, issued_at, expires_at)
    SELECT token, id, client_id, token_scope, token_issued_at, token_expires_at FROM first JOIN recorded USING (id)
    WHERE token IS NOT NULL
)
SELECT FALSE, nth, '' FROM first JOIN recorded USING (id)",
        ),
    }
}

/// By its digest alone a token is found (`IS TRUE` is for no index): a family may have any number of them.
pub(crate) fn rotating() -> Form {
    Form {
        keys: &[
            ("presented", KeyType::Bytes),
            ("family", KeyType::Uuid),
            ("client_id", KeyType::Text),
            ("now", KeyType::Micros),
            ("next", KeyType::Bytes),
            ("sealed", KeyType::Bytes),
            ("until", KeyType::Micros),
            ("next_scope", KeyType::Text),
            ("next_issued_at", KeyType::Micros),
            ("next_expires_at", KeyType::Micros),
        ],
        text: Text::Change(
            "live AS (
    SELECT asked.* FROM asked
    JOIN authorizations ON authorizations.id = asked.family AND authorizations.recorded
        AND authorizations.revoked_at IS NULL AND authorizations.expires_at > asked.now
    JOIN refresh_tokens ON refresh_tokens.digest = asked.presented AND refresh_tokens.spent_at IS NULL
        AND refresh_tokens.expires_at > asked.now AND refresh_tokens.client_id = asked.client_id
        AND (refresh_tokens.authorization_id = asked.family) IS TRUE
    JOIN users ON users.id = authorizations.user_id AND users.disabled_at IS NULL
    JOIN clients ON clients.id = authorizations.client_id AND clients.disabled_at IS NULL
    LEFT JOIN sessions ON sessions.id = authorizations.session_id
    WHERE authorizations.offline OR authorizations.session_id IS NULL
        OR (sessions.id IS NOT NULL AND sessions.ended_at IS NULL AND sessions.expires_at > asked.now)
    FOR KEY SHARE OF authorizations SKIP LOCKED
    FOR NO KEY UPDATE OF refresh_tokens SKIP LOCKED
),
spent AS (
    UPDATE refresh_tokens
    SET spent_at = live.now, successor = live.next, sealed_successor = live.sealed, sealed_until = live.until
    FROM live
    WHERE refresh_tokens.digest = live.presented AND refresh_tokens.spent_at IS NULL
    RETURNING live.*
),
kept AS (
    INSERT INTO refresh_tokens (digest, authorization_id, client_id, scope, issued_at, expires_at)
    SELECT next, family, client_id, next_scope, next_issued_at, next_expires_at FROM spent
)
SELECT FALSE, nth, '' FROM spent",
        ),
    }
}

pub(crate) fn issuing() -> Form {
    Form {
        keys: &[
            ("digest", KeyType::Bytes),
            ("detail", KeyType::Text),
            ("expires_at", KeyType::Micros),
            ("forget_at", KeyType::Micros),
        ],
        text: Text::Change(
            "kept AS (
    INSERT INTO authorization_codes (digest, detail, redeemed, expires_at, forget_at)
    SELECT digest, detail, FALSE, expires_at, forget_at FROM asked
)
SELECT FALSE, nth, '' FROM asked",
        ),
    }
}

pub(crate) fn redeeming() -> Form {
    Form {
        keys: &[("digest", KeyType::Bytes)],
        text: Text::Change(
            "unspent AS (
    SELECT authorization_codes.digest, asked.nth FROM asked
    JOIN authorization_codes ON authorization_codes.digest = asked.digest AND NOT authorization_codes.redeemed
    FOR NO KEY UPDATE OF authorization_codes SKIP LOCKED
),
spent AS (
    UPDATE authorization_codes SET redeemed = TRUE FROM unspent
    WHERE authorization_codes.digest = unspent.digest AND NOT authorization_codes.redeemed
    RETURNING unspent.nth
)
SELECT FALSE, nth, '' FROM spent",
        ),
    }
}

/// Records the authorization of a session and its first refresh token, if nothing at all speaks against it.
pub(crate) async fn record(
    database: &Database,
    authorization: &Authorization,
    refresh_token: Option<&RefreshToken>,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let Some(session) = authorization.session else {
        return Ok(false);
    };
    let keys: [Key; 13] = [
        authorization.id.as_uuid().into(),
        authorization.client.as_str().into(),
        authorization.user.as_uuid().into(),
        session.as_uuid().into(),
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
    did_it(database, Matter::Recorded, keys).await
}

/// Spends the token and keeps its successor until `sealed_until`, if the token is unspent, live and standing.
pub(crate) async fn rotate(
    database: &Database,
    presented: Digest,
    successor: &RefreshToken,
    spent: &Spent,
    sealed_until: DateTime<Utc>,
) -> Result<bool, Fault> {
    let keys: [Key; 10] = [
        bytes(&presented).into(),
        successor.authorization.as_uuid().into(),
        successor.client.as_str().into(),
        micros(spent.at).into(),
        bytes(&spent.successor).into(),
        spent.sealed_successor.clone().into(),
        micros(sealed_until).into(),
        successor.scope.to_string().into(),
        micros(successor.issued_at).into(),
        micros(successor.expires_at).into(),
    ];
    did_it(database, Matter::Rotated, keys).await
}

/// Keeps a new code.
pub(crate) async fn issue(database: &Database, key: Digest, code: &AuthorizationCode) -> Result<bool, Fault> {
    let keys: [Key; 4] = [
        bytes(&key).into(),
        json(code)?.into(),
        micros(code.expires_at).into(),
        micros(code.authorization.expires_at).into(),
    ];
    did_it(database, Matter::CodeIssued, keys).await
}

/// Spends a code that is unspent.
pub(crate) async fn redeem(database: &Database, key: Digest) -> Result<bool, Fault> {
    did_it(database, Matter::CodeRedeemed, [bytes(&key).into()]).await
}

/// Whether it happened: on Postgres, unless somebody else has a lock or another wish.
async fn did_it<const N: usize>(database: &Database, matter: Matter, keys: [Key; N]) -> Result<bool, Fault> {
    match database.together.ask(matter, keys).await {
        Ok(done) => Ok(done.is_some()),
        // Nothing of the statement has happened, for anybody; on their own all succeed but the one it was about.
        Err(Fault::Shared(fault)) if fault.lost_to_another() || fault.is_about_a_value() => Ok(false),
        Err(fault) => Err(fault),
    }
}
