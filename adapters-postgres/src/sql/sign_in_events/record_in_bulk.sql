-- Records events of users who exist: their rows are locked here, so that a deletion removes what is recorded before it. A user
-- whom another transaction has locked goes step by step, and so does a lockout, which is recorded once.
WITH known AS (
  SELECT request.*
  FROM {request}
  JOIN users ON users.id = request.user_id
  WHERE request.until IS NULL
  FOR SHARE OF users SKIP LOCKED
),
recorded AS (
  INSERT INTO sign_in_events (id, user_id, kind, client_id, address, user_agent)
  SELECT id, user_id, kind, client_id, address, user_agent FROM known
  ON CONFLICT (id) DO NOTHING
)
SELECT number FROM known
