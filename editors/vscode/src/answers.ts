// The estimate, the report and the review: Markdown that the server writes of the open texts, shown beside the design.
import { basename } from "node:path";
import * as vscode from "vscode";
import { currentDesign } from "./design";
import type { Server } from "./server";

/** The commands of the program that are answered in Markdown. */
export type Question = "estimate" | "report" | "review";

const SCHEME = "loadpath";

export class Answers implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly server: Server) {}

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
    const told = await this.server.markdown(design, uri.authority as Question);
    return told ?? "The server is not running, or can't read the design: there is no answer.";
  }

  dispose(): void {
    this.registered.dispose();
    this.changes.dispose();
  }
}
