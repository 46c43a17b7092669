import { test } from "uvu";
import * as assert from "uvu/assert";
import { listeningControl } from "./control-fixture.ts";
import { startCli } from "./run-cli.ts";

const ASK_MS = 50;

test("skerry tail --json writes out what would command a terminal, and the JSON means the same", async () => {
  await using server = await listeningControl();
  const text = "a\u009b31m\u202eb\u001b[8mc\u2028";
  const content = `export default { fetch() { console.log(${JSON.stringify(text)}); return new Response(); } };`;
  const modules = [{ name: "index.js", type: "esm" as const, content }];
  await server.host.deploy({ name: "odd", main: "index.js", modules, routes: ["odd.test/*"] });
  await using cli = startCli(["tail", "odd", "--json", "--data", server.dataFolder]);
  // A tail tells of what comes after it was opened, and does not say when that is.
  const asking = setInterval(() => {
    server.host.fetch("http://odd.test/").catch(() => {});
  }, ASK_MS);
  try {
    const [line] = await cli.waitFor(/^\{.*\}$/m);
    assert.not.match(cli.output, /[\u0080-\u009f\u202e\u2028]/);
    const { logs } = JSON.parse(line) as { logs: { text: string }[] };
    assert.is(logs[0]?.text, text);
  } finally {
    clearInterval(asking);
  }
});

test.run();
