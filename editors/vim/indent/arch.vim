" How deep a line of a design stands: two blanks for each bracket that is open above it.

if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=ArchIndent(v:lnum)
setlocal indentkeys=0},0],0),!^F,o,O
setlocal expandtab shiftwidth=2 softtabstop=2
let b:undo_indent = 'setlocal indentexpr< indentkeys< expandtab< shiftwidth< softtabstop<'

if exists('*ArchIndent')
  finish
endif

" A line without texts and comments: what is in them opens nothing.
function! s:Plain(lnum) abort
  let line = substitute(getline(a:lnum), '"\%([^"\\]\|\\.\)*"\?', '', 'g')
  let line = substitute(line, '/\*.\{-}\*/', '', 'g')
  return substitute(line, '//.*$', '', '')
endfunction

function! ArchIndent(lnum) abort
  let above = prevnonblank(a:lnum - 1)
  if above == 0
    return 0
  endif
  " Brackets that the line above leaves open, but for those that close what stood open before it.
  let line = s:Plain(above)
  let depth = len(substitute(line, '[^{[(]', '', 'g')) - len(substitute(line, '[^]})]', '', 'g'))
  let depth += len(matchstr(line, '^\s*\zs[]})]\+'))
  let depth -= len(matchstr(s:Plain(a:lnum), '^\s*\zs[]})]\+'))
  return max([0, indent(above) + depth * shiftwidth()])
endfunction
