-- Completes pushed requests that are pending, or their completer's own already, and issues the codes that they are answered with.
-- One that another transaction has locked is left out. Of two requests for one the update returns one.
WITH pending AS (
  SELECT request.*
  FROM {request}
  JOIN pushed_requests ON pushed_requests.digest = request.digest
  WHERE (pushed_requests.completed_by IS NULL OR pushed_requests.completed_by = request.completer)
  AND pushed_requests.forget_at > request.now
  FOR NO KEY UPDATE OF pushed_requests SKIP LOCKED
),
completed AS (
  UPDATE pushed_requests SET completed_by = pending.completer
  FROM pending
  WHERE pushed_requests.digest = pending.digest
  RETURNING pending.number
),
issued AS (
  INSERT INTO authorization_codes (digest, detail, redeemed, expires_at, forget_at)
  SELECT code, code_detail, FALSE, code_expires_at, code_forget_at
  FROM pending
  JOIN completed USING (number)
  WHERE code IS NOT NULL
)
SELECT number FROM completed
