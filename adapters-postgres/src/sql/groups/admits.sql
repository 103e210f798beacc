-- Finds something if a client lets a user enter.
SELECT request.number
FROM {request}
JOIN clients ON clients.id = request.client_id
WHERE {may_enter}
