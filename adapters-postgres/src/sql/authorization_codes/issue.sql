INSERT INTO authorization_codes (digest, detail, redeemed, expires_at, forget_at)
SELECT request.digest, request.detail, FALSE, request.expires_at, request.forget_at
FROM {request}
