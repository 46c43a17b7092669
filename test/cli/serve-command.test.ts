import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { untilBusy } from "../cell/until-busy.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { askHost } from "./ask-host.ts";
import { portOf, runCli, startCli } from "./run-cli.ts";

const CELL = process.env["SKERRY_TEST_CELL"] ?? "process";

async function ask(port: number, host: string, path = "/"): Promise<{ status: number; text: string }> {
  const { status, text } = await askHost(port, `${host}:${port}`, { path });
  return { status, text };
}

test("skerry serve takes workers from skerry deploy, keeps them, and ends at SIGTERM", async () => {
  using folder = projectFolder({
    "hello/index.js": "export default { fetch: () => new Response('hello') };",
    "bad/index.js": "throw new Error('not today'); export default {};",
  });
  const args = ["serve", "--data", "data", "--port", "0", "--cell", CELL, "--cells", "1"];
  {
    await using cli = startCli(args, folder.path);
    const port = await portOf(cli);
    assert.match(cli.output, "No workers yet");
    assert.is(statSync(join(folder.path, "data")).mode & 0o777, 0o700);
    assert.is((await ask(port, "hello.localhost")).status, 404);

    const deployed = await runCli(["deploy", "hello", "--data", "data"], folder.path);
    assert.is(deployed.exit, 0, deployed.output);
    assert.match(deployed.output, /Deployed hello, version \S+, at hello\.localhost\/\*/);
    assert.equal(await ask(port, "hello.localhost"), { status: 200, text: "hello" });

    const refused = await runCli(["deploy", "bad", "--data", "data", "--name", "hello"], folder.path);
    assert.is(refused.exit, 1);
    assert.match(refused.output, /not today/);
    assert.match(refused.output, /index\.js:1:\d+/);
    assert.equal(await ask(port, "hello.localhost"), { status: 200, text: "hello" });

    const second = await runCli(args, folder.path);
    assert.is(second.exit, 1);
    assert.match(
      second.output,
      /^error: .*data.*\n +stop the other one, or take another folder with --data/m,
    );
    const taken = await runCli(["serve", "--data", "other", "--port", String(port)], folder.path);
    assert.is(taken.exit, 1);
    assert.match(taken.output, /^error: .*EADDRINUSE\n +take another port with --port/m);

    cli.signal("SIGTERM");
    assert.is(await cli.exit, 0, cli.output);
  }
  await using again = startCli(args, folder.path);
  const port = await portOf(again);
  assert.match(again.output, /hello +http:\/\/hello\.localhost:\d+\//);
  assert.equal(await ask(port, "hello.localhost"), { status: 200, text: "hello" });
  again.signal("SIGINT");
  assert.is(await again.exit, 0, again.output);
});

test("skerry serve --examples serves every example and an index of them with what they used", async () => {
  using folder = projectFolder({});
  await using cli = startCli(["serve", "--examples", "--port", "0", "--cell", CELL, "--data", folder.path]);
  const port = await portOf(cli);
  assert.equal(await ask(port, "hello.localhost", "/?name=you"), { status: 200, text: "Hello, you!\n" });
  await cli.waitFor(/^\[hello\] greeting you$/m);
  const index = await ask(port, "localhost");
  assert.is(index.status, 200);
  for (const name of ["guestbook", "hello", "hono-router", "limits", "stream-proxy"]) {
    assert.match(index.text, `<a href="http://${name}.localhost:${port}/">${name}</a>`);
    assert.is((await ask(port, `${name}.localhost`)).status, 200, name);
  }
  const [, cold, hits] =
    /hello<\/a><td>2<td>(\d)<td>(\d)<td>/.exec((await ask(port, "localhost")).text) ?? [];
  assert.is(Number(cold) + Number(hits), 2);
  assert.is((await ask(port, "localhost", "/other")).status, 404);
  assert.is((await ask(port, "elsewhere.example")).status, 404);
  cli.signal("SIGTERM");
  assert.is(await cli.exit, 0, cli.output);
});

test("skerry serve ends at SIGTERM whatever its workers do", async () => {
  const LOOP =
    'export default { async fetch(request) { if (request.url.endsWith("/calm")) return new Response(""); await 0; for (;;); } };';
  const SPIN = `export default { fetch(request) {
    if (request.url.endsWith("/calm")) return new Response("");
    const loop = () => { for (;;); };
    Promise.reject(new Proxy({}, { get: loop, getPrototypeOf: loop }));
    return new Response("");
  } };`;
  const ends = async (cell: string, code: string): Promise<number | string> => {
    using folder = projectFolder({
      "bad/index.js": code,
      "bad/wrangler.json": JSON.stringify({ name: "bad", main: "index.js", limits: { cpu_ms: 300_000 } }),
    });
    const args = ["serve", "--data", "data", "--port", "0", "--cell", cell, "--cells", "1"];
    await using cli = startCli(args, folder.path);
    const port = await portOf(cli);
    const deployed = await runCli(["deploy", "bad", "--data", "data"], folder.path);
    assert.is(deployed.exit, 0, deployed.output);
    await ask(port, "bad.localhost", "/calm");
    ask(port, "bad.localhost").catch(() => {});
    if (cell === "in-process") await untilBusy(cli.pid);
    else await new Promise((resolve) => setTimeout(resolve, 300));
    cli.signal("SIGTERM");
    const late = new Promise<string>((resolve) => setTimeout(resolve, 150_000, "late").unref());
    return await Promise.race([cli.exit, late]);
  };
  const [loop, spin, inProcess] = await Promise.all([
    ends("process", LOOP),
    ends("process", SPIN),
    ends("in-process", SPIN),
  ]);
  // On a busy machine a second after the grace may be too little to end in good order.
  for (const end of [loop, spin]) assert.ok(end === 0 || end === "SIGKILL", String(end));
  // It can end by SIGKILL only.
  assert.is(inProcess, "SIGKILL");
});

test.run();
