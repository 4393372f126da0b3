// The page of `loadpath serve` in a real browser: a design is typed, found fault with and mended; all of it by keys as well,
// light and dark, on a phone, quiet, and with nothing asked of anybody but the server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { HtmlValidate } from "html-validate";
import { drawn, launch, listenedTo, misplaced, sight, target, violations } from "./pages.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());
/** What a test has opened. */
const opened = [];
afterEach(async () => {
  for (const { context, server } of opened.splice(0)) {
    server.kill();
    await context.close();
  }
});

/** The server, with this design or its own, and a page of it. */
async function open(design, options = {}) {
  const designs = design ? [`examples/${design}.arch`] : [];
  const server = spawn(process.env.LOADPATH, ["serve", "--port", "0", "--isolated", ...designs], { cwd: here("../..") });
  const address = String(await new Promise((said) => server.stdout.once("data", said))).trim();
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  opened.push({ context, server });
  const isOwn = (url) => url.startsWith(`${address}/`) || /^(blob|data):/.test(url);
  const { page, heard } = await listenedTo(context, isOwn);
  await page.goto(address);
  await drawn(page);
  return { page, heard, server };
}

const editor = (page) => page.locator(".cm-content");
const finding = (page, code) => page.locator(".finding", { hasText: code });
const text = (page) => page.evaluate(() => [...document.querySelectorAll(".cm-line")].map((it) => it.textContent).join("\n"));
const counts = (page, pattern) => page.waitForFunction((pattern) => new RegExp(pattern).test(document.getElementById("counts").textContent), pattern.source);

/** Writes another text in place of the one that is there, as a person does. */
async function write(page, words) {
  await editor(page).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(words);
}

/** Does what has the picture drawn anew, and waits until it is. */
async function redrawn(page, act) {
  await page.locator("#picture svg").evaluate((it) => it.setAttribute("data-old", ""));
  await act();
  await page.locator("#picture svg:not([data-old])").waitFor({ state: "attached" });
}

const SHOP = "service shop x2\ndatabase orders : postgres\nshop -> order\n";

test("a design is typed, found fault with, mended and drawn", async () => {
  const { page, heard } = await open();
  await write(page, SHOP);
  await counts(page, /1 error/);
  const wrong = finding(page, "LP002");
  assert.match(await wrong.locator(".message").innerText(), /^Nothing is called order\b/);
  assert.equal(await page.locator(".cm-lintRange-error").innerText(), "order");
  await page.locator(".cm-lintRange-error").hover();
  assert.match(await page.locator(".cm-tooltip .cm-diagnostic").first().innerText(), /LP002[^]*To do/);
  await page.screenshot({ path: join(target, "serve-finding.png") });
  await wrong.getByRole("button", { name: /^Fix:/ }).click();
  await page.waitForFunction(() => document.querySelectorAll(".finding[data-level=error]").length === 0);
  assert.match(await text(page), /shop -> orders/);
  await page.locator("#picture .edge").first().waitFor();
  assert.equal(await page.locator("#picture .node").count(), 2);
  // What was taken can be undone.
  await editor(page).focus();
  await page.keyboard.press("Control+Z");
  await wrong.waitFor();
  assert.deepEqual(heard, []);
});

