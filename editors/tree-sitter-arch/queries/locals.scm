; Names may be used before they are declared, and outside of their group: a file is one scope.
(file) @local.scope

(element name: (name) @local.definition)
(element !name kind: (name) @local.definition)
(template name: (name) @local.definition)
(flow name: (name) @local.definition)

(source (path) @local.reference)
(targets (path) @local.reference)
(group (path) @local.reference)
(select (path) @local.reference)
(place (path) @local.reference)
