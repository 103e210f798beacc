-- Keeps endings, and the codes that they answer with. An interaction that has ended already is left out, with its code.
WITH first AS (
  SELECT DISTINCT ON (request.digest) request.* FROM {request} ORDER BY request.digest, request.number
),
ended AS (
  INSERT INTO interactions (digest, detail, expires_at)
  SELECT digest, detail, expires_at FROM first
  ON CONFLICT (digest) DO NOTHING
  RETURNING digest
),
issued AS (
  INSERT INTO authorization_codes (digest, detail, redeemed, expires_at, forget_at)
  SELECT code, code_detail, FALSE, code_expires_at, code_forget_at
  FROM first
  JOIN ended USING (digest)
  WHERE code IS NOT NULL
)
SELECT number FROM first JOIN ended USING (digest)
