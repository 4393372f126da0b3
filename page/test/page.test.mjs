// The report as a page: valid, drawn and quiet in a real browser, light and dark, with all ways there and back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { HtmlValidate } from "html-validate";
import markdownIt from "markdown-it";
import { drawn, examples, launch, misplaced, open, report, sight, target, violations, written } from "./pages.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What a name may hold that would like to be more. */
const HOSTILE = ["</script><img src=x onerror=alert(1)>", "<svg onload=alert(2)>", "'\"><b>`|@team #1", "]]>--><!--<script>alert(3)</script>", "\\u003c{{1}}${1}"];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A design that has something hostile wherever words may stand. */
function hostile() {
  const word = (at) => JSON.stringify(HOSTILE[at % HOSTILE.length]);
  return `system ${word(0)} { daily_users = 1M, per_user = 10/day, availability = 99.9%, latency_p99 = 100ms }
client browser ${word(1)}
zone a ${word(2)} {
  service shop ${word(3)} x1 { because = ${word(0)} }
}
database orders ${word(4)} : postgres x1
browser -> shop ${word(0)} : http
shop -> orders ${word(1)} { timeout = 1s }
flow buy ${word(0)} { browser -> shop -> orders }
allow single-point-of-failure on shop ${word(0)}
`;
}

/** So many services one after the other, and beside each other. */
function large(count) {
  const names = Array.from({ length: count }, (_, at) => `s${at}`);
  const links = names.slice(1).map((name, at) => `${names[at >> 1]} -> ${name}`);
  return ["client browser", ...names.map((it) => `service ${it} x1`), "browser -> s0", ...links].join("\n");
}

