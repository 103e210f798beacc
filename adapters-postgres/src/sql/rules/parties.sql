-- The rows that a grant depends on: client, user and session. The session may be missing: device grants have none.
JOIN users ON users.id = authorizations.user_id
JOIN clients ON clients.id = authorizations.client_id
LEFT JOIN sessions ON sessions.id = authorizations.session_id
