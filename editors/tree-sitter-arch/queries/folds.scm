[
  (body)
  (settings)
  (flow_body)
  (constraint_body)
  (list)
  (group)
  (comment)
] @fold
