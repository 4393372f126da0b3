// Bundles the scripts and styles of the pages into `dist`, or into the folder that is named: what the program takes in as
// it is built, with the digests by which the policy of a report knows its own.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { gzipSync } from "fflate";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = process.argv[2] ?? here("dist");
const licences = readFileSync(here("LICENCES.txt"), "utf8");

/** Packs Graphviz, which Viz.js holds byte by byte in a text, to less than half, and lets the page unpack it. */
const packed = {
  name: "packed",
  setup({ onLoad }) {
    onLoad({ filter: /@viz-js\/viz\/dist\/viz\.js$/ }, ({ path }) => {
      const [text, literal] = /binaryDecode\(('(?:[^'\\]|\\[^])*')\)/.exec(readFileSync(path, "utf8"));
      // As Viz.js reads it: what no byte can be stands for a zero.
      const bytes = Uint8Array.from(Function(`return ${literal}`)(), (it) => (~it.charCodeAt(0) >> 8) & it.charCodeAt(0));
      const base64 = Buffer.from(gzipSync(bytes, { level: 9, mtime: 0 })).toString("base64");
      const contents = readFileSync(path, "utf8").replace(text, () => `unpacked("${base64}")`);
      return { contents: `import { unpacked } from ${JSON.stringify(here("src/unpack.ts"))};\n${contents}`, loader: "js" };
    });
  },
};

await build({
  absWorkingDir: here("."),
  entryPoints: ["src/report.ts", "src/report.css", "src/serve/serve.ts", "src/serve/serve.css"],
  entryNames: "[name]",
  outdir,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  // No script of a page has an address of its own.
  define: { "import.meta.url": '"about:blank"' },
  banner: { js: `/*!\n${licences}*/` },
  plugins: [packed],
  logLevel: "warning",
});
for (const name of ["report.js", "report.css"]) {
  const path = `${outdir}/${name}`;
  const text = readFileSync(path, "utf8").trimEnd();
  // Within a page these end a script or a style, and a reader of pages takes nothing but printed letters as it is.
  const wrong = /<\/?script|<\/style|[^\n\t -~]/.exec(text);
  if (wrong) throw new Error(`${name} holds ${JSON.stringify(wrong[0])} at ${wrong.index}`);
  writeFileSync(path, text);
  writeFileSync(`${path}.sha256`, `sha256-${createHash("sha256").update(text).digest("base64")}`);
}
copyFileSync(here("src/serve/page.html"), `${outdir}/serve.html`);
