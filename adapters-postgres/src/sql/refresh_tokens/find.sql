-- The token, spent or not, its grant, when the session expires that the grant ends with, and whether the grant is valid.
SELECT
  request.number,
  {refresh_tokens},
  authorizations.detail,
  CASE WHEN authorizations.offline THEN NULL ELSE sessions.expires_at END AS session_expires_at,
  CASE WHEN {valid_grant} THEN TRUE ELSE FALSE END AS is_valid
FROM {request}
JOIN refresh_tokens ON refresh_tokens.digest = request.digest
JOIN authorizations ON authorizations.id = refresh_tokens.authorization_id
{parties}
