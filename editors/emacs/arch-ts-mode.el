;;; arch-ts-mode.el --- Designs of Loadpath  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "29.1"))

;;; Commentary:

;; Colours, indentation and an index for `.arch` files, by the grammar in editors/tree-sitter-arch.

;;; Code:

(require 'arch-mode) ; It tells Eglot of the server.
(require 'treesit)

(defvar arch-ts-mode--colours
  '((comment) @font-lock-comment-face
    (text) @font-lock-string-face
    (text (escape) @font-lock-escape-face)
    ["system" "include" "template" "flow" "constraint" "allow" "on" "forbid" "require" "kind" "where" "with"
     "without" "else"]
    @font-lock-keyword-face
    (element kind: (name) @font-lock-type-face)
    (element name: (name) @font-lock-variable-name-face)
    (template name: (name) @font-lock-type-face)
    (template base: (name) @font-lock-type-face)
    (by_kind kind: (name) @font-lock-type-face)
    (flow name: (name) @font-lock-function-name-face)
    (constraint name: (name) @font-lock-function-name-face)
    (allow rule: (name) @font-lock-function-name-face)
    (source (path) @font-lock-variable-use-face)
    (targets (path) @font-lock-variable-use-face)
    (group (path) @font-lock-variable-use-face)
    (select (path) @font-lock-variable-use-face)
    (place (path) @font-lock-variable-use-face)
    (engine (name) @font-lock-constant-face)
    (protocols (name) @font-lock-constant-face)
    (spoken (name) @font-lock-constant-face)
    (choice (path) @font-lock-constant-face)
    (property name: (name) @font-lock-property-name-face)
    [(measure) (count)] @font-lock-number-face
    (tag) @font-lock-preprocessor-face
    [(gap) "->" "~>" "|" "/" "="] @font-lock-operator-face
    ["," ";" ":"] @font-lock-delimiter-face
    ["{" "}" "(" ")" "[" "]"] @font-lock-bracket-face)
  "What each word of a design is.")

(defvar arch-ts-mode--indentation
  '((arch
     ((node-is "[])}]") parent-bol 0)
     ((parent-is "body\\|settings\\|list\\|group") parent-bol 2)
     ((parent-is "file") column-0 0)
     (catch-all parent-bol 2)))
  "How far in a line begins.")

(defun arch-ts-mode--name (node)
  "The name of what NODE declares, or its kind where that is its name."
  (treesit-node-text
   (or (treesit-node-child-by-field-name node "name") (treesit-node-child-by-field-name node "kind"))
   t))

;;;###autoload
(define-derived-mode arch-ts-mode prog-mode "Arch"
  "Major mode for designs of Loadpath."
  (unless (treesit-ready-p 'arch)
    (error "The grammar is missing: M-x treesit-install-language-grammar RET arch"))
  (treesit-parser-create 'arch)
  (modify-syntax-entry ?/ ". 124b")
  (modify-syntax-entry ?* ". 23")
  (modify-syntax-entry ?\n "> b")
  (setq-local comment-start "// "
              comment-end ""
              indent-tabs-mode nil
              treesit-font-lock-settings
              (treesit-font-lock-rules
               :language 'arch :feature 'design :override t arch-ts-mode--colours)
              treesit-font-lock-feature-list '((design))
              treesit-simple-indent-rules arch-ts-mode--indentation
              treesit-simple-imenu-settings
              '(("Element" "\\`element\\'" nil arch-ts-mode--name)
                ("Template" "\\`template\\'" nil arch-ts-mode--name)
                ("Flow" "\\`flow\\'" nil arch-ts-mode--name)
                ("Constraint" "\\`constraint\\'" nil arch-ts-mode--name)))
  (treesit-major-mode-setup))

;; Eglot makes the language's name of the mode's.
(put 'arch-ts-mode 'eglot-language-id "arch")

(provide 'arch-ts-mode)

;;; arch-ts-mode.el ends here
