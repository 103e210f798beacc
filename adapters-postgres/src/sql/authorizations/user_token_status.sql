-- What a user's token was granted, if it is valid. `IS TRUE`: the grant is found by its id, never by the index on `client_id`.
SELECT request.number, authorizations.detail, clients.registration, {users}
FROM {request}
JOIN authorizations ON authorizations.id = request.id
{parties}
WHERE (authorizations.client_id = request.client_id) IS TRUE
AND {valid_grant}
AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE revoked_tokens.digest = request.token)
