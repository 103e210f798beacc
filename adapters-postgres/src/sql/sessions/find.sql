-- A live session of an enabled user. `IS TRUE`: found by the cookie, never by the index on `ended_at`, which leads to every
-- session that is live.
SELECT request.number, {sessions}, {users}
FROM {request}
JOIN sessions ON sessions.cookie = request.cookie
JOIN users ON users.id = sessions.user_id
WHERE (sessions.ended_at IS NULL) IS TRUE
AND sessions.expires_at > request.now
AND users.disabled_at IS NULL
