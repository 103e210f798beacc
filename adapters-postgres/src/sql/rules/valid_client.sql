-- Whether a client may use its own token, which was issued to `request.incarnation`: the client is registered and enabled,
-- and it is that client. A client that is made again under the same id does not inherit the tokens of the deleted one.
clients.registration IS NOT NULL
AND clients.disabled_at IS NULL
AND clients.incarnation = request.incarnation
