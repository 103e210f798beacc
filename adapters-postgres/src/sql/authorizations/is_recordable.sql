-- Whether a grant may be recorded. In a transaction that has locked client, user and session (PostgreSQL), or that writes
-- (SQLite), so that it stays true.
SELECT request.number
FROM {request}
JOIN clients ON clients.id = request.client_id
JOIN users ON users.id = request.user_id
LEFT JOIN sessions ON sessions.id = request.session_id
WHERE {recordable}
AND {may_enter}
AND NOT EXISTS (
  SELECT 1 FROM withdrawals
  WHERE withdrawals.user_id = request.user_id
  AND (withdrawals.client_id = request.client_id) IS TRUE
  AND withdrawals.withdrawn_at >= request.created_at
)
