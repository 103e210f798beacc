-- Begins sessions of users who may have them, judged in a row that is locked here, and records the sign-ins. A user whom another
-- transaction has locked goes step by step, and so does a user who may have none, or who has as many as they may. `IS TRUE`: these
-- are counted by the index on `user_id`, never by one that leads to the live sessions of everybody.
WITH able AS (
  SELECT request.*
  FROM {request}
  JOIN users ON users.id = request.user_id
  WHERE users.disabled_at IS NULL
  AND (users.ended_before IS NULL OR users.ended_before <= request.auth_time)
  AND (
    SELECT COUNT(*) FROM sessions
    WHERE sessions.user_id = request.user_id
    AND (sessions.ended_at IS NULL) IS TRUE
    AND (sessions.expires_at > request.auth_time) IS TRUE
  ) < request.most
  FOR SHARE OF users SKIP LOCKED
),
begun AS (
  INSERT INTO sessions (id, cookie, user_id, sid, auth_time, acr, amr, expires_at, address, user_agent)
  SELECT id, cookie, user_id, sid, auth_time, acr, amr, expires_at, event_address, event_user_agent FROM able
),
recorded AS (
  INSERT INTO sign_in_events (id, user_id, kind, client_id, address, user_agent)
  SELECT event_id, user_id, event_kind, event_client, event_address, event_user_agent FROM able
)
SELECT number FROM able
