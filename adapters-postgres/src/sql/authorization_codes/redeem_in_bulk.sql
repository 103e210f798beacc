-- Spends codes that are unspent. A code that another transaction has locked is left out. Once it is locked here, it stays
-- as it is found; of two requests for one code the update returns one.
WITH unspent AS (
  SELECT request.number, authorization_codes.digest
  FROM {request}
  JOIN authorization_codes ON authorization_codes.digest = request.digest
  WHERE NOT authorization_codes.redeemed
  FOR NO KEY UPDATE OF authorization_codes SKIP LOCKED
)
UPDATE authorization_codes SET redeemed = TRUE
FROM unspent
WHERE authorization_codes.digest = unspent.digest
RETURNING unspent.number
