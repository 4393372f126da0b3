// The extension in VS Code itself: what a person sees and does, in the order in which one would.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test as named } from "node:test";
import { becomes, Editor, settles } from "./editor.mjs";

const SHOP = `system "Shop" {
  daily_users  = 200k
  per_user     = 30/day
  availability = 99.95%
}

client   browser
servce   shop x3            { zones = 3, capacity = 500/s }
database orders : postgres  { encrypted_at_rest, backup = 1d, data = [pii] }
queue    mails : sqs        { max_age = 1d }
worker   mailer x2          { idempotent }

browser -> shop : http
shop    -> orders : tls     { timeout = 500ms }
shop    ~> mails ~> mailer

flow buy "Place an order" { writes
  browser -> shop -> orders
  shop ~> mails
}
`;

const NOTES = `# The shop

It is small:

- so far

  \`\`\`arch
  client  browser
  service shop
  browser -> shp
  \`\`\`

The \`servce\` of prose is nobody's concern.
`;

let editor;
const WHOLE = `system "Two files" { daily_users = 200k, per_user = 30/day, availability = 99.95% }

include "part.arch"

client browser
browser -> front : https

flow look "Look around" { reads; browser -> front }
`;

const PART = "service front x3 { zones = 3, capacity = 500/s }\n";

const FILES = { "shop.arch": SHOP, "notes.md": NOTES, "whole.arch": WHOLE, "part.arch": PART };
before(async () => (editor = await Editor.open(FILES)));
after(() => editor?.close());

/** One step after the other: what comes after one that failed is not tried. What was seen then is kept. */
let hasFailed = false;
function test(name, step) {
  named(name, async (context) => {
    if (hasFailed) return context.skip("a step before has failed");
    try {
      await step();
    } catch (error) {
      hasFailed = true;
      await editor.picture("failed");
      throw error;
    }
  });
}

const saved = (name) => readFileSync(join(editor.work, name), "utf8");

/** Waits for a change, saves, and waits until the file has these words. */
async function save(name, words) {
  await editor.page.locator(`.tab.dirty[data-resource-name="${name}"]`).waitFor();
  await editor.press("Control+s");
  for (let tries = 0; !saved(name).includes(words); tries += 1) {
    assert.ok(tries < 100, `${words} in\n${saved(name)}`);
    await editor.page.waitForTimeout(100);
  }
}

test("a design is coloured, and what is wrong is underlined and told", async () => {
  await editor.openFile("shop.arch");
  await editor.page.locator(".squiggly-error").first().waitFor();
  await editor.errors(2);
  // Figures stand beside the text, what is promised above the flow.
  await editor.page.locator(".view-line", { hasText: "13.9% busy" }).waitFor();
  await editor.page.locator(".codelens-decoration", { hasText: "99.95%" }).waitFor();
  await editor.goTo(8, 3);
  await editor.press("Control+k", "Control+i");
  const hover = editor.page.locator(".monaco-hover", { hasText: "is not a kind" });
  await hover.first().waitFor();
  assert.match(await hover.first().innerText(), /`?servce`? is not a kind[\s\S]*LP004/);
  const colours = await editor.page
    .locator(".editor-instance .view-line span > span")
    .evaluateAll((spans) => new Set(spans.map((it) => getComputedStyle(it).color)).size);
  assert.ok(colours >= 5, `${colours} colours`);
  await editor.picture("1-squiggle");
  await editor.press("Escape");
});

test("the fix is offered and taken", async () => {
  await editor.goTo(8, 3);
  await editor.press("Control+.");
  const fix = editor.page.locator(".action-widget .monaco-list-row", { hasText: "service" });
  await fix.first().waitFor();
  await editor.picture("2-fix");
  await fix.first().click();
  await save("shop.arch", "service   shop x3");
  await editor.errors(1);
});

