// VS Code in a browser with the packaged extension in it, and hands and eyes for it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const target = fileURLToPath(new URL("../../../target/", import.meta.url));
const modules = join(target, "vscode/node_modules");
const node = ["x64", "arm64"].map((it) => join(modules, `node-linux-${it}/bin/node`)).find(existsSync);
const entry = join(modules, "code-server/out/node/entry.js");
/** How long anything may take to be seen, in milliseconds. The machine may be busy. */
const PATIENCE = 60_000;

const SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.fontFamily": "DejaVu Sans Mono",
  "editor.hover.delay": 100,
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "files.autoSave": "off",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.commandCenter": false,
  "workbench.colorTheme": "Default Light Modern",
  "workbench.editor.useModal": "off",
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Waits until what is read is what is wanted, and says what it was last. */
export async function becomes(read, wanted) {
  const end = Date.now() + PATIENCE;
  let last = await read();
  while (last !== wanted && Date.now() < end) {
    await new Promise((done) => setTimeout(done, 100));
    last = await read();
  }
  assert.equal(last, wanted);
}

/** Reads until it reads the same for half a second: what was typed before may still be on its way. */
export async function settles(read) {
  const end = Date.now() + PATIENCE;
  let last = await read();
  for (let same = 0; same < 5 && Date.now() < end; ) {
    await new Promise((done) => setTimeout(done, 100));
    const next = await read();
    same = next === last ? same + 1 : 0;
    last = next;
  }
  return last;
}

export class Editor {
  /** Opens a folder with these files. */
  static async open(files) {
    assert.ok(process.env.LOADPATH, "LOADPATH names the program");
    const editor = new Editor();
    editor.folder = mkdtempSync(join(tmpdir(), "loadpath-vscode-"));
    editor.work = join(editor.folder, "work");
    const data = join(editor.folder, "data");
    for (const folder of [join(data, "User"), join(data, "Machine"), editor.work]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(data, "User/settings.json"), JSON.stringify(SETTINGS));
    // Where programs are is said for the machine.
    writeFileSync(join(data, "Machine/settings.json"), JSON.stringify({ "loadpath.path": process.env.LOADPATH }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(editor.work, name), text);

    const places = ["--user-data-dir", data, "--extensions-dir", join(editor.folder, "extensions")];
    const config = ["--config", join(editor.folder, "config.yaml")];
    const extension = join(target, "vscode/loadpath.vsix");
    const installed = spawnSync(node, [entry, ...config, ...places, "--install-extension", extension], {
      encoding: "utf8",
    });
    assert.equal(installed.status, 0, installed.stderr + installed.stdout);

    const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"];
    const bind = ["--auth", "none", "--bind-addr", "127.0.0.1:0"];
    editor.server = spawn(node, [entry, ...config, ...places, ...quiet, ...bind], { cwd: editor.folder });
    const address = await said(editor.server, /HTTP server listening on (\S+)/);
    editor.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    editor.page = await editor.browser.newPage({ viewport: { width: 1400, height: 860 } });
    editor.page.setDefaultTimeout(PATIENCE);
    await editor.page.goto(`${address}?folder=${encodeURIComponent(editor.work)}`);
    await editor.page.locator(".monaco-workbench .explorer-viewlet, .monaco-workbench .pane-body").first().waitFor();
    return editor;
  }

  async close() {
    await this.browser?.close();
    this.server?.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Keeps what is to be seen in `target/screenshots`. */
  async picture(name) {
    mkdirSync(join(target, "screenshots"), { recursive: true });
    await this.page.screenshot({ path: join(target, `screenshots/vscode-${name}.png`) });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Runs a command by its title, as the palette shows it. */
  async command(title) {
    await this.pick("F1", `>${title}`);
  }

  /** Goes to a text that is open. */
  async tab(name) {
    await this.page.locator(`.tab[data-resource-name="${name}"]`).first().click();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  async openFile(name) {
    await this.pick("Control+p", name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator(".editor-instance .view-line").first().waitFor();
  }

  /** Goes to a place in the text of the active editor, lines and columns from one. */
  async goTo(line, column = 1) {
    await this.focusText();
    await this.pick("Control+g", `:${line}:${column}`, "Enter", false);
    await this.at(line);
  }

  /** Goes from a page back to the text beside it. */
  async focusText() {
    await this.press("Control+1");
    await this.page.locator(".monaco-editor.focused").first().waitFor();
  }

  /** Waits until the cursor is in this line. */
  async at(line) {
    await this.page.locator(".statusbar-item", { hasText: new RegExp(`Ln ${line}, Col`) }).waitFor();
  }

  /** Sets things besides those that hold already. */
  async set(settings) {
    await this.command("Preferences: Open User Settings (JSON)");
    await this.page.locator('.tab.active[data-resource-name="settings.json"]').waitFor();
    await this.page.locator(".editor-instance .view-line").first().waitFor();
    await this.press("Control+a");
    await this.page.keyboard.insertText(JSON.stringify({ ...SETTINGS, ...settings }));
    // The editor has closed brackets of its own.
    await this.press("Control+Shift+End", "Delete", "Control+s");
    await this.page.locator('.tab.dirty[data-resource-name="settings.json"]').waitFor({ state: "hidden" });
  }

  /** Waits until so many errors are counted. */
  async errors(count) {
    await this.page.locator(`#status\\.problems [aria-label*="Errors: ${count}"], #status\\.problems[aria-label*="Errors: ${count}"]`).first().waitFor();
  }

  async pick(key, text, enter = "Enter", hasRow = true) {
    const input = this.page.locator(".quick-input-widget input.input");
    await this.press(key);
    await input.fill(text);
    if (hasRow) {
      const words = text.replace(/^>/, "");
      await this.page.locator(".quick-input-list .monaco-list-row", { hasText: words }).first().waitFor();
    }
    await this.press(enter);
    await input.waitFor({ state: "hidden" });
  }

  /** The page of a webview: the inner of two frames. */
  async webview(holds) {
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      for (const frame of this.page.frames()) {
        const found = await frame.locator(holds).count().catch(() => 0);
        if (found > 0) return frame;
      }
      await this.page.waitForTimeout(200);
    }
    throw new Error(`no page shows ${holds}`);
  }
}

/** Waits for words in what a process says, and hands back the first group of them. */
function said(child, words) {
  return new Promise((resolve, reject) => {
    let all = "";
    const listen = (data) => {
      all += data;
      const found = words.exec(all);
      if (found) resolve(found[1]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("exit", () => reject(new Error(all)));
  });
}
