; Comments may hold marks that have colours of their own. How `.arch` stands in Markdown is told in the README.
((comment) @injection.content
  (#set! injection.language "comment"))
