// The estimate and the review: Markdown that the program writes, shown beside the design.
import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { currentDesign } from "./design";
import { review } from "./review";
import { complainOfProgram, program } from "./settings";

type Question = "estimate" | "review";

const SCHEME = "loadpath";
/** The most that is read of an answer, in bytes. */
const MOST = 16 * 1024 * 1024;

export class Answers implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  async show(question: Question): Promise<void> {
    const design = currentDesign();
    if (!design) return;
    const path = `/${question} of ${basename(design.uri.path)}.md`;
    const uri = vscode.Uri.from({ scheme: SCHEME, authority: question, path, query: design.uri.toString() });
    // Asked once more, it is answered by the text of today.
    this.changes.fire(uri);
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const design = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri.query));
    if (uri.authority === "estimate") return ask(design, "estimate", "--format", "markdown");
    const found = await ask(design, "check", "--profile", "review", "--format", "json");
    const figures = await ask(design, "report", "--color", "never");
    // What is not JSON says why there is none.
    return found.startsWith("{") ? review(found, figures) : found;
  }

  dispose(): void {
    this.registered.dispose();
    this.changes.dispose();
  }
}

/** Asks the program about the text as it is now, saved or not. */
function ask(design: vscode.TextDocument, ...question: string[]): Promise<string> {
  const isFile = design.uri.scheme === "file";
  const name = isFile ? design.uri.fsPath : `untitled${design.languageId === "markdown" ? ".md" : ".arch"}`;
  const options = { maxBuffer: MOST, ...(isFile && { cwd: dirname(design.uri.fsPath) }) };
  return new Promise((resolve) => {
    const asked = execFile(program(), [...question, "--stdin-filename", name, "-"], options, (error, out, said) => {
      // Findings leave with 1; only what could not be done at all has no answer.
      if (error && typeof error.code === "string") void complainOfProgram(error.message);
      resolve(out || said || error?.message || "");
    });
    asked.stdin?.on("error", () => {});
    asked.stdin?.end(design.getText());
  });
}