test("the editor completes, tells of a word, and writes the one form", async () => {
  const { page, heard } = await open();
  await write(page, "service   shop   x2\ndatabase orders : ");
  await page.keyboard.type("postgr");
  const offered = page.locator(".cm-tooltip-autocomplete li", { hasText: "postgres" }).first();
  await offered.waitFor();
  await page.screenshot({ path: join(target, "serve-completion.png") });
  await page.waitForTimeout(150);
  await page.keyboard.press("Tab");
  assert.match(await text(page), /orders : \w*postgres/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Format" }).click();
  await page.waitForFunction(() => /service +shop x2/.test(document.querySelector(".cm-content").textContent));
  await page.locator(".cm-line", { hasText: "database" }).locator("span", { hasText: /postgres/ }).last().hover();
  assert.match(await page.locator(".cm-tooltip .told").innerText(), /PostgreSQL/i);
  // A text with faults has no form, and stays.
  await write(page, "service {\n");
  await page.keyboard.press("Shift+Alt+F");
  await counts(page, /has no form/);
  assert.match(await text(page), /^service \{/);
  assert.deepEqual(heard, []);
});

test("from the diagram to the line, from a finding to both, and to why it matters", async () => {
  const { page, heard } = await open("checkout-naive");
  await page.locator("#picture .node", { hasText: "orders" }).click();
  const line = () => page.evaluate(() => document.querySelector(".cm-activeLine").textContent);
  assert.match(await line(), /^database +orders/);
  assert.equal(await page.evaluate(() => getSelection().toString()), "orders");
  const first = page.locator(".finding").first();
  await first.getByRole("button", { name: /^Line/ }).click();
  assert.match(await line(), /^service +shop/);
  await first.getByRole("button", { name: "Show" }).click();
  assert.match(await page.locator("#picture .pointed").getAttribute("aria-label"), /^shop: .*findings$/);
  assert.match(await page.locator("#card").innerText(), /^shop\nLP101/);
  await first.getByRole("link", { name: "why it matters" }).click();
  assert.ok(await page.locator("#rule-LP101").evaluate((it) => it.open && it.contains(document.activeElement)));
  assert.deepEqual(heard, []);
});

test("a picture begins where it can be read, and all of it is seen where that is asked for", async () => {
  const { page, heard } = await open("azure-two-regions");
  for (const size of [{ width: 1360, height: 900 }, { width: 390, height: 800 }]) {
    await page.setViewportSize(size);
    if (size.width < 500) await page.locator("#views").getByRole("button", { name: "Diagram" }).click();
    for (const way of ["as is better", "the other way"]) {
      await page.waitForFunction(() => Number(document.querySelector("#picture svg").getAttribute("width")) > 1000);
      assert.deepEqual(await sight(page), { words: 9, isWhole: false, isFirstSeen: true }, `${size.width}, ${way}`);
      await redrawn(page, () => page.getByRole("button", { name: "Turn" }).click());
    }
  }
  // All of it stays in sight while it changes, until it is left.
  const whole = page.getByRole("button", { name: "Whole" });
  await whole.click();
  assert.equal((await sight(page)).isWhole, true);
  await redrawn(page, () => page.locator("#overlay").selectOption("load"));
  assert.equal((await sight(page)).isWhole, true);
  assert.equal(await whole.getAttribute("aria-pressed"), "true");
  await page.locator("#picture").press("0");
  assert.deepEqual(await sight(page), { words: 9, isWhole: false, isFirstSeen: true });
  // So does a part that was gone to.
  await page.locator("#picture").evaluate((it) => it.scrollTo(300, 200));
  await redrawn(page, () => page.locator("#overlay").selectOption("findings"));
  assert.deepEqual(await page.locator("#picture").evaluate((it) => [it.scrollLeft, it.scrollTop]), [300, 200]);
  assert.deepEqual(heard, []);
});

test("the picture is dragged, and what is pointed at stays where it is while it grows", async () => {
  const { page } = await open("azure-two-regions");
  const shape = page.locator("#picture .node", { hasText: "front_door" });
  const middle = async () => {
    const { x, y, width, height } = await shape.boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = await middle();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 40, y - 30, { steps: 4 });
  await page.mouse.up();
  assert.deepEqual((await middle()).map(Math.round), [x - 40, y - 30].map(Math.round));
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  await page.waitForFunction(() => Number(document.querySelector("#picture svg").getAttribute("width")) > 1700);
  const [nowX, nowY] = await middle();
  assert.ok(Math.abs(nowX - x + 40) < 4 && Math.abs(nowY - y + 30) < 4, `${nowX - x}, ${nowY - y}`);
});

test("the picture is moved by arrows, from a part of it as well", async () => {
  const { page } = await open("azure-two-regions");
  const at = (side) => page.locator("#picture").evaluate((it, side) => it[side], side);
  const moved = (side, from) => page.waitForFunction(([side, from]) => document.getElementById("picture")[side] > from, [side, from]);
  const left = await at("scrollLeft");
  await page.locator("#picture").press("ArrowRight");
  await moved("scrollLeft", left);
  await page.locator("#picture .node").first().focus();
  const top = await at("scrollTop");
  await page.keyboard.press("ArrowDown");
  await moved("scrollTop", top);
});

test("on a phone the way past the editor, and from a finding to its part, leads to what is not in sight", async () => {
  const { page } = await open("checkout-naive", { viewport: { width: 390, height: 800 } });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const card = page.locator(".finding").first();
  await card.getByRole("button", { name: "Show" }).focus();
  await page.keyboard.press("Enter");
  const shape = page.locator("#picture .pointed");
  assert.ok(await shape.evaluate((it) => it === document.activeElement));
  const [seen, frame] = [await shape.boundingBox(), await page.locator("#picture").boundingBox()];
  assert.ok(seen.x >= frame.x && seen.x + seen.width <= frame.x + frame.width && seen.y >= frame.y && seen.y + seen.height <= frame.y + frame.height);
});

test("what is told of a part does not lie on it, and names it without blanks", async () => {
  const { page } = await open("chat-naive");
  for (const size of [{ width: 1360, height: 900 }, { width: 390, height: 800 }]) {
    await page.setViewportSize(size);
    if (size.width < 500) await page.locator("#views").getByRole("button", { name: "Diagram" }).click();
    for (const shape of await page.locator("#picture .node").all()) {
      await shape.focus();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const [seen, card] = [await shape.boundingBox(), await page.locator("#card").boundingBox()];
      const isApart = card.x + card.width <= seen.x || seen.x + seen.width <= card.x || card.y + card.height <= seen.y || seen.y + seen.height <= card.y;
      const name = await shape.getAttribute("aria-label");
      assert.ok(isApart, name);
      assert.match(name, /^\w+: \S+( \S+)*$/);
    }
  }
});

test("each line of a box is in its middle, whatever font is there", async () => {
  const { page } = await open("chat-naive");
  assert.deepEqual(await misplaced(page), []);
});

test("figures, estimate and review stand below, and the overlays in the diagram", async () => {
  const { page, heard } = await open("checkout-naive");
  await page.getByRole("tab", { name: "Figures" }).click();
  assert.match(await page.locator("#figures").innerText(), /down 687 min a month where 21\.6 are allowed/);
  await page.screenshot({ path: join(target, "serve-figures.png") });
  await page.keyboard.press("ArrowRight");
  assert.match(await page.locator("#estimates").innerText(), /200k users × 30\/day/);
  await page.keyboard.press("ArrowRight");
  await page.locator("#reviewed h2", { hasText: "Score" }).waitFor();
  assert.match(await page.locator("#reviewed .score").innerText(), /^\d+ of 100: \w+/);
  const asked = page.waitForRequest((it) => it.url().endsWith("/api/review"));
  await page.locator("#level").selectOption("junior");
  assert.equal((await asked).postDataJSON().level, "junior");
  await page.screenshot({ path: join(target, "serve-review.png") });
  for (const overlay of ["load", "availability", "latency", "trust"]) {
    const before = await page.locator("#picture svg").innerHTML();
    await page.locator("#overlay").selectOption(overlay);
    await page.waitForFunction((before) => document.querySelector("#picture svg").innerHTML !== before, before);
  }
  assert.deepEqual(heard, []);
});

test("an example is opened, a file as well, and the text is saved as a file", async () => {
  const { page, heard } = await open();
  await page.getByRole("button", { name: "Examples…" }).click();
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: join(target, "serve-examples.png") });
  await page.getByRole("button", { name: "chat naive" }).click();
  await page.locator("#picture .node", { hasText: "gateway" }).or(page.locator("#picture .node").first()).first().waitFor();
  assert.equal(await page.locator("#name").innerText(), "chat-naive.arch");
  assert.match(await text(page), /^\/\/ A chat, first try/);
  await page.locator("#file").setInputFiles({ name: "mine.arch", mimeType: "text/plain", buffer: Buffer.from("service only\r\n") });
  await page.waitForFunction(() => document.getElementById("name").textContent === "mine.arch");
  assert.match(await text(page), /^service only/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as file" }).click()]);
  assert.equal(download.suggestedFilename(), "mine.arch");
  assert.equal(readFileSync(await download.path(), "utf8"), "service only\n");
  await page.locator("#file").setInputFiles({ name: "large.arch", mimeType: "text/plain", buffer: Buffer.alloc(1_100_000, "x") });
  await counts(page, /large\.arch has over 1 MiB/);
  // A reload keeps what was written.
  await write(page, "service kept\n");
  await page.locator("#picture .node", { hasText: "kept" }).waitFor();
  await page.reload();
  await drawn(page);
  assert.match(await text(page), /^service kept/);
  assert.deepEqual(heard, []);
});

test("on a phone long lines are broken, and what goes on of them stands further in", async () => {
  const { page } = await open("chat");
  const hidden = () => page.locator(".cm-scroller").evaluate((it) => it.scrollWidth - it.clientWidth);
  assert.ok((await hidden()) > 0, "wide, what is written in columns stays so");
  await page.setViewportSize({ width: 390, height: 800 });
  await page.locator(".cm-lineWrapping").waitFor();
  assert.equal(await hidden(), 0);
  const rows = await page.locator(".cm-line").first().evaluate((line) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    const begun = new Map([...range.getClientRects()].map((it) => [Math.round(it.top), it.left]));
    return [...begun.values()];
  });
  assert.ok(rows.length > 1 && rows.slice(1).every((it) => it > rows[0] + 20), `${rows}`);
});

