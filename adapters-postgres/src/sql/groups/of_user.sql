-- The groups that a user is a member of.
SELECT {groups}
FROM {request}
JOIN group_members ON group_members.user_id = request.user_id
JOIN groups ON groups.id = group_members.group_id
ORDER BY groups.name_key
LIMIT {rows}
