-- Counts an attempt with all its counters, or with none if one is full. In the order of the keys, so that no two statements wait
-- for each other. A counter of which everything was forgiven begins anew. A counter that another statement has filled meanwhile breaks the rule of the table, and nothing is counted.
WITH counter (digest, allowed, step, restarts_at) AS (VALUES {counters}),
kept AS (
    SELECT attempts.digest, attempts.attempts, attempts.restarts_at
    FROM attempts
    WHERE attempts.digest IN (SELECT counter.digest FROM counter)
    ORDER BY attempts.digest
    {lock}
)
INSERT INTO attempts (digest, attempts, allowed, step, restarts_at)
SELECT counter.digest, 1, counter.allowed, counter.step, counter.restarts_at
FROM counter
WHERE NOT EXISTS (
    SELECT 1
    FROM kept
    JOIN counter AS counted ON counted.digest = kept.digest
    WHERE kept.restarts_at > {now}
    AND kept.attempts >= counted.allowed
)
ORDER BY counter.digest
ON CONFLICT (digest) DO UPDATE SET
    attempts = CASE WHEN attempts.restarts_at <= {now} OR attempts.attempts = 0 THEN 1 ELSE attempts.attempts + 1 END,
    allowed = excluded.allowed,
    step = excluded.step,
    restarts_at = CASE WHEN attempts.restarts_at <= {now} OR attempts.attempts = 0 THEN excluded.restarts_at ELSE attempts.restarts_at + excluded.step END
