-- Whether a client lets the user of the request enter.
(
  NOT clients.members_only
  OR EXISTS (
    SELECT 1 FROM allowed_groups
    JOIN group_members ON group_members.group_id = allowed_groups.group_id
    WHERE allowed_groups.client_id = clients.id
    AND group_members.user_id = request.user_id
  )
)