test("what the program takes in is what its sources make", () => {
  const folder = mkdtempSync(join(tmpdir(), "loadpath-page-"));
  try {
    execFileSync("node", [here("../build.mjs"), folder]);
    const names = readdirSync(here("../dist")).sort();
    assert.deepEqual(readdirSync(folder).sort(), names);
    for (const name of names) {
      const [made, kept] = [join(folder, name), here(`../dist/${name}`)].map((it) => readFileSync(it));
      assert.ok(made.equals(kept), `dist/${name} is out of date: \`npm run build\` in page/ makes it`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("both places of Graphviz are of one version", () => {
  const version = (path) => JSON.parse(readFileSync(here(path), "utf8")).devDependencies["@viz-js/viz"];
  assert.equal(version("../package.json"), version("../../editors/vscode/package.json"));
  assert.match(readFileSync(here("../LICENCES.txt"), "utf8"), new RegExp(`Viz\\.js ${version("../package.json")}`));
});

test("all examples are drawn light and dark, without a word of complaint, for everybody, and fetch nothing", async () => {
  for (const name of examples) {
    const address = written(name, report(name, "html", "--profile=review"));
    const { page, heard, close } = await open(browser, address, { colorScheme: "light" });
    assert.deepEqual(await violations(page), [], `${name}, light`);
    await page.emulateMedia({ colorScheme: "dark" });
    await drawn(page);
    // The colours alone are others.
    assert.deepEqual(await violations(page, ["color-contrast"]), [], `${name}, dark`);
    assert.deepEqual(heard, [], name);
    await close();
  }
});

test("what is written is valid HTML", async () => {
  const validate = new HtmlValidate({ extends: ["html-validate:standard"], rules: RULES });
  for (const design of [...examples, hostile(), "", "service", large(300)]) {
    const html = report(design, "html");
    const { results } = await validate.validateString(bare(html));
    const said = results.flatMap((it) => it.messages).map((it) => `${it.ruleId} ${it.line}:${it.column} ${it.message}`);
    assert.deepEqual(said.slice(0, 5), [], design.slice(0, 200));
  }
  const broken = await validate.validateString("<!doctype html><html lang='en'><p><div></p>");
  assert.ok(!broken.valid, "it would see a fault");
});

/** Matters of taste that are settled otherwise here. */
const RULES = {
  // Landmarks and toolbars of names that are not elements.
  "prefer-native-element": "off",
  // The page is one file: its script and style stand in it, and the policy knows them.
  "require-sri": "off",
  "no-inline-style": "error",
  // Written without quotes or line ends where none are needed.
  "attr-quotes": "off",
  "long-title": "off",
  "no-trailing-whitespace": "off",
};

/** The page without what is no markup of its own. */
function bare(html) {
  return html.replace(/<style>[^]*?<\/style>/, "<style></style>").replace(/<script>[^]*<\/script>/, "<script></script>");
}

test("hostile names are words, and nothing of them runs", async () => {
  const html = report(hostile(), "html", "--profile=review");
  const { page, heard, close } = await open(browser, written("hostile", html));
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.locator("script").count(), 2);
  assert.equal(await page.locator("h1").textContent(), HOSTILE[0]);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(heard, []);
  await close();
});

test("the policy stops what would run", async () => {
  const html = report("checkout-naive.arch", "html").replace("<main>", "<main><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>");
  const { page, heard, close } = await open(browser, written("stopped", html));
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.ok(heard.some((it) => it.includes("Content Security Policy")), heard.join("\n"));
  await close();
});

test("the page reads without its script", async () => {
  const { page, heard, close } = await open(browser, written("checkout-naive", report("checkout-naive.arch", "html")), { javaScriptEnabled: false });
  const text = await page.locator("body").innerText();
  for (const words of ["down 687 min a month where 21.6 are allowed", "loadpath graph examples/checkout-naive.arch", "LP101 single-point-of-failure", "200k users × 30/day"]) {
    assert.ok(text.includes(words), words);
  }
  assert.equal(await page.locator("#viewer, #filters, #theme").locator("visible=true").count(), 0);
  assert.deepEqual(heard, []);
  await close();
});

test("a picture begins where it can be read, and all of it is seen where that is asked for", async () => {
  for (const name of ["azure-two-regions.arch", "chat.arch"]) {
    for (const width of [1280, 390]) {
      const { page, heard, close } = await open(browser, written("sight", report(name, "html")), { viewport: { width, height: 900 } });
      const begun = await sight(page);
      assert.ok(begun.words >= 9 && begun.isFirstSeen, `${name}, ${width}: ${JSON.stringify(begun)}`);
      assert.deepEqual(await misplaced(page), [], name);
      await page.getByRole("button", { name: "Whole" }).click();
      assert.ok((await sight(page)).isWhole, `${name}, ${width}`);
      await page.getByRole("button", { name: "Whole" }).click();
      assert.deepEqual(await sight(page), begun);
      assert.deepEqual(heard, []);
      await close();
    }
  }
});

test("a finger moves the picture to either side and down, and not the page", async () => {
  const { page, close } = await open(browser, written("touched", report("ticket-booking-naive.arch", "html")), { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  const frame = page.locator("#picture");
  await frame.evaluate((it) => it.scrollIntoView({ block: "center" }));
  const { x, y } = await frame.boundingBox();
  const finger = await page.context().newCDPSession(page);
  const at = () => frame.evaluate((it) => [it.scrollLeft, it.scrollTop, scrollY]);
  const swipe = async (right, down) => {
    for (let step = 0; step <= 10; step += 1) {
      const touchPoints = [{ x: x + 180 + (right * step) / 10, y: y + 300 + (down * step) / 10 }];
      await finger.send("Input.dispatchTouchEvent", { type: step === 0 ? "touchStart" : "touchMove", touchPoints });
    }
    await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.waitForTimeout(300);
  };
  const begun = await at();
  await swipe(-120, 0);
  const aside = await at();
  assert.ok(aside[0] > begun[0] && aside[2] === begun[2], `${begun}: ${aside}`);
  await swipe(0, -120);
  const below = await at();
  assert.ok(below[1] > aside[1] && below[2] === aside[2], `${aside}: ${below}`);
  await close();
});

test("a picture reads in the way in which more of it is seen at once", async () => {
  const share = (page) => page.locator("#picture").evaluate((it) => (it.clientWidth / it.scrollWidth) * (it.clientHeight / it.scrollHeight));
  for (const name of ["web-crawler.arch", "chat.arch", "twitter.arch"]) {
    for (const width of [1280, 390]) {
      const { page, close } = await open(browser, written("way", report(name, "html")), { viewport: { width, height: 900 } });
      const begun = await share(page);
      await page.getByRole("button", { name: "Turn" }).click();
      await drawn(page);
      // The longer side of the window has a little precedence.
      assert.ok((await share(page)) < begun * 1.3, `${name}, ${width}: ${begun}, turned ${await share(page)}`);
      await close();
    }
  }
});

test("each overlay is drawn, with its own figures", async () => {
  const { page, heard, close } = await open(browser, written("twitter", report("twitter.arch", "html")));
  const texts = new Set();
  for (const name of ["findings", "load", "availability", "latency", "trust"]) {
    await page.getByLabel(name, { exact: true }).check();
    await drawn(page);
    texts.add(await page.locator("#picture svg").textContent());
    await page.locator("#viewer").screenshot({ path: join(target, `overlay-${name}.png`) });
  }
  assert.equal(texts.size, 5);
  assert.deepEqual(heard, []);
  await close();
});

test("a part leads to what is found of it, and that back to the part", async () => {
  const { page, close } = await open(browser, written("checkout-naive", report("checkout-naive.arch", "html")));
  const orders = page.locator("#picture .node", { hasText: "orders" });
  await orders.hover();
  assert.match(await page.locator("#card").innerText(), /^orders\n.*database, postgres, 1 node\n/);
  await orders.click();
  const finding = page.locator(".finding.pointed");
  assert.match(await finding.locator(".message").innerText(), /orders/);
  assert.ok(await finding.evaluate((it) => it === document.activeElement && location.hash === `#${it.id}`));
  await finding.getByText("show in the diagram").click();
  assert.equal(await page.locator("#picture .pointed").count(), 1);
  assert.ok(await orders.evaluate((it) => it.classList.contains("pointed")));
  // What nothing is found of leads to its row.
  await page.locator("#picture .node", { hasText: "mailer" }).click();
  assert.match(await page.locator("tr.pointed").innerText(), /^mailer/);
  await page.goBack();
  assert.match(page.url(), /#finding-\d+$/);
  await close();
});

test("all of it is reached by keys", async () => {
  const { page, close } = await open(browser, written("checkout-naive", report("checkout-naive.arch", "html")));
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "To the verdict");
  await page.locator("#picture").focus();
  const before = await page.locator("#picture svg").getAttribute("width");
  await page.keyboard.press("+");
  assert.notEqual(await page.locator("#picture svg").getAttribute("width"), before);
  await page.keyboard.press("Tab");
  assert.match(await focused(), /^browser/);
  for (let at = 0; !(await focused()).startsWith("shop:"); at += 1) {
    assert.ok(at < 30, "the parts are reached by Tab");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".finding.pointed").count(), 1);
  for (let at = 0; (await focused()) !== "show in the diagram"; at += 1) {
    assert.ok(at < 10, "the way back is reached by Tab");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  assert.match(await focused(), /^shop/);
  await close();
});

test("findings are listed by level and by words", async () => {
  const { page, close } = await open(browser, written("checkout-naive", report("checkout-naive.arch", "html")));
  const seen = () => page.locator(".finding").locator("visible=true").count();
  const all = await page.locator(".finding").count();
  await page.getByLabel("error").uncheck();
  assert.equal(await seen(), await page.locator(".finding[data-level=warning]").count());
  await page.getByLabel("error").check();
  await page.getByLabel("With the words").fill("LP101 SHOP");
  assert.ok((await seen()) > 0 && (await seen()) < all);
  assert.match(await page.locator("#matches").textContent(), /^\d+ of \d+ findings$/);
  await close();
});

test("printed, all but the lines of the text is unfolded, the picture is light, and the pages are few", async () => {
  const { page, close } = await open(browser, written("checkout-naive", report("checkout-naive.arch", "html")), { colorScheme: "dark" });
  await page.evaluate(() => {
    window.folded = undefined;
    addEventListener("beforeprint", () => (window.folded = document.querySelectorAll("details:not([open], .text)").length));
  });
  await page.evaluate(() => addEventListener("beforeprint", () => (window.ground = document.querySelector("#picture .graph > polygon")?.getAttribute("fill"))));
  const pdf = await page.pdf({ path: join(target, "checkout-naive.pdf"), format: "A4", printBackground: true });
  assert.equal(await page.evaluate(() => window.folded), 0);
  assert.match(await page.evaluate(() => window.ground), /^(white|#ffffff)$/);
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(pages >= 3 && pages <= 8, `${pages} pages`);
  assert.ok((await page.locator("details:not([open])").count()) > 0, "folds are closed again");
  await close();
});

test("a design that holds nothing says so, and has no picture to wait for", async () => {
  const address = written("nothing", report('system "Shop"\n', "html"));
  const context = await browser.newContext();
  const page = await context.newPage();
  const heard = [];
  page.on("console", (message) => heard.push(message.text()));
  page.on("pageerror", (error) => heard.push(error.message));
  await page.goto(address);
  assert.match(await page.locator("#verdict .lead").innerText(), /There is nothing in this design yet: write a client/);
  assert.equal(await page.locator("#viewer").count(), 0);
  await page.locator("#theme").click();
  assert.deepEqual(heard, []);
  await context.close();
});

test("without JavaScript the page says how to get the picture", async () => {
  const { page, close } = await open(browser, written("still", report("url-shortener.arch", "html")), { javaScriptEnabled: false });
  assert.match(await page.locator("#diagram").innerText(), /drawn by JavaScript, which is off here.*loadpath graph .*--output picture\.svg/s);
  await close();
});

test("nothing is wider than a telephone", async () => {
  for (const name of ["checkout-naive.arch", "twitter.arch"]) {
    const { page, close } = await open(browser, written(`narrow-${name}`, report(name, "html", "--profile=review")), { viewport: { width: 375, height: 800 } });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 375, name);
    const over = await page.evaluate(() =>
      [...document.querySelectorAll("main *")].filter((it) => !it.closest(".wide, .excerpt, svg, .unseen, .skip") && it.getBoundingClientRect().right > 376).map((it) => it.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(over, [], name);
    await close();
  }
});

test("a large design is bounded, and the page stays at hand while it is drawn", async () => {
  const html = report(large(1000), "html");
  assert.ok(html.length < 4_000_000, `${html.length} bytes`);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.longest = 0;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - last);
      last = now;
    }, 20);
  });
  const begun = performance.now();
  await page.goto(written("large", html));
  await page.locator("#picture:not([aria-busy]) svg").waitFor({ state: "attached", timeout: 120_000 });
  const longest = await page.evaluate(() => window.longest);
  console.log(`1 000 components: ${Math.round(performance.now() - begun)} ms, at most ${Math.round(longest)} ms at a stretch, ${html.length} bytes`);
  assert.ok(longest < 3000, `${longest} ms at a stretch`);
  await context.close();
});

test("as Markdown it is read as it is meant", () => {
  const reader = markdownIt({ html: true });
  for (const design of [...examples, hostile(), "", large(300)]) {
    const text = report(design, "md", "--profile=review");
    const tokens = reader.parse(text, {});
    const inner = tokens.flatMap((it) => [it, ...(it.children ?? [])]);
    const tags = new Set(inner.filter((it) => it.type.startsWith("html")).flatMap((it) => it.content.match(/<[^>]+>/g) ?? []));
    for (const tag of tags) assert.match(tag, /^<\/?(details|summary)>$|^<br>$/, design.slice(0, 80));
    assert.equal(inner.filter((it) => ["image", "link_open", "code_block"].includes(it.type)).length, 0, design.slice(0, 80));
    const opened = (text.match(/<details>/g) ?? []).length;
    assert.equal((text.match(/<\/details>/g) ?? []).length, opened);
    for (const row of text.split("\n").filter((it) => it.startsWith("| "))) assert.ok(row.endsWith(" |"), row);
    assert.ok(!/[@#]\p{Alphabetic}|[#!]\d/u.test(text.replace(/^#+ /gm, "")), "nobody is called");
  }
});
