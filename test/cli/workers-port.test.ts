import { request } from "node:http";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readControlAccess } from "../../src/control/api/control-access.ts";
import { ControlClient } from "../../src/control/api/control-client.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { portOf, startCli } from "./run-cli.ts";

interface Question {
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a port answers: status and body; 101 where it opens a WebSocket. */
async function ask(port: number, { host, path, headers }: Question): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { host: "127.0.0.1", port, path, agent: false };
  request({ ...options, headers: { ...headers, host: `${host}:${port}` } }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (part: string) => (text += part));
    response.on("end", () => resolve(`${response.statusCode} ${text}`)).on("error", reject);
  })
    .on("upgrade", (_response, socket) => resolve((socket.destroy(), "101")))
    .on("error", reject)
    .end();
  return await promise;
}

test("the workers' port answers neither API nor tails, whatever it is asked with", async () => {
  using folder = projectFolder({});
  await using cli = startCli(
    ["serve", "--data", "data", "--port", "0", "--control-port", "0", "--cells", "1"],
    folder.path,
  );
  const workers = await portOf(cli);
  const access = readControlAccess(`${folder.path}/data`);
  const control = Number(new URL(access.url).port);
  const client = new ControlClient(access);
  const content = "export default { fetch: (request) => new Response(new URL(request.url).pathname) }";
  await client.deploy({
    name: "shop",
    main: "index.js",
    modules: [{ name: "index.js", type: "esm", content }],
    routes: ["shop.localhost/*"],
  });
  const { token } = await client.createToken({ name: "all", accounts: ["*"], permissions: ["admin"] });
  const bearer = { authorization: `Bearer ${token}` };
  const tails = `${access.url}/client/v4/accounts/default/workers/scripts/shop/tails`;
  const made = await fetch(tails, { method: "POST", headers: bearer, body: "{}" });
  const { result } = (await made.json()) as { result: { id: string } };
  const socket = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": "trace-v1",
  };
  const questions = [
    { path: "/client/v4/user", headers: bearer, expected: /^200 .*"success":true/ },
    { path: "/v1/workers", headers: { authorization: `Bearer ${access.token}` }, expected: /^200 .*"shop"/ },
    { path: `/tails/${result.id}`, headers: socket, expected: /^101$/ },
  ];
  for (const question of questions) {
    for (const host of ["localhost", "127.0.0.1", "client.localhost"])
      assert.match(await ask(workers, { ...question, host }), /^404 /, `${host} ${question.path}`);
    // It is the worker's own path.
    const { path } = question;
    assert.is(await ask(workers, { path, host: "shop.localhost", headers: bearer }), `200 ${path}`);
    assert.match(await ask(control, { ...question, host: "127.0.0.1" }), question.expected);
  }
});

test.run();
