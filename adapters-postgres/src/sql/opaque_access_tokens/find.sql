-- The token, whether it is valid, and what a user granted with it. From the first `FROM` on, `request` is the token: the
-- rules then read as they do for a token that is presented with its claims.
SELECT
  request.number,
  request.client_id,
  request.detail,
  authorizations.detail AS granted,
  clients.registration,
  {users},
  CASE WHEN (
    (
      request.user_present
      AND authorizations.client_id = request.client_id
      AND {valid_grant}
    ) OR (
      NOT request.user_present
      AND {valid_client}
    )
  )
  AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE revoked_tokens.digest = request.token)
  THEN TRUE ELSE FALSE END AS is_valid
FROM (
  SELECT request.number, request.now, opaque_access_tokens.*
  FROM {request}
  JOIN opaque_access_tokens ON opaque_access_tokens.digest = request.digest
) AS request
LEFT JOIN authorizations ON authorizations.id = request.authorization_id
LEFT JOIN users ON users.id = authorizations.user_id
LEFT JOIN clients ON clients.id = request.client_id
LEFT JOIN sessions ON sessions.id = authorizations.session_id
