// What the language server promises the extension, over the protocol itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "./server.mjs";

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

test("a profile that is taken back is that of the configuration", async () => {
  const uri = "untitled:notes.arch";
  await server.open(uri, "client web\nservice api\nweb -> api : https { auth = session }");
  const levels = async () => new Set((await server.graph(uri)).findings.map((it) => it.level));
  const set = (profile) => server.tell("workspace/didChangeConfiguration", { settings: { loadpath: { profile } } });
  assert.ok(!(await levels()).has("advice"));
  await set("review");
  assert.ok((await levels()).has("advice"));
  await set("default");
  assert.ok(!(await levels()).has("advice"));
});
