-- Changes device codes that are as they were seen. A code that another transaction has locked is left out. Once it is locked
-- here, it stays as it is found; of two requests for one code the update returns one.
WITH unchanged AS (
  SELECT request.number, request.after, device_codes.digest
  FROM {request}
  JOIN device_codes ON device_codes.digest = request.digest
  WHERE device_codes.detail = request.before
  FOR NO KEY UPDATE OF device_codes SKIP LOCKED
)
UPDATE device_codes SET detail = unchanged.after
FROM unchanged
WHERE device_codes.digest = unchanged.digest
RETURNING unchanged.number
