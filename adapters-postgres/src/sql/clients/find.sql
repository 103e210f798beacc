SELECT request.number, clients.registration
FROM {request}
JOIN clients ON clients.id = request.id
