-- A user, disabled or not.
SELECT request.number, {users}
FROM {request}
JOIN users ON users.id = request.id