test("undoing after a reload takes away what was typed since, and no more", async () => {
  const { page } = await open();
  await write(page, "service kept\n");
  await page.reload();
  await drawn(page);
  await editor(page).focus();
  await page.keyboard.press("Control+Z");
  assert.match(await text(page), /^service kept/);
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("service added\n");
  await page.keyboard.press("Control+Z");
  assert.equal((await text(page)).trim(), "service kept");
});

test("what would be lost with the page is asked about, and what lies in a file is not", async () => {
  const { page } = await open("checkout-naive");
  const asked = [];
  page.on("dialog", (dialog) => asked.push(dialog.type()));
  await editor(page).click();
  await page.reload();
  await drawn(page);
  assert.deepEqual(asked, []);
  await write(page, "service mine\n");
  await page.reload();
  await drawn(page);
  assert.deepEqual(asked, ["beforeunload"]);
  // What was put back is not in a file yet.
  await editor(page).click();
  await page.reload();
  await drawn(page);
  assert.equal(asked.length, 2);
  await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as file" }).click()]);
  await page.reload();
  await drawn(page);
  assert.equal(asked.length, 2);
});

test("all of it is reached by keys, and none of it holds them", async () => {
  const { page } = await open("checkout-naive");
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("aria-label") || document.activeElement?.textContent);
  const to = async (goal, most = 60) => {
    for (let at = 0; !(await focused())?.match(goal); at += 1) {
      assert.ok(at < most, `${goal} is reached by Tab, and not ${await focused()}`);
      await page.keyboard.press("Tab");
    }
  };
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Past the editor and the diagram");
  await to(/^The text of the design$/);
  // Tab indents, until Escape says that it is meant to leave.
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Tab");
  assert.match(await text(page), /^ {2}\/\/ A shop/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.notEqual(await focused(), "The text of the design");
  await to(/^across$/);
  const wide = await page.locator("#writing").evaluate((it) => it.clientWidth);
  await page.keyboard.press("ArrowRight");
  assert.ok((await page.locator("#writing").evaluate((it) => it.clientWidth)) > wide);
  await to(/^picture$/);
  await to(/^component-\d+$|^shop:/);
  await to(/^tab-findings$/);
  await page.keyboard.press("End");
  assert.equal(await focused(), "tab-review");
  assert.equal(await page.getByRole("tab", { name: "Review" }).getAttribute("aria-selected"), "true");
  await page.keyboard.press("Home");
  await to(/^Line \d+$/);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "The text of the design");
});

