-- A page of the members of a group.
SELECT {users}
FROM {request}
JOIN groups ON groups.name_key = request.name_key
JOIN group_members ON group_members.group_id = groups.id
JOIN users ON users.id = group_members.user_id
WHERE group_members.user_id > request.after
ORDER BY group_members.user_id
LIMIT {rows}
