-- Records events of users who exist: their rows are locked here, so that a deletion removes what is recorded before it. A user
-- whom another transaction has locked goes step by step. Of a lockout there is one event (a unique index).
WITH known AS (
  SELECT request.*
  FROM {request}
  JOIN users ON users.id = request.user_id
  FOR SHARE OF users SKIP LOCKED
),
recorded AS (
  INSERT INTO sign_in_events (id, user_id, kind, client_id, address, user_agent, until)
  SELECT id, user_id, kind, client_id, address, user_agent, until FROM known
  ON CONFLICT DO NOTHING
)
SELECT number FROM known
