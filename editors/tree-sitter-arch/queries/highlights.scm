; What each word is. Of these patterns one alone fits a word, so that it does not matter whether an editor lets the
; first or the last of several win.

(comment) @comment

[
  "system"
  "include"
  "template"
  "flow"
  "constraint"
  "allow"
  "on"
  "forbid"
  "require"
  "kind"
  "where"
  "with"
  "without"
  "else"
] @keyword

; Kinds: `service api`, `template ha : database`, `forbid = kind client`.
(element kind: (name) @type)
(template name: (name) @type)
(template base: (name) @type)
(by_kind kind: (name) @type)

; What is declared, and where it is spoken of.
(element name: (name) @variable)
(flow name: (name) @function)
(constraint name: (name) @function)
(allow rule: (name) @function)
(source (path) @variable)
(targets (path) @variable)
(group (path) @variable)
(select (path) @variable)
(place (path) @variable)

; What it is made of, and what is spoken over it.
(engine (name) @constant)
(protocols (name) @constant)
(spoken (name) @constant)

(property name: (name) @property)
((choice (path) @constant)
  (#not-any-of? @constant "none" "false" "true" "forever"))
((choice (path) @constant.builtin)
  (#any-of? @constant.builtin "none" "false" "true" "forever"))

(text) @string
(escape) @string.escape
(measure) @number
(count) @number
(tag) @attribute

["->" "~>" "|" "/" "="] @operator
(gap) @operator
["," ";" ":"] @punctuation.delimiter
["{" "}" "(" ")" "[" "]"] @punctuation.bracket
