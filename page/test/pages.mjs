// Reports on designs, and a browser to see them in.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const target = here("../../target/pages/");
/** How long anything may take, in milliseconds. The machine may be busy. */
const PATIENCE = 60_000;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const examples = readdirSync(here("../../examples")).filter((it) => it.endsWith(".arch"));

/** What `loadpath report` writes of an example, or of a text. */
export function report(design, format, ...more) {
  assert.ok(process.env.LOADPATH, "LOADPATH names the program");
  const isExample = examples.includes(design);
  const input = isExample ? [join("examples", design)] : ["--stdin-filename", "design.arch", "--isolated"];
  const options = { encoding: "utf8", cwd: here("../.."), input: isExample ? "" : design, maxBuffer: 1 << 28 };
  try {
    return execFileSync(process.env.LOADPATH, ["report", "--format", format, ...more, ...input], options);
  } catch (error) {
    // A design with errors of the language is reported as far as it can be read.
    assert.equal(error.status, 1, error.stderr);
    return error.stdout;
  }
}

/** Writes a page to where a browser opens it. */
export function written(name, html) {
  mkdirSync(target, { recursive: true });
  const path = join(target, `${name}.html`);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/** A new page, and all that it complains of or asks for that is not its own. */
export async function listenedTo(context, isOwn) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const heard = [];
  page.on("console", (message) => heard.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    // The browser's own question before a page is left.
    if (dialog.type() === "beforeunload") return void dialog.accept();
    heard.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!isOwn(request.url())) heard.push(`request: ${request.url()}`);
  });
  return { page, heard };
}

/** A page in the browser, and all that it complained of or asked for. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  // Its own worker alone.
  const { page, heard } = await listenedTo(context, (url) => url === address || url.startsWith("blob:"));
  await page.goto(address);
  if (options.javaScriptEnabled !== false) await drawn(page);
  return { page, heard, close: () => context.close() };
}

/** What axe objects to: all that it knows, or some of its rules. */
export async function violations(page, runOnly = ALL) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const options = { runOnly, resultTypes: ["violations"] };
  const { violations } = await page.evaluate((options) => axe.run(document, options), options);
  return violations.map((it) => `${it.id}: ${it.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
}

/** Waits until the picture is there. */
export async function drawn(page) {
  await page.locator("#picture:not([aria-busy]) svg").waitFor({ state: "attached" });
}

/** What is seen of the picture: how large its smallest words are, in pixels, and whether all of it and its first box are in sight. */
export function sight(page) {
  return page.evaluate(() => {
    const frame = document.getElementById("picture");
    const svg = frame.querySelector("svg");
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const sizes = [...svg.querySelectorAll("text")].map((it) => Number(it.getAttribute("font-size")) * scale);
    const [box, within] = [svg.querySelector("#component-0").getBoundingClientRect(), frame.getBoundingClientRect()];
    const isWhole = frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight;
    const isFirstSeen = box.left >= within.left && box.right <= within.right && box.top >= within.top && box.bottom <= within.bottom;
    return { words: Math.round(Math.min(...sizes) * 10) / 10, isWhole, isFirstSeen };
  });
}

/** Lines of a box that are wider than it, or not in its middle. */
export function misplaced(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("#picture .node")].flatMap((node) => {
      const box = node.querySelector("path, polygon").getBoundingClientRect();
      const lines = Map.groupBy(node.querySelectorAll("text"), (it) => it.getAttribute("y"));
      return [...lines.values()].flatMap((words) => {
        const all = words.filter((it) => it.textContent.trim()).map((it) => it.getBoundingClientRect());
        const [from, to] = [Math.min(...all.map((it) => it.left)), Math.max(...all.map((it) => it.right))];
        const isFitting = from >= box.left && to <= box.right && Math.abs(from + to - box.left - box.right) < 4;
        return isFitting ? [] : [words.map((it) => it.textContent).join("")];
      });
    }),
  );
}
