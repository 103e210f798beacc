-- A user, disabled or not, and the groups that they are in, as the members of a JSON array. The name of a group needs no escaping.
SELECT
  request.number,
  (
    SELECT string_agg('{"name":"' || groups.name || '","claims":' || groups.claims || '}', ',' ORDER BY groups.name_key)
    FROM group_members
    JOIN groups ON groups.id = group_members.group_id
    WHERE group_members.user_id = users.id
  ) AS memberships,
  {users}
FROM {request}
JOIN users ON users.id = request.id
