// The grammar, run by the engine that VS Code runs it with.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const root = here("../../../");

await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
const FILES = {
  "source.arch": here("../syntaxes/arch.tmLanguage.json"),
  "markdown.arch": here("../syntaxes/markdown-arch.tmLanguage.json"),
  "text.html.markdown": `${root}target/vscode/node_modules/code-server/lib/vscode/extensions/markdown-basics/syntaxes/markdown.tmLanguage.json`,
};
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) =>
    FILES[scope] ? textmate.parseRawGrammar(readFileSync(FILES[scope], "utf8"), FILES[scope]) : null,
  getInjections: (scope) => (scope === "text.html.markdown" ? ["markdown.arch"] : undefined),
});
const arch = await registry.loadGrammar("source.arch");
const markdown = await registry.loadGrammar("text.html.markdown");

/** The words of a text, each with its innermost scope without the language, parted by what is not coloured. */
function tokens(grammar, text) {
  let stack = textmate.INITIAL;
  const all = [];
  for (const [at, line] of text.split("\n").entries()) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const word = line.slice(startIndex, endIndex).trim();
      if (word) all.push({ at, word, scopes, scope: scopes.at(-1).replace(/\.arch$/, "") });
    }
  }
  return all;
}

/** `word scope` of each token that is coloured, signs aside. */
function coloured(text) {
  return tokens(arch, text)
    .filter(({ scope }) => scope !== "source" && !scope.startsWith("punctuation"))
    .map(({ word, scope }) => `${word} ${scope}`);
}

test("declarations: kinds, names, engines, counts, tags and figures", () => {
  assert.deepEqual(coloured("service api, shop x2..10 : go | rust #core { zones = 3, capacity = 1.5k/s } // as is"), [
    "service support.type.kind",
    "api, shop variable.other.component",
    "x2..10 constant.numeric.count",
    "go support.constant.engine",
    "| keyword.operator.relation",
    "rust support.constant.engine",
    "#core entity.other.attribute-name.tag",
    "zones variable.other.property",
    "= keyword.operator.assignment",
    "3 constant.numeric",
    "capacity variable.other.property",
    "= keyword.operator.assignment",
    "1.5 constant.numeric",
    "k keyword.other.unit",
    "/s keyword.other.unit",
    "// as is comment.line.double-slash",
  ]);
});

test("links: arrows, alternatives, protocols and properties", () => {
  assert.deepEqual(coloured('web -> (east.api else west.api) "asks" : https { timeout = none }'), [
    "-> keyword.operator.arrow",
    "else keyword.operator.relation",
    '" string.quoted.double',
    "asks string.quoted.double",
    '" string.quoted.double',
    "https support.constant.engine",
    "timeout variable.other.property",
    "= keyword.operator.assignment",
    "none constant.language",
  ]);
});

test("statements, each with what it names", () => {
  const first = (text) => coloured(text).slice(0, 2);
  assert.deepEqual(first('flow buy "Buy" { writes }'), ["flow keyword.control", "buy entity.name.function.flow"]);
  assert.deepEqual(first('system "Shop" {'), ["system keyword.control", '" string.quoted.double']);
  assert.deepEqual(first("template stamp : region {"), ["template keyword.control", "stamp entity.name.class.template"]);
  assert.deepEqual(first("stamp east, west"), ["stamp entity.name.type.template", "east, west variable.other.component"]);
  assert.deepEqual(first("region eu { service api }"), ["region storage.type.group", "eu entity.name.namespace"]);
  assert.deepEqual(coloured("allow shared-database on a -> b"), [
    "allow keyword.control",
    "shared-database support.function.rule",
    "on keyword.other",
    "-> keyword.operator.arrow",
  ]);
  assert.deepEqual(coloured("constraint { forbid = kind client -> ... -> kind database without gate }"), [
    "constraint keyword.control",
    "forbid keyword.control.clause",
    "= keyword.operator.assignment",
    "kind keyword.other",
    "client support.type.kind",
    "-> keyword.operator.arrow",
    "... keyword.operator.way",
    "-> keyword.operator.arrow",
    "kind keyword.other",
    "database support.type.kind",
    "without keyword.other",
  ]);
});

test("nothing is reserved: what is called like a word of the language is a name", () => {
  assert.deepEqual(coloured("flow -> cache, queue"), ["-> keyword.operator.arrow"]);
  assert.deepEqual(coloured("cache -> kind.on"), ["-> keyword.operator.arrow"]);
  assert.deepEqual(coloured("system = 1")[0], "system variable.other.property");
  assert.deepEqual(coloured("monitoring"), ["monitoring support.type.kind"]);
  assert.deepEqual(coloured("service"), ["service support.type.kind"]);
  assert.deepEqual(coloured("service-a -> x2-b"), ["-> keyword.operator.arrow"]);
});

test("a text ends with its line, a comment with its sign", () => {
  assert.deepEqual(coloured('service a "open\nservice b').slice(-2), [
    "service support.type.kind",
    "b variable.other.component",
  ]);
  assert.deepEqual(coloured("/* one\nservice a */ service b").at(-1), "*/ comment.block");
});

test("in the examples, every declaration is coloured, and nothing is wrong", () => {
  const names = readdirSync(`${root}examples`).filter((it) => it.endsWith(".arch"));
  assert.ok(names.length > 20);
  for (const name of names) {
    const text = readFileSync(`${root}examples/${name}`, "utf8");
    const lines = text.split("\n");
    for (const { at, word, scope } of tokens(arch, text)) {
      assert.ok(!scope.startsWith("invalid"), `${name}:${at + 1}: ${word}`);
      // What is left is what was declared elsewhere: names, properties without a value, words of values.
      if (scope === "source") assert.match(word, /^[\w.-]+$/, `${name}:${at + 1}: ${lines[at]}`);
    }
    const kinds = tokens(arch, text).filter(({ scope }) => scope === "support.type.kind");
    assert.ok(kinds.length > 1, name);
  }
});

test("fences in Markdown, also with more words, in lists and after text", () => {
  const text = "# Shop\n\n```arch ignore\nservice api\n```\n\nservice api\n\n- so:\n\n  ~~~arch\n  database db\n  ~~~\n\n```architecture\nservice api\n```\n";
  const kinds = tokens(markdown, text).filter(({ scope }) => scope === "support.type.kind");
  assert.deepEqual(kinds.map(({ at, word }) => `${at} ${word}`), ["3 service", "11 database"]);
  const inside = kinds.every(({ scopes }) => scopes.includes("meta.embedded.block.arch"));
  assert.ok(inside);
});
