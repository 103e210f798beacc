SELECT request.number, {resources}
FROM {request}
JOIN resources ON resources.id = request.id
