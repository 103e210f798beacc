-- Takes back as many attempts of each counter as are given for it, with the time that they added, in the order of the keys.
WITH forgiven (digest, most) AS (VALUES {forgiven}),
kept AS (
    SELECT attempts.digest
    FROM attempts
    WHERE attempts.digest IN (SELECT forgiven.digest FROM forgiven)
    ORDER BY attempts.digest
    {lock}
)
UPDATE attempts SET
    attempts = CASE WHEN attempts.attempts > forgiven.most THEN attempts.attempts - forgiven.most ELSE 0 END,
    restarts_at = CASE
        WHEN attempts.attempts > forgiven.most THEN attempts.restarts_at - attempts.step * forgiven.most
        ELSE attempts.restarts_at
    END
FROM forgiven JOIN kept ON kept.digest = forgiven.digest
WHERE attempts.digest = forgiven.digest
AND attempts.attempts > 0
