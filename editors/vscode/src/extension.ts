// The extension: the language server for everything about the text, and commands that show what else there is to see.
import * as vscode from "vscode";
import { Answers } from "./answers";
import { isDesign } from "./design";
import { Preview } from "./preview";
import { Server } from "./server";

export function activate(context: vscode.ExtensionContext): void {
  const server = new Server();
  const preview = new Preview(context.extensionUri, server);
  const answers = new Answers(server);
  context.subscriptions.push(
    server,
    preview,
    answers,
    vscode.commands.registerCommand("loadpath.preview", () => preview.show()),
    vscode.commands.registerCommand("loadpath.estimate", () => answers.show("estimate")),
    vscode.commands.registerCommand("loadpath.report", () => answers.show("report")),
    vscode.commands.registerCommand("loadpath.review", () => answers.show("review")),
    vscode.commands.registerCommand("loadpath.restart", () => server.restart()),
    vscode.window.onDidChangeActiveTextEditor(look),
    vscode.workspace.onDidOpenTextDocument(meet),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      meet(document);
      if (document === vscode.window.activeTextEditor?.document) look();
    }),
  );
  vscode.workspace.textDocuments.forEach(meet);
  look();

  /** The server starts with the first design: Markdown alone is none. */
  function meet(document: vscode.TextDocument): void {
    if (!server.isStarted && isDesign(document)) void server.start();
  }

  /** Commands about designs are offered where one is looked at. */
  function look(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document) void vscode.commands.executeCommand("setContext", "loadpath.isDesign", isDesign(document));
  }
}
