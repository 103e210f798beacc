-- Whether a client may use its own token, which was issued to `request.incarnation`: the client is registered and enabled,
-- it is that client, and no resource of the token was deleted. A client that is made again under the same id does not inherit
-- the tokens of the deleted one.
clients.registration IS NOT NULL
AND clients.disabled_at IS NULL
AND clients.incarnation = request.incarnation
AND {requested_resources}
