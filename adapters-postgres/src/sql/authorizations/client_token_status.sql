-- Finds something if a client's own token is valid.
SELECT request.number
FROM {request}
JOIN clients ON clients.id = request.client_id
WHERE {valid_client}
AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE revoked_tokens.digest = request.token)