test("light and dark, wide and on a phone, it is for everybody", async () => {
  const { page, heard } = await open("checkout-naive", { colorScheme: "light" });
  for (const theme of ["light", "dark"]) {
    await drawn(page);
    for (const tab of ["Figures", "Estimate", "Review", "Findings"]) {
      await page.getByRole("tab", { name: tab }).click();
      if (tab === "Review") await page.locator("#reviewed h2").first().waitFor();
      assert.deepEqual(await violations(page), [], `${theme}, ${tab}`);
    }
    await page.screenshot({ path: join(target, `serve-${theme}.png`) });
    await page.setViewportSize({ width: 390, height: 800 });
    for (const view of ["Diagram", "Review", "Design"]) {
      await page.locator("#views").getByRole("button", { name: view }).click();
      assert.equal(await page.locator("main > section").locator("visible=true").count(), 1);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${view} is ${over} pixels too wide`);
      const covered = await page.locator("main > section:visible > .head").evaluate((it) => it.scrollHeight - it.clientHeight);
      assert.ok(covered <= 0, `the bar of ${view} covers ${covered} pixels of it`);
      assert.deepEqual(await violations(page), [], `${theme}, ${view} on a phone`);
      await page.screenshot({ path: join(target, `serve-${theme}-phone-${view}.png`) });
    }
    await page.setViewportSize({ width: 1360, height: 900 });
    if (theme === "light") {
      const before = await page.locator("#picture svg").innerHTML();
      await page.getByRole("button", { name: "Dark" }).click();
      await page.waitForFunction((before) => document.querySelector("#picture svg").innerHTML !== before, before);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(20, 24, 31)");
    }
  }
  assert.deepEqual(heard, []);
});

test("hostile names are words, and nothing of them runs", async () => {
  const { page, heard } = await open();
  const hostile = ["</script><img src=x onerror=alert(1)>", "<svg onload=alert(2)>", "'><b>`|", "]]>--><!--<script>alert(3)</script>"];
  const words = hostile.map((it) => JSON.stringify(it));
  await write(page, `system ${words[0]} { daily_users = 1M, per_user = 10/day, availability = 99.9% }\nclient browser ${words[1]}\nservice shop ${words[2]} x1 { because = ${words[0]} }\nbrowser -> shop ${words[3]} : http\nflow buy ${words[0]} { browser -> shop }\n`);
  await finding(page, "LP101").first().waitFor();
  for (const tab of ["Figures", "Estimate", "Review", "Findings"]) await page.getByRole("tab", { name: tab }).click();
  await page.locator("#reviewed h2").first().waitFor({ state: "attached" });
  assert.equal(await page.locator("#panel img, #panel script, #panel b, #picture script, #picture image").count(), 0);
  // What would run is stopped all the same.
  await page.evaluate(() => (document.getElementById("figures").innerHTML = "<img src=x onerror='window.ran = 1'>"));
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.ok(heard.every((it) => it.includes("Content Security Policy")) && heard.length > 0, heard.join("\n"));
});

