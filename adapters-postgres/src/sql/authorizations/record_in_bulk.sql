-- Records grants of sessions with their first refresh tokens. What a grant must not outlive is judged in a row that is locked
-- here, as it is then. The row of a withdrawal may not exist, so that it cannot be locked: `withdrew_at` has the latest
-- withdrawal of the user, from any client, and what is not newer goes step by step. So does a grant that is known already, and
-- one to a client that only members of groups may enter: who is a member is judged after the client is locked.
WITH live AS (
  SELECT request.*
  FROM {request}
  JOIN clients ON clients.id = request.client_id
  JOIN users ON users.id = request.user_id
  JOIN sessions ON sessions.id = request.session_id
  WHERE {recordable}
  AND NOT clients.members_only
  AND (users.withdrew_at IS NULL OR users.withdrew_at < request.created_at)
  FOR SHARE OF clients, users, sessions SKIP LOCKED
),
first AS (
  SELECT DISTINCT ON (id) * FROM live ORDER BY id, number
),
recorded AS (
  INSERT INTO authorizations (id, recorded, client_id, user_id, session_id, offline, resources, detail, expires_at)
  SELECT id, TRUE, client_id, user_id, session_id, offline, resources, detail, expires_at FROM first
  ON CONFLICT (id) DO NOTHING
  RETURNING id
),
kept AS (
  INSERT INTO refresh_tokens (digest, authorization_id, client_id, scope, issued_at, expires_at)
  SELECT token, id, client_id, token_scope, token_issued_at, token_expires_at
  FROM first
  JOIN recorded USING (id)
  WHERE token IS NOT NULL
)
SELECT number FROM first JOIN recorded USING (id)
