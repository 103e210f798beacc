-- Spends the token if it may be: the conditions let one of any number of callers through.
UPDATE refresh_tokens
SET
  spent_at = request.now,
  successor = request.successor,
  sealed_successor = request.sealed_successor,
  sealed_until = request.sealed_until
FROM {request}
JOIN authorizations ON authorizations.id = request.family
{parties}
WHERE refresh_tokens.digest = request.presented
AND {rotatable}
AND {valid_grant}