test("broken, empty and large designs are shown for what they are", async () => {
  const { page, heard } = await open();
  await write(page, "");
  await page.locator("#list", { hasText: "Nothing is drawn yet" }).waitFor();
  await write(page, "service {{{ \u202e ]]\nflow \"");
  await counts(page, /\d+ errors?/);
  const large = Array.from({ length: 3000 }, (_, at) => `service s${at} x1\ns${at} -> s${at >> 1}\n`).join("");
  await page.locator("#file").setInputFiles({ name: "large.arch", mimeType: "text/plain", buffer: Buffer.from(large) });
  await page.waitForFunction(() => /more/.test(document.querySelector("#list .more")?.textContent ?? ""));
  await page.locator("#trouble", { hasText: /loadpath graph/ }).or(page.locator("#picture:not([aria-busy]) svg")).first().waitFor();
  assert.deepEqual(heard, []);
});

test("a whole interview: begun, asked, drawn, timed and judged", async () => {
  const { page, heard } = await open();
  await page.getByRole("button", { name: "Interview…" }).click();
  const task = page.locator("#prompts .choices > li", { hasText: "URL shortener" });
  await task.waitFor();
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: join(target, "serve-prompts.png") });
  await task.getByRole("button", { name: "growth" }).click();
  await page.locator("#name", { hasText: "url-shortener.arch" }).waitFor();
  assert.match(await page.locator("#time").innerText(), /^Clarify: [45]:\d\d left · 0:\d\d of 45:00$/);
  assert.match(await page.locator("#task").innerText(), /turns a long link into a short one/);
  // What the interviewer says is written into the design.
  await page.getByLabel(/^Ask the interviewer/).fill("how many people use it?");
  await page.keyboard.press("Enter");
  await page.locator("#answers dd", { hasText: /people a day/ }).waitFor();
  assert.match(await text(page), /asked: traffic[^]*daily_users/);
  await page.getByLabel(/^Ask the interviewer/).fill("what colour is the sky?");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await page.locator("#answers dd", { hasText: /no answer to that/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: join(target, "serve-interview.png") });
  // The clock goes through the phases, is paused, and survives a reload.
  await page.getByRole("button", { name: "Next phase" }).click();
  assert.match(await page.locator("#phases [aria-current]").innerText(), /^Estimate/);
  // What a phase leaves over is the next one's, and no time is booked that was not used.
  assert.match(await page.locator("#time").innerText(), /^Estimate: (10:00|9:\d\d) left · 0:\d\d of 45:00$/);
  await page.getByRole("button", { name: "Next phase" }).click();
  await counts(page, /Design begins: (30:00|29:\d\d) left/);
  await page.getByRole("button", { name: "Pause" }).click();
  const paused = await page.locator("#time").innerText();
  assert.match(paused, /^Design: (30:00|29:\d\d) left · 0:\d\d of 45:00 · paused$/);
  await page.reload();
  await drawn(page);
  assert.equal(await page.locator("#time").innerText(), paused);
  assert.match(await text(page), /asked: traffic/);
  assert.deepEqual(await page.locator("#answers dt").allInnerTexts(), ["what colour is the sky?", "how many people use it?"]);
  await page.getByRole("button", { name: "Go on" }).click();
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\nclient browser\nservice links x2 { capacity = 2k/s }\ndatabase store : postgres x1\nbrowser -> links : https\nlinks -> store\nflow follow { browser -> links -> store; reads }\n");
  await page.locator("#picture .node", { hasText: "store" }).waitFor();
  await page.getByRole("button", { name: "End, and be judged" }).click();
  await page.locator("#reviewed h2", { hasText: "Beside a design that is right at this scale" }).waitFor();
  await counts(page, /The interview is ended/);
  assert.match(await page.locator("#reviewed .score").innerText(), /^\d+ of 100: \w+/);
  assert.match(await page.locator("#time").innerText(), /^Ended · \d:\d\d of 45:00$/);
  assert.deepEqual(await page.locator("#clock button:visible").allInnerTexts(), ["Go on"]);
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: join(target, "serve-verdict.png") });
  // It was ended by mistake.
  await page.getByRole("button", { name: "Go on" }).click();
  assert.match(await page.locator("#time").innerText(), /^Design: 2\d:\d\d left · \d:\d\d of 45:00$/);
  assert.deepEqual(heard, []);
});