test("a component is renamed wherever it is named", async () => {
  await editor.goTo(8, 11);
  await editor.press("F2");
  const input = editor.page.locator("input.rename-input");
  await input.waitFor();
  assert.equal(await input.inputValue(), "shop");
  await input.fill("store-front");
  await editor.picture("3-rename");
  await editor.press("Enter");
  await save("shop.arch", "store-front -> orders");
  assert.equal(saved("shop.arch").match(/\bstore-front\b/g).length, 6);
  assert.ok(!/\bshop\b/.test(saved("shop.arch")));
});

test("the diagram stands beside the text, with the findings, and leads to the lines", async () => {
  await editor.command("Loadpath: Show the Diagram to the Side");
  const page = await editor.webview("#picture svg");
  await page.locator('[data-element="store-front"]').waitFor();
  const elements = await page.locator("[data-element]").evaluateAll((all) => all.map((it) => it.dataset.element));
  assert.deepEqual(elements.sort(), [
    "browser", "browser -> store-front", "mailer", "mails", "mails ~> mailer", "orders", "store-front",
    "store-front -> orders", "store-front ~> mails",
  ]);
  // A finding is told by the shape that it is about, in a badge and in words.
  const link = page.locator('[data-element="browser -> store-front"]');
  assert.match(await link.getAttribute("aria-label"), /^browser -> store-front, line 13; ✖ LP501 /);
  assert.match(await page.locator("#picture svg").innerHTML(), /LP501/);
  await editor.picture("4-diagram-light");
  await page.locator('[data-element="orders"]').click();
  await editor.at(9);
  await editor.goTo(1);
  await page.locator('[data-element="mails"]').focus();
  await page.locator('[data-element="mails"]').press("Enter");
  await editor.at(10);
});

test("the diagram follows what is typed, unsaved", async () => {
  await editor.goTo(11, 1);
  await editor.press("End", "Enter");
  await editor.type("cache pages : redis");
  const page = await editor.webview("#picture svg");
  await page.locator('[data-element="pages"]').waitFor();
  assert.ok(!saved("shop.arch").includes("pages"));
});

test("the picture is moved, enlarged, and seen as a whole", async () => {
  const page = await editor.webview("#picture svg");
  const svg = page.locator("#picture > svg");
  const width = async () => Number(await svg.getAttribute("width"));
  const begun = await settles(width);
  await page.locator("#closer").click();
  assert.ok((await settles(width)) > begun * 1.1);
  for (let at = 0; at < 3; at += 1) await page.locator("#closer").click();
  const box = await page.locator("#picture").boundingBox();
  const before = await svg.boundingBox();
  const [x, y] = [box.x + box.width - 40, box.y + box.height - 30];
  await editor.page.mouse.move(x, y);
  await editor.page.mouse.down();
  await editor.page.mouse.move(x - 50, y - 30, { steps: 4 });
  await editor.page.mouse.up();
  const after = await svg.boundingBox();
  assert.deepEqual([Math.round(after.x - before.x), Math.round(after.y - before.y)], [-50, -30]);
  const isWhole = () => page.locator("#picture").evaluate((it) => it.scrollWidth <= it.clientWidth && it.scrollHeight <= it.clientHeight);
  assert.equal(await isWhole(), false);
  await page.locator("#picture").press("0");
  await becomes(isWhole, true);
  await page.locator("#picture").press("0");
  await becomes(width, begun);
});

test("findings are listed below the picture, each a way to its line", async () => {
  const page = await editor.webview("#picture svg");
  await page.locator("#findings summary").click();
  const finding = page.locator("#findings button", { hasText: "LP501" });
  await finding.waitFor();
  await editor.picture("5-findings");
  await finding.click();
  await editor.at(14);
  await page.locator("#findings summary").click();
});

test("the picture is turned", async () => {
  const page = await editor.webview("#picture svg");
  const shape = () => page.locator("#picture > svg").evaluate((it) => it.viewBox.baseVal.width / it.viewBox.baseVal.height);
  const before = await shape();
  await page.locator("#turn").click();
  assert.ok((await shape()) > before, "it read down in the narrow column, and reads to the right now");
  await page.locator("#turn").click();
  assert.equal(await shape(), before);
});

