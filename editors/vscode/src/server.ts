// The language server: started when it is needed, asked for the picture and for answers, told of settings.
import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";
import type { Question } from "./answers";
import type { Graph } from "./graph";
import { complainOfProgram, program, wishes } from "./settings";

/** Ends of the server by itself, after which it is not started again. */
const MAX_ENDS = 4;

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private starting: Promise<void> | undefined;
  private readonly settings = vscode.workspace.onDidChangeConfiguration((change) => {
    if (!this.isStarted) return;
    if (change.affectsConfiguration("loadpath.path")) void this.restart();
    else if (change.affectsConfiguration("loadpath")) this.refresh();
  });

  get isStarted(): boolean {
    return this.starting !== undefined;
  }

  start(): Promise<void> {
    this.starting ??= this.run();
    return this.starting;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** The picture of a design with what is known of its parts; nothing where there is none now. */
  graph(document: vscode.TextDocument): Promise<Graph | undefined> {
    return this.ask("loadpath/graph", document);
  }

  /** What a command of the program says of a design, in Markdown; nothing where there is nothing to say. */
  markdown(document: vscode.TextDocument, command: Question): Promise<string | undefined> {
    return this.ask("loadpath/markdown", document, { command });
  }

  dispose(): void {
    this.settings.dispose();
    void this.stop();
  }

  /** Asks what the protocol has no word for. */
  private async ask<T>(method: string, document: vscode.TextDocument, more: object = {}): Promise<T | undefined> {
    await this.start();
    if (!this.client?.isRunning()) return undefined;
    const uri = this.client.code2ProtocolConverter.asUri(document.uri);
    return (await this.client.sendRequest<T | null>(method, { textDocument: { uri }, ...more })) ?? undefined;
  }

  private async run(): Promise<void> {
    let ends = 0;
    const options: LanguageClientOptions = {
      documentSelector: [
        { language: "arch", scheme: "file" },
        { language: "arch", scheme: "untitled" },
        { language: "markdown", scheme: "file" },
      ],
      initializationOptions: wishes(),
      // What has changed while a text was hidden is asked for when it is seen again.
      diagnosticPullOptions: { onChange: true, onFocus: true },
      synchronize: { configurationSection: "loadpath" },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => ({ action: ++ends < MAX_ENDS ? CloseAction.Restart : CloseAction.DoNotRestart }),
      },
    };
    const client = new LanguageClient("loadpath", "Loadpath", { command: program(), args: ["lsp"] }, options);
    try {
      await client.start();
      this.client = client;
    } catch (error) {
      void complainOfProgram(error instanceof Error ? error.message : String(error));
    }
  }

  private async stop(): Promise<void> {
    const { client, starting } = this;
    this.client = this.starting = undefined;
    await starting;
    await client?.dispose();
  }

  /** What stands beside the text is asked for again: the server does not say that settings have changed it. */
  private refresh(): void {
    for (const document of vscode.workspace.textDocuments) {
      const hints = this.client?.getFeature("textDocument/inlayHint").getProvider(document);
      hints?.onDidChangeInlayHints.fire();
      const lenses = this.client?.getFeature("textDocument/codeLens").getProvider(document);
      lenses?.onDidChangeCodeLensEmitter.fire();
    }
  }
}
