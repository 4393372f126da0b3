// What counts as a design.
import * as vscode from "vscode";

const FENCE = /^[ \t>*+-]*(?:`{3,}|~{3,})[ \t]*arch\b/m;

/** A file of the language, or Markdown with an `arch` fence. */
export function isDesign(document: vscode.TextDocument): boolean {
  if (document.languageId === "arch") return true;
  return document.languageId === "markdown" && FENCE.test(document.getText());
}

/** The design that is being edited, or the one that is in sight. */
export function currentDesign(): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor?.document;
  if (active && isDesign(active)) return active;
  return vscode.window.visibleTextEditors.map((it) => it.document).find(isDesign);
}
