-- Renews sessions, and records the sign-ins. A session that another transaction has locked goes step by step, and so does one
-- that has ended. `IS TRUE`: found by the id, never by the index on `ended_at`.
WITH live AS (
  SELECT request.*
  FROM {request}
  JOIN sessions ON sessions.id = request.id
  WHERE sessions.user_id = request.user_id
  AND (sessions.ended_at IS NULL) IS TRUE
  AND (sessions.expires_at > request.auth_time) IS TRUE
  FOR UPDATE OF sessions SKIP LOCKED
),
renewed AS (
  UPDATE sessions
  SET cookie = live.cookie, auth_time = live.auth_time, acr = live.acr, amr = live.amr, expires_at = live.expires_at,
    address = live.event_address, user_agent = live.event_user_agent
  FROM live
  WHERE sessions.id = live.id
  RETURNING live.number, live.user_id, live.event_id, live.event_kind, live.event_client, live.event_address,
    live.event_user_agent
),
recorded AS (
  INSERT INTO sign_in_events (id, user_id, kind, client_id, address, user_agent)
  SELECT event_id, user_id, event_kind, event_client, event_address, event_user_agent FROM renewed
)
SELECT number FROM renewed
