-- Whether the presented token may be spent. It is found by its digest: a family may have any number of tokens, and `IS TRUE`
-- keeps PostgreSQL from looking through all of them by the index on `authorization_id`.
refresh_tokens.spent_at IS NULL
AND refresh_tokens.expires_at > request.now
AND refresh_tokens.client_id = request.client_id
AND (refresh_tokens.authorization_id = request.family) IS TRUE
