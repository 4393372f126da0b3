// What the person has set, and what the server is told of it.
import * as vscode from "vscode";

/** The program. */
export function program(): string {
  return vscode.workspace.getConfiguration("loadpath").get("path") || "loadpath";
}

/** What the server shows and asks. Later changes reach it as `workspace/didChangeConfiguration`. */
export function wishes(): object {
  const { profile, hints, lens } = vscode.workspace.getConfiguration("loadpath");
  return { profile, hints, lens };
}

/** Says that the program can't be started, and leads to where this is set. */
export async function complainOfProgram(why: string): Promise<void> {
  const settings = "Open Settings";
  const reason = why.includes("ENOENT") ? "it was not found" : why;
  const help = "Install it, or say in `loadpath.path` where it is.";
  const chosen = await vscode.window.showErrorMessage(`\`${program()}\` could not be started: ${reason}. ${help}`, settings);
  if (chosen) await vscode.commands.executeCommand("workbench.action.openSettings", "loadpath.path");
}
