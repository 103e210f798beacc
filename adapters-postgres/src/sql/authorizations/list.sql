-- A page of what a user has granted and is valid, in the order of the clients, and when each was last refreshed. `after` is NULL
-- if the page begins behind everything that `client_id` was granted.
SELECT
  authorizations.detail,
  (
    SELECT MAX(refresh_tokens.spent_at)
    FROM refresh_tokens
    WHERE refresh_tokens.authorization_id = authorizations.id
  ) AS refreshed_at
FROM {request}
JOIN authorizations ON authorizations.user_id = request.user_id
{parties}
WHERE {valid_grant}
AND authorizations.client_id >= request.client_id
AND (
  authorizations.client_id > request.client_id
  OR authorizations.id > request.after
)
ORDER BY authorizations.client_id, authorizations.id
LIMIT {rows}
