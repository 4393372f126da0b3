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
    local mark = vim.fn.findfile('loadpath.toml', folder .. ';')
    if mark == '' then
      mark = vim.fn.finddir('.git', folder .. ';')
    end
    on_dir(mark == '' and folder or vim.fn.fnamemodify(mark, ':p:h'):gsub('/%.git$', ''))
  end,
  settings = {
    loadpath = {
      -- profile = 'review',
      hints = { load = true, utilisation = true, availability = true },
      lens = true,
    },
  },
}
