-- Whether a grant is valid: nothing has ended it by `request.now`, neither itself, its user, its client nor, unless it is
-- offline (OpenID Connect Core §11), its session, nor a resource that was deleted. A session that is gone has no `expires_at`,
-- and so it is not live. A row that is not recorded yet only remembers a revocation: its `revoked_at` is set. Disabling a user
-- revokes their grants, unless it is done in the database itself.
authorizations.revoked_at IS NULL
AND authorizations.expires_at > request.now
AND users.disabled_at IS NULL
AND clients.disabled_at IS NULL
AND (
  authorizations.resources IS NULL
  OR NOT EXISTS (
    SELECT 1 FROM ended_resources
    WHERE authorizations.resources LIKE '%' || ended_resources.incarnation || '%'
  )
)
AND (
  authorizations.offline
  OR authorizations.session_id IS NULL
  OR (
    sessions.ended_at IS NULL
    AND sessions.expires_at > request.now
  )
)
