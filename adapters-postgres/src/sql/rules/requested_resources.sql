-- Whether no resource of the request was deleted.
(
  request.resources IS NULL
  OR NOT EXISTS (
    SELECT 1 FROM ended_resources
    WHERE request.resources LIKE '%' || ended_resources.incarnation || '%'
  )
)
