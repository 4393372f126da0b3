-- Starts the language server for designs. Before Neovim 0.11 there is no `vim.lsp.enable`; this does the same.

if vim.g.loaded_loadpath then
  return
end
vim.g.loaded_loadpath = true

if vim.lsp.enable then
  vim.lsp.enable('loadpath')
  return
end

local config = dofile(vim.api.nvim_get_runtime_file('lsp/loadpath.lua', false)[1])
local clients = {}

--- Attaches a buffer to the server of its folder; one is started where there is none.
local function start(buffer, folder)
  local told = { name = 'loadpath', cmd = config.cmd, root_dir = folder, settings = config.settings }
  told.init_options = config.settings.loadpath
  if vim.lsp.start then
    vim.lsp.start(told, { bufnr = buffer })
    return
  end
  if not (clients[folder] and vim.lsp.get_client_by_id(clients[folder])) then
    clients[folder] = vim.lsp.start_client(told)
  end
  if clients[folder] then
    vim.lsp.buf_attach_client(buffer, clients[folder])
  end
end

vim.api.nvim_create_autocmd('FileType', {
  pattern = config.filetypes,
  callback = function(event)
    config.root_dir(event.buf, function(folder)
      start(event.buf, folder)
    end)
  end,
})
