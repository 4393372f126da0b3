// Has D2 itself compile diagrams: `node d2.mjs NODE_MODULES FILE…`. Tells for each how many shapes and connections it has.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const { D2 } = await import(pathToFileURL(join(modules, "@terrastruct/d2/dist/node-esm/index.js")));
const d2 = new D2();
const counts = {};
for (const file of files) {
  const { diagram } = await d2.compile(readFileSync(file, "utf8")).catch((error) => {
    throw new Error(`${file}: ${error.message}`);
  });
  counts[file] = [diagram.shapes.length, diagram.connections.length];
}
console.log(JSON.stringify(counts));
// Its worker would keep it running.
process.exit(0);
