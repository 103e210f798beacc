-- Whether what a user approved at `request.created_at` may become a grant: client and user are enabled, the client is the one
-- that was approved, no resource of it was deleted since, what the user had begun was not ended since, and the session, if
-- there is one, is live.
clients.disabled_at IS NULL
AND clients.incarnation = request.incarnation
AND {requested_resources}
AND users.disabled_at IS NULL
AND (users.ended_before IS NULL OR users.ended_before <= request.created_at)
AND (
  request.session_id IS NULL
  OR (
    sessions.ended_at IS NULL
    AND sessions.expires_at > request.now
  )
)
