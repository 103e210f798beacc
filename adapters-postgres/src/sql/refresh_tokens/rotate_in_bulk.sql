-- Spends tokens and keeps their successors. The token is locked, and judged as it is then: it stays unspent until it is spent
-- here. A grant that is revoked meanwhile makes the successor useless. What another transaction has locked is left out.
WITH live AS (
  SELECT request.*
  FROM {request}
  JOIN refresh_tokens ON refresh_tokens.digest = request.presented
  JOIN authorizations ON authorizations.id = request.family
  {parties}
  WHERE {rotatable}
  AND {valid_grant}
  FOR KEY SHARE OF authorizations SKIP LOCKED
  FOR NO KEY UPDATE OF refresh_tokens SKIP LOCKED
),
spent AS (
  UPDATE refresh_tokens
  SET
    spent_at = live.now,
    successor = live.successor,
    sealed_successor = live.sealed_successor,
    sealed_until = live.sealed_until
  FROM live
  WHERE refresh_tokens.digest = live.presented
  RETURNING live.*
),
kept AS (
  INSERT INTO refresh_tokens (digest, authorization_id, client_id, scope, issued_at, expires_at)
  SELECT successor, family, client_id, scope, issued_at, expires_at FROM spent
)
SELECT number FROM spent
