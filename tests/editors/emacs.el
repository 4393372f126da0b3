;;; emacs.el --- What Emacs does with designs  -*- lexical-binding: t; -*-

;; emacs -q --batch -L editors/emacs -l tests/editors/emacs.el -f ert-run-tests-batch-and-exit

;;; Code:

(require 'ert)
(require 'arch-mode)
(require 'bytecomp)
(require 'checkdoc)
(require 'imenu)

(defconst examples (directory-files "examples" t "\\.arch\\'"))

(defun example (file)
  "The text of FILE."
  (with-temp-buffer (insert-file-contents file) (buffer-string)))

(defmacro with-design (text &rest body)
  "Evaluate BODY in a buffer of `arch-mode' that holds TEXT."
  (declare (indent 1))
  `(with-temp-buffer
     (insert ,text)
     (arch-mode)
     (font-lock-ensure)
     (goto-char (point-min))
     ,@body))

(ert-deftest the-mode-comes-with-the-name ()
  (should (eq (cdr (assoc-string "\\.arch\\'" auto-mode-alist)) 'arch-mode)))

(ert-deftest examples-are-indented-as-they-are ()
  (should (> (length examples) 20))
  (dolist (file examples)
    (with-design (example file)
      (indent-region (point-min) (point-max))
      (should (equal (cons file (buffer-string)) (cons file (example file)))))))

(ert-deftest indentation-follows-from-what-is-open ()
  (dolist (file examples)
    (let ((text (example file)))
      (with-design (replace-regexp-in-string "^[ \t]+" "" text)
        (indent-region (point-min) (point-max))
        (should (equal (cons file (buffer-string)) (cons file text)))))))

(defun face (words)
  "The face of the last letter of the first WORDS."
  (goto-char (point-min))
  (search-forward words)
  (get-text-property (1- (point)) 'face))

(ert-deftest words-have-their-faces ()
  (with-design "// a remark
system \"Shop // no remark\" { availability = 99.9% }
service api-v2 x3 : go #core
client web
web -> api-v2 : https { timeout = none } /* kind */
flow buy { web -> api-v2 }
"
    (should (eq (face "remark") 'font-lock-comment-face))
    (should (eq (face "no remark") 'font-lock-string-face))
    (should (eq (face "system") 'font-lock-keyword-face))
    (should (eq (face "availability") 'font-lock-variable-name-face))
    (should (eq (face "service") 'font-lock-type-face))
    (should (eq (face "#core") 'font-lock-preprocessor-face))
    (should (eq (face "x3") 'font-lock-constant-face))
    (should (eq (face "->") 'font-lock-builtin-face))
    (should (eq (face "https") 'font-lock-constant-face))
    (should (eq (face "none") 'font-lock-constant-face))
    (should (eq (face "/* kind") 'font-lock-comment-face))
    (should (eq (face "flow buy") 'font-lock-function-name-face))
    (should-not (face "api-v2"))))

(ert-deftest every-kind-is-a-type ()
  (dolist (kind (append arch-mode-kinds arch-mode-groups))
    (with-design (concat kind " some\n")
      (should (eq (face kind) 'font-lock-type-face)))))

(ert-deftest a-name-with-a-hyphen-is-one-symbol ()
  (with-design "api-v2->db\n"
    (should (equal (thing-at-point 'symbol) "api-v2"))
    (search-forward ">")
    (should (equal (thing-at-point 'symbol) "db"))))

(ert-deftest lines-become-comments-and-back ()
  (with-design "client web\nservice api\n"
    (comment-region (point-min) (point-max))
    (should (equal (buffer-string) "// client web\n// service api\n"))
    (uncomment-region (point-min) (point-max))
    (should (equal (buffer-string) "client web\nservice api\n"))))

(ert-deftest the-index-holds-what-is-declared ()
  (with-design "service api\nregion east {\n  database db\n}\nflow buy { api -> db }\n"
    (let ((index (imenu--make-index-alist t)))
      (should (assoc "api" (cdr (assoc "Components" index))))
      (should (assoc "db" (cdr (assoc "Components" index))))
      (should (assoc "east" (cdr (assoc "Groups" index))))
      (should (assoc "buy" (cdr (assoc "Flows" index)))))))

(defconst mode "editors/emacs/arch-mode.el")

(ert-deftest the-mode-compiles-without-warnings ()
  (let* ((compiled (make-temp-file "arch" nil ".elc"))
         (byte-compile-error-on-warn t)
         (byte-compile-dest-file-function (lambda (_) compiled)))
    (should (eq (byte-compile-file mode) t))
    (delete-file compiled)))

(ert-deftest the-mode-is-documented ()
  (let* (told
         (checkdoc-create-error-function (lambda (text &rest _) (push text told) nil)))
    (with-current-buffer (find-file-noselect mode)
      (checkdoc-current-buffer t))
    (should-not told)))

;; The language server.

(require 'eglot)
(require 'flymake)

(defconst design "client web\nservce api\nweb   ->   api : https { auth = session }\n")

(defun await (what is-so)
  "Wait until IS-SO gives something; WHAT names it."
  (let ((end (+ (float-time) 60)) found)
    (while (not (setq found (funcall is-so)))
      (when (> (float-time) end) (error "No %s" what))
      (accept-process-output nil 0.05))
    found))

(defun findings ()
  "The text of all that Flymake shows."
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))

(defun rest-of-line (words)
  "The line from WORDS on."
  (goto-char (point-min))
  (search-forward words)
  (buffer-substring (match-beginning 0) (line-end-position)))

(ert-deftest eglot-shows-mends-renames-and-formats ()
  (let* ((folder (make-temp-file "arch" t))
         (file (expand-file-name "shop.arch" folder))
         (eglot-sync-connect t)
         (eglot-confirm-server-initiated-edits nil)
         (eglot-autoshutdown t)
         (arch-settings '(:profile "review")))
    (with-temp-file file (insert design))
    (with-current-buffer (find-file-noselect file)
      (should (eq major-mode 'arch-mode))
      (apply #'eglot (eglot--guess-contact))
      (should (eglot-managed-p))
      (should (equal (eglot-initialization-options (eglot-current-server)) arch-settings))
      ;; In a batch nothing starts it by itself.
      (flymake-start)
      (await "finding" (lambda () (string-match-p "`servce` is not a kind" (findings))))
      (let ((found (seq-find (lambda (it) (string-match-p "not a kind" (flymake-diagnostic-text it)))
                             (flymake-diagnostics))))
        (should (equal (buffer-substring (flymake-diagnostic-beg found) (flymake-diagnostic-end found))
                       "servce"))
        (should (eq (flymake-diagnostic-type found) 'eglot-error)))
      (goto-char (point-min))
      (search-forward "servce")
      (backward-char)
      ;; The fix: the one that the server prefers.
      (let* ((params (list :textDocument (eglot--TextDocumentIdentifier)
                           :range (list :start (eglot--pos-to-lsp-position)
                                        :end (eglot--pos-to-lsp-position))
                           :context (list :diagnostics [])))
             (actions (jsonrpc-request (eglot-current-server) :textDocument/codeAction params))
             (fix (seq-find (lambda (it) (plist-get it :isPreferred)) actions)))
        (should fix)
        (eglot--apply-workspace-edit (plist-get fix :edit)))
      (should (equal (rest-of-line "service") "service api"))
      ;; What Emacs does when it is idle, which it never is in a batch.
      (eglot--signal-textDocument/didChange)
      (await "end of the finding" (lambda () (not (string-match-p "not a kind" (findings)))))
      (rest-of-line "api")
      (goto-char (match-beginning 0))
      (eglot-rename "shop")
      (should (equal (rest-of-line "service") "service shop"))
      (should (equal (rest-of-line "web   ->") "web   ->   shop : https { auth = session }"))
      (eglot-format-buffer)
      (should (equal (rest-of-line "web ->") "web -> shop : https { auth = session }"))
      ;; Eglot's index comes from the server.
      (should (imenu--make-index-alist t))
      (set-buffer-modified-p nil)
      (kill-buffer))
    (delete-directory folder t)))

(ert-deftest the-server-can-have-markdown ()
  (with-temp-buffer
    (insert-file-contents "docs/editors.md")
    (search-forward "(with-eval-after-load 'eglot")
    (goto-char (match-beginning 0))
    (let ((eglot-server-programs (copy-sequence eglot-server-programs)))
      (eval (read (current-buffer)) t)
      (should (equal (funcall (cdar eglot-server-programs)) arch-server-program))
      (should (memq 'markdown-mode (caar eglot-server-programs))))))

(ert-deftest the-mode-with-the-grammar-starts-and-has-the-server ()
  "Debian's Emacs has no tree-sitter: what stands in for it says that all is there, and does nothing."
  (skip-unless (not (require 'treesit nil t)))
  (provide 'treesit)
  (let ((is-set-up nil) (is-hooked nil))
    (cl-letf (((symbol-function 'treesit-ready-p) (lambda (language &rest _) (eq language 'arch)))
              ((symbol-function 'treesit-parser-create) #'ignore)
              ((symbol-function 'treesit-font-lock-rules) #'list)
              ((symbol-function 'treesit-major-mode-setup) (lambda () (setq is-set-up t))))
      (require 'arch-ts-mode)
      (with-temp-buffer
        (add-hook 'arch-ts-mode-hook (lambda () (setq is-hooked t)))
        (arch-ts-mode)
        (should is-set-up)
        (should is-hooked)
        (should (equal comment-start "// "))
        (should (equal (caar treesit-simple-indent-rules) 'arch))
        (should (equal (cdr (eglot--lookup-mode 'arch-ts-mode)) (cdr (eglot--lookup-mode 'arch-mode))))))))

;;; emacs.el ends here
