// Bundles the extension and the page of the diagram, each into one file that needs nothing else.
import { build } from "esbuild";

const common = { bundle: true, minify: true, outdir: "dist", target: "es2022", logLevel: "warning" };
await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  platform: "node",
  format: "cjs",
  external: ["vscode"],
});
await build({ ...common, entryPoints: ["src/page/diagram.ts", "src/page/diagram.css"], format: "iife" });
