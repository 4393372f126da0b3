// The language server, spoken to without an editor.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(
  require.resolve("vscode-languageclient/node"),
)("vscode-languageserver-protocol/node");

export class Server {
  static async start() {
    const server = new Server();
    server.process = spawn(process.env.LOADPATH, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    const reader = new StreamMessageReader(server.process.stdout);
    server.connection = createMessageConnection(reader, new StreamMessageWriter(server.process.stdin));
    server.connection.listen();
    await server.ask("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    await server.tell("initialized", {});
    return server;
  }

  ask(method, params) {
    return this.connection.sendRequest(method, params);
  }

  tell(method, params) {
    return this.connection.sendNotification(method, params);
  }

  open(uri, text) {
    return this.tell("textDocument/didOpen", { textDocument: { uri, languageId: "arch", version: 1, text } });
  }

  graph(uri) {
    return this.ask("loadpath/graph", { textDocument: { uri } });
  }

  async stop() {
    await this.ask("shutdown");
    await this.tell("exit");
    this.connection.dispose();
  }
}
