SELECT request.number, device_codes.detail
FROM {request}
JOIN device_codes ON device_codes.digest = request.digest
