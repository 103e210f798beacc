-- The token, whether it is valid, and what a user granted with it. `request` is the kept token here, so that the rules
-- read as they do for a token that brings its claims.
SELECT
  request.number,
  request.client_id,
  request.detail,
  authorizations.detail AS granted,
  clients.registration,
  {users},
  CASE
    WHEN revoked_tokens.digest IS NOT NULL THEN FALSE
    WHEN request.user_present THEN (
      authorizations.client_id = request.client_id
      AND {valid_grant}
    ) IS TRUE
    ELSE (
      {valid_client}
    )
  END AS is_valid
FROM (
  SELECT request.number, request.now, opaque_access_tokens.*, opaque_access_tokens.origin AS incarnation
  FROM {request}
  JOIN opaque_access_tokens ON opaque_access_tokens.digest = request.digest
) AS request
LEFT JOIN authorizations ON authorizations.id = request.origin
LEFT JOIN users ON users.id = authorizations.user_id
LEFT JOIN clients ON clients.id = request.client_id
LEFT JOIN sessions ON sessions.id = authorizations.session_id
LEFT JOIN revoked_tokens ON revoked_tokens.digest = request.token