test("in a dark theme the picture is dark", async () => {
  await editor.command("Preferences: Toggle between Light/Dark Themes");
  const page = await editor.webview("#picture svg");
  await page.locator("body.vscode-dark").waitFor();
  // The picture is drawn anew for the theme: what is read meanwhile may be of the one that goes.
  const fill = () => page.locator('[data-element="orders"] path').first().evaluate((it) => getComputedStyle(it).fill);
  await becomes(fill, "rgb(12, 61, 34)");
  await editor.picture("6-diagram-dark");
  await editor.command("Preferences: Toggle between Light/Dark Themes");
  await page.locator("body.vscode-light").waitFor();
});

test("the estimate, the report and the review are shown", async () => {
  await editor.goTo(1);
  await editor.command("Loadpath: Show the Estimate");
  const estimate = await editor.webview("h3:has-text('Traffic')");
  assert.match(await estimate.locator("body").innerText(), /200k users × 30\/day ÷ 86 400 s/);
  await editor.picture("7-estimate");
  await editor.tab("shop.arch");
  await editor.command("Loadpath: Show the Report");
  const report = await editor.webview("h4:has-text('1 error')");
  assert.match(await report.locator("body").innerText(), /LP501 \S+ shop\.arch:14:/);
  await editor.picture("8-report");
  await editor.tab("shop.arch");
  await editor.command("Loadpath: Show the Review");
  const review = await editor.webview("h3:has-text('What an interviewer asks next')");
  assert.match(await review.locator("body").innerText(), /of 100[\s\S]*LP501/);
  await editor.picture("8-review");
});

test("a verdict that is chosen shows its flow", async () => {
  await editor.tab("shop.arch");
  await editor.page.locator(".codelens-decoration a", { hasText: "99.95%" }).click();
  const told = editor.page.locator(".notification-toast", { hasText: "buy: a flow" });
  await told.waitFor();
  assert.match(await told.innerText(), /availability: 9[\s\S]*downtime comes from: /);
  await editor.picture("10-verdict");
  await editor.command("Notifications: Clear All Notifications");
  await told.waitFor({ state: "hidden" });
});

test("what is set holds at once", async () => {
  await editor.tab("shop.arch");
  await editor.page.locator(".view-line", { hasText: "13.9% busy" }).waitFor();
  await editor.set({ "loadpath.profile": "review", "loadpath.hints.utilisation": false, "loadpath.lens": false });
  await editor.tab("shop.arch");
  await editor.page.locator(".view-line", { hasText: "208/s" }).first().waitFor();
  await editor.page.locator(".view-line", { hasText: "13.9% busy" }).waitFor({ state: "hidden" });
  await editor.page.locator(".codelens-decoration", { hasText: "99.95%" }).waitFor({ state: "hidden" });
  // Advice is asked for as well.
  await editor.page.locator("#status\\.problems [aria-label*='Infos: ']").waitFor();
});

test("in Markdown the fences are designs, and nothing else is", async () => {
  await editor.openFile("notes.md");
  const wrong = editor.page.locator(".squiggly-error");
  await wrong.first().waitFor();
  assert.equal(await wrong.count(), 1);
  await editor.command("Loadpath: Show the Diagram to the Side");
  const page = await editor.webview('#picture [data-element="shop"]');
  await page.locator('[data-element="shop"]').click();
  await editor.at(9);
  await editor.picture("9-markdown");
});

test("the review is of what is typed in an included file, unsaved", async () => {
  await editor.openFile("whole.arch");
  await editor.openFile("part.arch");
  await editor.press("Control+End");
  await editor.type("cache nobodys-pages : redis");
  await editor.tab("whole.arch");
  await editor.command("Loadpath: Show the Review");
  const review = await editor.webview("h2:has-text('Two files')");
  assert.match(await review.locator("body").innerText(), /nobodys-pages[^\n]*part\.arch:2/);
  assert.ok(!saved("part.arch").includes("nobodys-pages"));
  await editor.picture("11-included");
});
