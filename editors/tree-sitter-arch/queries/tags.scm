(element name: (name) @name) @definition.class
(element !name kind: (name) @name) @definition.class
(template name: (name) @name) @definition.interface
(flow name: (name) @name) @definition.function
(constraint name: (name) @name) @definition.function

(targets (path) @name @reference.call)
