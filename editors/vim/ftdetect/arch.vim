" Design files are of the file type `arch`.
autocmd BufNewFile,BufRead *.arch setfiletype arch
