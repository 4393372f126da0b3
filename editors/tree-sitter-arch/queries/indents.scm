; Neovim and Helix each have their own words for it, and pass over the other's.
[
  (body)
  (settings)
  (flow_body)
  (constraint_body)
  (list)
  (group)
] @indent.begin @indent

["}" "]" ")"] @indent.branch @indent.end @outdent
