-- Whether a client may use its own token, which was issued at `request.issued_at`: the client is registered and enabled,
-- and it was not deleted after that time. A client that is made again under the same id does not inherit the tokens of the deleted one.
clients.registration IS NOT NULL
AND clients.disabled_at IS NULL
AND NOT EXISTS (
  SELECT 1 FROM deleted_clients
  WHERE deleted_clients.id = request.client_id
  AND deleted_clients.deleted_at >= request.issued_at
)