test("whether there is an interview is what the text says, whoever wrote it and however it came", async () => {
  const { page, heard } = await open();
  const time = (pattern) => page.locator("#time", { hasText: pattern }).waitFor();
  const tab = page.getByRole("tab", { name: "Interview" });
  assert.ok(await tab.isHidden());
  // A file of an interview: the clock is not known, and waits.
  const file = { name: "mine.arch", mimeType: "text/plain", buffer: Buffer.from('// interview: chat growth\nsystem "Chat" {}\n') };
  await page.locator("#file").setInputFiles(file);
  await time(/^Clarify: 5:00 left · 0:00 of 45:00 · paused$/);
  assert.equal(await tab.getAttribute("aria-selected"), "true");
  assert.match(await page.locator("#task").innerText(), /^Design a messenger/);
  await counts(page, /Start sets its clock going/);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await time(/of 45:00$/);
  // An example in its place is none, and undoing has all of it back: text, name, task and clock.
  await page.getByRole("button", { name: "Examples…" }).click();
  await page.getByRole("button", { name: "chat naive" }).click();
  await counts(page, /of no interview any more: its clock is paused/);
  assert.ok(await page.locator("#clock").isHidden());
  assert.ok(await tab.isHidden());
  assert.ok(await page.locator("#task").isHidden());
  assert.equal(await page.locator("#name").innerText(), "chat-naive.arch");
  await editor(page).focus();
  await page.keyboard.press("Control+Z");
  await time(/^Clarify: .* of 45:00 · paused$/);
  assert.equal(await page.locator("#name").innerText(), "mine.arch");
  assert.ok(await tab.isVisible());
  // Of a scale that there is not there is no interview.
  await write(page, "// interview: chat huge\nservice chat\n");
  await page.locator("#clock").waitFor({ state: "hidden" });
  assert.deepEqual(heard, []);
});

