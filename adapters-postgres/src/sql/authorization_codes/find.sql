SELECT request.number, authorization_codes.detail, authorization_codes.redeemed
FROM {request}
JOIN authorization_codes ON authorization_codes.digest = request.digest
