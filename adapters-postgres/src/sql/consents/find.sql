-- `IS TRUE`: found by the primary key, never by the index on `client_id`, which leads to every user of the client.
SELECT request.number, {consents}
FROM {request}
JOIN consents
  ON consents.user_id = request.user_id
  AND (consents.client_id = request.client_id) IS TRUE
