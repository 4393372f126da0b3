-- How Neovim starts the language server: `vim.lsp.enable('loadpath')` reads this from 0.11 on, and
-- `plugin/loadpath.lua` before that.

--- Whether a buffer is a design, or Markdown that holds one.
local function is_design(buffer)
  if vim.bo[buffer].filetype ~= 'markdown' then
    return true
  end
  for _, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    if line:match('^[%s>*+-]*```+%s*arch%f[^%w_]') or line:match('^[%s>*+-]*~~~+%s*arch%f[^%w_]') then
      return true
    end
  end
  return false
end

--- The nearest folder above, itself included, that holds something of this name: a file or a folder, for `.git` is a
--- file in a worktree. `findfile` would take blanks and commas of the path for its own.
local function above(folder, name)
  while true do
    if (vim.uv or vim.loop).fs_stat(folder .. '/' .. name) then
      return folder
    end
    local parent = vim.fn.fnamemodify(folder, ':h')
    if parent == folder then
      return nil
    end
    folder = parent
  end
end

return {
  cmd = { 'loadpath', 'lsp' },
  filetypes = { 'arch', 'markdown' },
  --- Gives the folder of the project: that of its `loadpath.toml`, or its repository, or of the file itself.
  root_dir = function(buffer, on_dir)
    if not is_design(buffer) then
      return
    end
    local file = vim.api.nvim_buf_get_name(buffer)
    local folder = vim.fn.fnamemodify(file, ':p:h')
    on_dir(above(folder, 'loadpath.toml') or above(folder, '.git') or folder)
  end,
  settings = {
    loadpath = {
      -- profile = 'review',
      hints = { load = true, utilisation = true, availability = true },
      lens = true,
    },
  },
}
