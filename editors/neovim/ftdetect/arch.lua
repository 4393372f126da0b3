-- Design files are of the file type `arch`.
vim.filetype.add({ extension = { arch = 'arch' } })
