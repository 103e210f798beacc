-- Whether a client may use a token of its own that it was issued at `request.issued_at`: it is registered and enabled, and
-- was not deleted since. A client that is made again under the same id does not inherit the tokens of the deleted one.
clients.registration IS NOT NULL
AND clients.disabled_at IS NULL
AND NOT EXISTS (
  SELECT 1 FROM deleted_clients
  WHERE deleted_clients.id = request.client_id
  AND deleted_clients.deleted_at >= request.issued_at
)