test("an interview is begun on a phone at its task, and over when its time is", async () => {
  const { page, heard } = await open(undefined, { viewport: { width: 390, height: 800 } });
  await page.getByRole("button", { name: "Interview…" }).click();
  await page.getByRole("button", { name: "Chat, growth", exact: true }).click();
  await page.locator("#question:focus").waitFor();
  assert.ok((await page.locator("#interview").boundingBox()).y < 250, "most of the page is the interview's");
  assert.deepEqual(await page.locator("#clock button:visible").allInnerTexts(), ["Pause", "Next phase", "End, and be judged"]);
  // Three quarters of an hour later.
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem("clock of chat growth"));
    sessionStorage.setItem("clock of chat growth", JSON.stringify({ ...kept, since: kept.since - 45 * 60_000 }));
  });
  await page.reload();
  await page.locator("#time", { hasText: /^Time is up · 45:00 of 45:00$/ }).waitFor();
  assert.deepEqual(await page.locator("#clock button:visible").allInnerTexts(), ["End, and be judged"]);
  await page.getByRole("button", { name: "End, and be judged" }).click();
  await page.locator("#reviewed h2").first().waitFor();
  assert.match(await page.locator("#time").innerText(), /^Ended · 45:00 of 45:00$/);
  assert.equal(await page.locator("#clock button:visible").count(), 0);
  assert.deepEqual(heard, []);
});

test("the page says so when the server is gone", async () => {
  const { page, server } = await open();
  server.kill();
  await write(page, "service later\n");
  await counts(page, /The server is gone: run `loadpath serve` again/);
  assert.match(await text(page), /^service later/);
});

test("the page is valid HTML", async () => {
  const validate = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "prefer-native-element": "off", "require-sri": "off", "no-inline-style": "error" } });
  const { results } = await validate.validateString(readFileSync(here("../dist/serve.html"), "utf8"));
  assert.deepEqual(results.flatMap((it) => it.messages).map((it) => `${it.ruleId} ${it.line} ${it.message}`), []);
});
