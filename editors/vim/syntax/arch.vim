" Vim syntax file
" Language: the architecture description language of Loadpath

if exists('b:current_syntax')
  finish
endif

" Names may hold a hyphen, and a word is coloured only as a whole.
setlocal iskeyword+=-
setlocal commentstring=//\ %s

syntax keyword archStatement system template include flow constraint allow on forbid require kind
syntax keyword archKind client person third_party external dns cdn load_balancer reverse_proxy
syntax keyword archKind api_gateway service function worker scheduler cache database object_store
syntax keyword archKind file_store search_index queue stream registry identity secrets config
syntax keyword archKind monitoring
syntax keyword archGroup region zone host network group
syntax keyword archRelation else
syntax keyword archAbsent none false true

syntax match archArrow /->\|\~>/
syntax match archRoute /\.\.\./
syntax match archCount /\<x\d\+\%(\.\.\d*\)\?/
syntax match archTag /#[A-Za-z_][A-Za-z0-9_-]*/
syntax match archNumber /\<\d[0-9_]*\%(\.\d\+\)\?\%([A-Za-z]\+\|%\)\?\%(\/[a-z]\+\)\?/
syntax match archProperty /\<[A-Za-z_][A-Za-z0-9_-]*\ze\s*=/
syntax match archEngine /:\s*\zs[A-Za-z_][A-Za-z0-9_-]*\%(\s*[|,]\s*[A-Za-z_][A-Za-z0-9_-]*\)*/

syntax match archEscape /\\["\\]/ contained
syntax region archString start=/"/ skip=/\\./ end=/"/ oneline contains=archEscape
syntax keyword archTodo TODO FIXME contained
syntax match archComment /\/\/.*/ contains=archTodo,@Spell
syntax region archComment start=/\/\*/ end=/\*\// contains=archTodo,@Spell
syntax region archBlock start=/{/ end=/}/ transparent fold

highlight default link archStatement Keyword
highlight default link archKind Type
highlight default link archGroup Structure
highlight default link archRelation Operator
highlight default link archAbsent Boolean
highlight default link archArrow Operator
highlight default link archRoute Operator
highlight default link archCount Number
highlight default link archTag Tag
highlight default link archNumber Number
highlight default link archProperty Identifier
highlight default link archEngine Constant
highlight default link archEscape SpecialChar
highlight default link archString String
highlight default link archTodo Todo
highlight default link archComment Comment

let b:current_syntax = 'arch'
