// Takes the workflow commands in files apart, has GitHub's own library write them again, and compares.
//
// usage: node github.cjs FOLDER_OF_NODE_MODULES FILE...

const fs = require('node:fs')
const path = require('node:path')

const [modules, ...files] = process.argv.slice(2)
const core = require(path.resolve(modules, '@actions/core'))

const decoded = (text) => text.replace(/%(25|0D|0A|3A|2C)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))

// What the library calls the properties of a command.
const NAMES = { title: 'title', file: 'file', line: 'startLine', endLine: 'endLine', col: 'startColumn', endColumn: 'endColumn' }

function written(line) {
  const [, level, list, message] = /^::(error|warning|notice)(?: (.*?))?::(.*)$/.exec(line)
  const properties = {}
  for (const property of list ? list.split(',') : []) {
    const [key, value] = property.split('=', 1).concat(property.slice(property.indexOf('=') + 1))
    const text = decoded(value)
    properties[NAMES[key]] = key === 'title' || key === 'file' ? text : Number(text)
  }
  const write = process.stdout.write
  let shown = ''
  process.stdout.write = (text) => ((shown += text), true)
  core[level](decoded(message), properties)
  process.stdout.write = write
  return shown.replace(/\r?\n$/, '')
}

let lines = 0
for (const file of files) {
  for (const line of fs.readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const again = written(line)
    if (again !== line) {
      console.error(`${file}:\n  ${line}\nis written by GitHub's library as\n  ${again}`)
      process.exitCode = 1
    }
    lines++
  }
}
console.log(lines)
