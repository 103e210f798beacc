-- A live session of an enabled user.
SELECT request.number, {sessions}, {users}
FROM {request}
JOIN sessions ON sessions.cookie = request.cookie
JOIN users ON users.id = sessions.user_id
WHERE sessions.ended_at IS NULL
AND sessions.expires_at > request.now
AND users.disabled_at IS NULL
