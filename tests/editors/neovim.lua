-- What Neovim does with the language server: attach, show, rename, mend and format.
-- nvim --headless --clean -c 'luafile tests/editors/neovim.lua', from the folder of the repository.

local DESIGN = [[
client web
servce api
web   ->   api : https { auth = session }
]]

local function check(is_so, what)
  if not is_so then
    error(what, 2)
  end
end

local function wait(what, is_so)
  check(vim.wait(60000, is_so, 20), 'no ' .. what)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
end

local function codes()
  return vim.tbl_map(function(it)
    return it.code
  end, vim.diagnostic.get(0))
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000)
  for _, answer in pairs(answers or {}) do
    check(not answer.err, vim.inspect(answer.err))
    return answer.result
  end
end

local function cursor(words)
  vim.fn.cursor(1, 1)
  check(vim.fn.search(words, 'c') > 0, words .. ' is not there')
end

local function client()
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  return get()[1]
end

--- What stands at the cursor, as a request asks for it.
local function here(range)
  local encoding = client().offset_encoding
  return vim.lsp.util[range and 'make_range_params' or 'make_position_params'](0, encoding)
end

local function run()
  vim.opt.runtimepath:append({ 'editors/vim', 'editors/neovim' })
  vim.cmd('filetype plugin on')
  vim.cmd('syntax on')
  vim.cmd('runtime! plugin/loadpath.lua ftdetect/*.lua ftdetect/*.vim')
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, 'p')

  -- The project is found in a folder of any name, and in a worktree, whose `.git` is a file.
  local worktree = vim.fn.tempname() .. '/our shop, 2'
  vim.fn.mkdir(worktree .. '/sub dir', 'p')
  vim.fn.writefile({ 'gitdir: elsewhere' }, worktree .. '/.git')
  local buffer = vim.fn.bufadd(worktree .. '/sub dir/shop.arch')
  local root
  local function found_root(it)
    root = it
  end
  dofile('editors/neovim/lsp/loadpath.lua').root_dir(buffer, found_root)
  check(root == worktree, vim.inspect(root))
  vim.fn.writefile({}, worktree .. '/sub dir/loadpath.toml')
  dofile('editors/neovim/lsp/loadpath.lua').root_dir(buffer, found_root)
  check(root == worktree .. '/sub dir', vim.inspect(root))

  -- Markdown without a design is none of ours.
  vim.fn.writefile({ '# Notes', '```text', 'arch', '```' }, folder .. '/notes.md')
  vim.cmd('edit ' .. folder .. '/notes.md')
  vim.wait(300)
  check(client() == nil, 'a client for Markdown without designs')

  vim.fn.writefile(vim.split(DESIGN, '\n', { trimempty = true }), folder .. '/shop.arch')
  vim.cmd('edit ' .. folder .. '/shop.arch')
  check(vim.bo.filetype == 'arch', 'the file type is ' .. vim.bo.filetype)
  check(vim.bo.commentstring == '// %s', vim.bo.commentstring)
  wait('client', function()
    return client() ~= nil
  end)
  wait('diagnostics', function()
    return vim.tbl_contains(codes(), 'LP004')
  end)
  local found = vim.tbl_filter(function(it)
    return it.code == 'LP004'
  end, vim.diagnostic.get(0))[1]
  check(found.lnum == 1 and found.col == 0, vim.inspect(found))

  -- The fix that is offered is made in the buffer.
  cursor('servce')
  local params = here(true)
  params.context = { diagnostics = {} }
  local fixes = vim.tbl_filter(function(it)
    return it.isPreferred
  end, ask('textDocument/codeAction', params))
  check(#fixes > 0, 'no fix')
  vim.lsp.util.apply_workspace_edit(fixes[1].edit, client().offset_encoding)
  check(text():find('service api', 1, true), text())
  wait('end of the finding', function()
    return not vim.tbl_contains(codes(), 'LP004')
  end)

  cursor('api')
  local hover = ask('textDocument/hover', here())
  check(hover.contents.value:find('**api**: service', 1, true), vim.inspect(hover))

  vim.lsp.buf.rename('shop')
  wait('other name', function()
    return text():find('service shop', 1, true) and text():find('->   shop : https', 1, true)
  end)

  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = 60000 })
  else
    vim.lsp.buf.formatting_sync(nil, 60000)
  end
  check(text():find('\nweb -> shop : https { auth = session }\n', 1, true), text())

  -- What is typed stands as deep as its brackets say.
  vim.cmd('edit! ' .. folder .. '/typed.arch')
  vim.cmd('runtime! indent/arch.vim')
  check(vim.bo.indentexpr ~= '', 'no indentation')
  local typed = 'system "S {" { // {\navailability = 99%\n}\nregion eu {\nzone a {\nservice api {\ncapacity = 1/s\n}\n}\n}\nclient web'
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('i' .. typed .. '<Esc>', true, false, true), 'xt', false)
  local depths = {}
  for line = 1, vim.fn.line('$') do
    depths[line] = vim.fn.indent(line)
  end
  check(vim.deep_equal(depths, { 0, 2, 0, 0, 2, 4, 6, 4, 2, 0, 0 }), vim.inspect(depths) .. text())
  vim.cmd('edit! ' .. folder .. '/shop.arch')

  -- Markdown with a design is one.
  vim.fn.writefile({ '# Design', '- ```arch', '  servce api', '  ```' }, folder .. '/design.md')
  vim.cmd('edit ' .. folder .. '/design.md')
  wait('diagnostics in Markdown', function()
    return vim.tbl_contains(codes(), 'LP004')
  end)
end

local ok, why = xpcall(run, debug.traceback)
io.stdout:write(ok and 'done\n' or why .. '\n')
vim.cmd(ok and 'qall!' or 'cquit!')
