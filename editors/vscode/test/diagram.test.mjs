// The picture, from the server's answer to what is drawn of it, without a browser.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { instance } from "@viz-js/viz";
import { buildSync } from "esbuild";
import { Server } from "./server.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const examples = here("../../../examples/");

/** A module of the page, which is written in TypeScript. */
async function page(path) {
  const entryPoints = [here(path)];
  const built = buildSync({ entryPoints, bundle: true, write: false, format: "esm" });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString("base64")}`);
}

const viz = await instance();
const { reading } = await page("../../../page/src/viewer/layout.ts");

/** The ids of the shapes of a picture that stand for an element. */
function shapes(svg) {
  const found = svg.matchAll(/<g id="([^"]+)" class="(?:node|edge|cluster) (?:component|group|link)/g);
  return [...found].map(([, id]) => id.replaceAll("&#45;", "-")).sort();
}

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

test("all that is drawn of the examples leads to its line, both ways, in known colours", async () => {
  const css = readFileSync(here("../src/page/diagram.css"), "utf8");
  // Seen on the light and on the dark: levels and what stands on them, lines of boxes and arrows.
  const onBoth = new Set(
    "none transparent white #dc2626 #f59e0b #2563eb #ffffff #1c1917 #94a3b8 #64748b #0284c7 #7c3aed #d97706 #e11d48 #16a34a #c026d3 #0d9488".split(" "),
  );
  const shown = { text: new Set(), area: new Set(), line: new Set() };
  for (const name of readdirSync(examples).filter((it) => it.endsWith(".arch"))) {
    const uri = pathToFileURL(examples + name).href;
    await server.open(uri, readFileSync(examples + name, "utf8"));
    const { dot, places, findings } = await server.graph(uri);
    for (const finding of findings) assert.ok(finding.location && finding.message && finding.element, name);
    const sideways = viz.renderString(dot, { format: "svg" });
    const down = viz.renderString(reading(dot, "down"), { format: "svg" });
    assert.ok(sideways !== down, name);
    const drawn = shapes(sideways);
    assert.ok(drawn.length > 2, name);
    assert.deepEqual(shapes(down), drawn, name);
    // Each element is drawn once, and leads to its line.
    assert.deepEqual(drawn, places.map((it) => it.id).sort(), name);
    for (const [, fill] of sideways.matchAll(/<text [^>]*fill="([^"]+)"/g)) shown.text.add(fill);
    for (const [, fill] of sideways.matchAll(/<(?:path|polygon) [^>]*fill="([^"]+)"/g)) shown.area.add(fill);
    for (const [, stroke] of sideways.matchAll(/<(?:path|polygon) [^>]*stroke="([^"]+)"/g)) shown.line.add(stroke);
  }
  assert.ok(shown.area.size > 10);
  const twins = { text: /text\[fill="([^"]+)"\]/g, area: /\)\[fill="([^"]+)"\]/g, line: /\)\[stroke="([^"]+)"\]/g };
  for (const [sort, pattern] of Object.entries(twins)) {
    const known = new Set([...css.matchAll(pattern)].map((it) => it[1]));
    const strange = [...shown[sort]].filter((it) => !known.has(it) && !onBoth.has(it));
    assert.deepEqual(strange, [], `${sort} without a dark twin in diagram.css`);
  }
});

test("open texts go before the disk, and places count as the protocol does", async () => {
  const uri = pathToFileURL(`${examples}nowhere/shop.arch`).href;
  await server.open(uri, 'service /* 🦀 */ api\nclient web\nweb -> api\nzone a { database db }\napi ~> db');
  const { dot, places } = await server.graph(uri);
  assert.deepEqual(places.map((it) => it.element), ["api", "web", "db", "a", "web -> api", "api ~> db"]);
  const range = { start: { line: 0, character: 17 }, end: { line: 0, character: 20 } };
  assert.deepEqual(places[0].location, { uri, range });
  assert.match(dot, /^digraph/);
  assert.equal(await server.graph("file:///not/open.arch"), null);
});

test("a picture as large as they get is laid out while one waits", async () => {
  const names = Array.from({ length: 200 }, (_, at) => `s${at}`);
  const links = names.slice(1).map((name, at) => `${names[at >> 1]} -> ${name}`);
  const uri = pathToFileURL(`${examples}nowhere/large.arch`).href;
  await server.open(uri, [...names.map((it) => `service ${it}`), ...links].join("\n"));
  const { dot } = await server.graph(uri);
  const begun = performance.now();
  assert.equal(shapes(viz.renderString(dot, { format: "svg" })).length, 399);
  const took = performance.now() - begun;
  assert.ok(took < 20_000, `${took} ms`);
  console.log(`200 boxes: ${Math.round(took)} ms`);
});
