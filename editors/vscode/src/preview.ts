// The diagram beside the text: follows the design that is edited, and leads back to its lines.
import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import * as vscode from "vscode";
import type { Location } from "vscode-languageserver-types";
import { currentDesign, isDesign } from "./design";
import type { FromPage, ToPage } from "./graph";
import type { Server } from "./server";

/** How long typing must rest before the picture is drawn again, in milliseconds. */
const REST = 250;

export class Preview implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private design: vscode.TextDocument | undefined;
  private waiting: NodeJS.Timeout | undefined;
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly root: vscode.Uri,
    private readonly server: Server,
  ) {
    this.listeners = [
      // What is included may be any open design.
      vscode.workspace.onDidChangeTextDocument(({ document }) => isDesign(document) && this.drawSoon()),
      vscode.workspace.onDidSaveTextDocument(() => this.drawSoon()),
      vscode.workspace.onDidChangeConfiguration((it) => it.affectsConfiguration("loadpath") && this.drawSoon()),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (this.panel && editor && editor.document !== this.design && isDesign(editor.document)) {
          this.design = editor.document;
          void this.draw();
        }
      }),
    ];
  }

  show(): void {
    this.design = currentDesign();
    if (!this.design) return;
    if (this.panel) {
      this.panel.reveal(undefined, true);
      return void this.draw();
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const resources = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.root, "dist")] };
    this.panel = vscode.window.createWebviewPanel("loadpath.diagram", "Diagram", column, resources);
    this.panel.iconPath = vscode.Uri.joinPath(this.root, "media/arch.svg");
    this.panel.onDidDispose(() => (this.panel = undefined));
    // A page that was hidden begins anew, and says so.
    this.panel.webview.onDidReceiveMessage((message: FromPage) =>
      message.kind === "ready" ? this.draw() : this.open(message.location),
    );
    this.panel.webview.html = this.page(this.panel.webview);
  }

  dispose(): void {
    clearTimeout(this.waiting);
    this.listeners.forEach((it) => it.dispose());
    this.panel?.dispose();
  }

  private drawSoon(): void {
    if (!this.panel) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.draw(), REST);
  }

  private async draw(): Promise<void> {
    const { panel, design } = this;
    if (!panel || !design) return;
    const name = basename(design.uri.path);
    panel.title = `Diagram of ${name}`;
    try {
      const graph = await this.server.graph(design);
      if (design !== this.design) return;
      if (graph) await this.tell({ kind: "graph", design: name, graph });
      else await this.tell({ kind: "trouble", text: "The server is not running: there is no picture." });
    } catch {
      // The text has changed since, and another picture is on its way.
    }
  }

  private tell(message: ToPage): PromiseLike<boolean> | undefined {
    return this.panel?.webview.postMessage(message);
  }

  private async open(location: Location): Promise<void> {
    const uri = vscode.Uri.parse(location.uri);
    const { start, end } = location.range;
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    const shown = vscode.window.visibleTextEditors.find((it) => it.document.uri.toString() === uri.toString());
    const beside = vscode.window.visibleTextEditors.find((it) => it.document === this.design);
    const viewColumn = (shown ?? beside)?.viewColumn ?? vscode.ViewColumn.One;
    await vscode.window.showTextDocument(uri, { selection, viewColumn });
  }

  private page(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString("base64");
    const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.root, "dist", name)).toString();
    // Graphviz is WebAssembly; nothing is fetched.
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`;
    return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <link rel="stylesheet" href="${file("diagram.css")}">
    <title>Diagram</title>
  </head>
  <body>
    <main id="picture" tabindex="0" aria-label="Diagram"></main>
    <div id="zoom" role="toolbar" aria-label="View">
      <button id="turn" title="Turn: to the right, or down" aria-label="Turn">⤵</button>
      <button id="closer" title="Zoom in (+)" aria-label="Zoom in">+</button>
      <button id="further" title="Zoom out (−)" aria-label="Zoom out">−</button>
      <button id="whole" title="All of it, and back (0)" aria-pressed="false">Whole</button>
    </div>
    <p id="trouble" role="status" hidden></p>
    <details id="findings"><summary></summary><ul></ul></details>
    <script nonce="${nonce}" src="${file("diagram.js")}"></script>
  </body>
</html>`;
  }
}
