// Has Mermaid itself parse flowcharts: `node mermaid.mjs NODE_MODULES FILE…`. Tells how many it took, and fails at the first other.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(join(modules, "here.cjs"));
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import(pathToFileURL(join(modules, "mermaid/dist/mermaid.core.mjs")));

for (const file of files) {
  const parsed = await mermaid.parse(readFileSync(file, "utf8")).catch((error) => {
    throw new Error(`${file}: ${error.message}`);
  });
  if (parsed.diagramType !== "flowchart-v2") throw new Error(`${file}: is a ${parsed.diagramType}`);
}
console.log(files.length);
