;;; arch-mode.el --- Edit designs in the .arch language  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; A major mode for `.arch', the architecture description language of
;; Loadpath: colours, comments, indentation and an index.  With Eglot the
;; language server `loadpath lsp' adds findings, hover, completion, rename
;; and the rest:
;;
;;   (add-hook 'arch-mode-hook #'eglot-ensure)

;;; Code:

(defgroup arch nil
  "Designs in the .arch language."
  :group 'languages)

(defcustom arch-indent-offset 2
  "How many columns a block is indented by."
  :type 'integer
  :safe #'integerp)

(defcustom arch-server-program '("loadpath" "lsp")
  "The command that starts the language server."
  :type '(repeat string))

(defcustom arch-settings nil
  "What the language server is told, as a property list.
For example (:profile \"review\" :hints (:load t :availability :json-false))."
  :type '(plist :key-type symbol))

(defconst arch-mode-statements
  '("system" "template" "include" "flow" "constraint" "allow" "on" "forbid" "require" "kind" "else")
  "Words that begin a statement, or stand inside of one.")

(defconst arch-mode-kinds
  '("client" "person" "third_party" "external" "dns" "cdn" "load_balancer" "reverse_proxy"
    "api_gateway" "service" "function" "worker" "scheduler" "cache" "database" "object_store"
    "file_store" "search_index" "queue" "stream" "registry" "identity" "secrets" "config"
    "monitoring")
  "The kinds of components.")

(defconst arch-mode-groups
  '("region" "zone" "host" "network" "group")
  "The kinds of groups.")

(defvar arch-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    ;; A hyphen belongs to a name; in front of `>' it does not, see `arch-mode--propertize'.
    (modify-syntax-entry ?- "_" table)
    (modify-syntax-entry ?# "'" table)
    (dolist (sign '(?> ?~ ?= ?| ?, ?: ?% ?.))
      (modify-syntax-entry sign "." table))
    table)
  "The syntax table of `arch-mode'.")

(defconst arch-mode--name "[A-Za-z_]\\(?:[A-Za-z0-9_]\\|-+[A-Za-z0-9_]\\)*"
  "What a name looks like.")

(defconst arch-mode--propertize
  (syntax-propertize-rules ("\\(-\\)>" (1 ".")))
  "What an arrow is made of belongs to no name.")

(defconst arch-mode-font-lock-keywords
  `((,(concat "#" arch-mode--name) 0 font-lock-preprocessor-face)
    ("->\\|~>\\|\\.\\.\\." 0 font-lock-builtin-face)
    (,(concat "\\_<flow[ \t]+\\(" arch-mode--name "\\)") 1 font-lock-function-name-face)
    (,(concat "\\_<template[ \t]+\\(" arch-mode--name "\\)") 1 font-lock-type-face)
    (,(concat "\\(" arch-mode--name "\\)[ \t]*=[^=]") 1 font-lock-variable-name-face)
    (,(regexp-opt '("none" "true" "false") 'symbols) 0 font-lock-constant-face)
    (,(regexp-opt arch-mode-statements 'symbols) 0 font-lock-keyword-face)
    (,(regexp-opt (append arch-mode-kinds arch-mode-groups) 'symbols) 0 font-lock-type-face)
    (,(concat ":[ \t]*\\(" arch-mode--name "\\(?:[ \t]*[|,][ \t]*" arch-mode--name "\\)*\\)")
     1 font-lock-constant-face)
    ("\\_<x[0-9]+\\(?:\\.\\.[0-9]*\\)?" 0 font-lock-constant-face))
  "What is coloured in `arch-mode'.")

(defvar arch-mode-imenu-generic-expression
  `(("Flows" ,(concat "^[ \t]*flow[ \t]+\\(" arch-mode--name "\\)") 1)
    ("Templates" ,(concat "^[ \t]*template[ \t]+\\(" arch-mode--name "\\)") 1)
    ("Constraints" ,(concat "^[ \t]*constraint[ \t]+\\(" arch-mode--name "\\)") 1)
    ("Groups" ,(concat "^[ \t]*" (regexp-opt arch-mode-groups) "[ \t]+\\(" arch-mode--name "\\)") 1)
    ("Components" ,(concat "^[ \t]*" (regexp-opt arch-mode-kinds) "[ \t]+\\(" arch-mode--name "\\)") 1))
  "The index of `arch-mode'; with the language server Eglot has a better one.")

(defun arch-mode--goes-on-p ()
  "Return non-nil if the statement of the line before is not at its end."
  (save-excursion
    (forward-line 0)
    (forward-comment (- (point)))
    (or (memq (char-before) '(?, ?| ?/ ?=))
        (looking-back "[-~]>\\|\\_<else" (line-beginning-position)))))

(defun arch-mode--indentation ()
  "The column that the line of point begins in; nil inside of a comment or text."
  (save-excursion
    (forward-line 0)
    (let* ((state (syntax-ppss))
           (open (nth 1 state)))
      (unless (nth 8 state)
        (skip-chars-forward " \t")
        (let ((closes (looking-at "[])}]"))
              (goes-on (and (arch-mode--goes-on-p)
                            (not (memq (and open (char-after open)) '(?\( ?\[))))))
          (if (not open)
              (if goes-on arch-indent-offset 0)
            (goto-char open)
            ;; A comma goes on in lists, and between the lines of a block there is none.
            (+ (current-indentation)
               (cond (closes 0)
                     (goes-on (* 2 arch-indent-offset))
                     (t arch-indent-offset)))))))))

(defun arch-mode-indent-line ()
  "Indent the line of point."
  (let ((column (arch-mode--indentation)))
    (if (not column)
        'noindent
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

;;;###autoload
(define-derived-mode arch-mode prog-mode "Arch"
  "Major mode for designs in the .arch language of Loadpath."
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "\\(?://+\\|/\\*+\\)[ \t]*")
  (setq-local syntax-propertize-function arch-mode--propertize)
  (setq-local font-lock-defaults '(arch-mode-font-lock-keywords))
  (setq-local indent-line-function #'arch-mode-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local electric-indent-chars (append "}])\n" electric-indent-chars))
  (setq-local imenu-generic-expression arch-mode-imenu-generic-expression))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.arch\\'" . arch-mode))

(defvar eglot-server-programs)
(defun arch-mode--server (&rest _)
  "The contact of the language server, as Eglot wants it."
  (append arch-server-program
          (and arch-settings (list :initializationOptions arch-settings))))

;;;###autoload
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((arch-mode arch-ts-mode) . arch-mode--server)))

(provide 'arch-mode)
;;; arch-mode.el ends here
