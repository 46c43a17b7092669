import { test } from "uvu";
import * as assert from "uvu/assert";
import { UNREACHABLE } from "../../src/egress/egress-error.ts";
import { failure, fetchWith, httpOrigin, openEgress } from "./egress-fixture.ts";

const REFUSED = `TypeError: ${UNREACHABLE}`;

const SPELLINGS = [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f.1",
  "0x7f000001",
  "017700000001",
  "0177.0.0.1",
  "127.0.0.1.",
  "0.0.0.0",
  "0",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
  "１２７.０.０.１",
  "⑫⑦.0.0.1",
  "localhost",
  "localhost.",
  "LOCALHOST",
  "169.254.169.254",
  "10.0.0.1",
  "[fd00::1]",
  "[fe80::1]",
];

for (const spelling of SPELLINGS) {
  test(`Egress.fetch() does not reach http://${spelling}`, async () => {
    let reached = 0;
    await using origin = await httpOrigin((_request, response) => {
      reached += 1;
      response.end("secret");
    });
    await using egress = openEgress({ allowAddresses: [] });
    assert.is(await failure(fetchWith(egress, `http://${spelling}:${origin.port}/`)), REFUSED);
    assert.is(reached, 0);
  });
}

test("Egress.fetch() fails in the same words for what is refused, closed, and unknown", async () => {
  await using egress = openEgress({
    resolve: async (name) => {
      if (name === "private.example") return ["10.0.0.1"];
      throw new Error("ENOTFOUND");
    },
  });
  const closed = await httpOrigin(() => {});
  await closed[Symbol.asyncDispose]();
  for (const url of [
    "http://private.example/",
    "http://unknown.example/",
    `${closed.url}/`,
    "http://[::1]/",
  ]) {
    assert.is(await failure(fetchWith(egress, url)), REFUSED, url);
  }
});

test("Egress.fetch() checks every address of a name, and goes only to those that are allowed", async () => {
  await using origin = await httpOrigin(
    (request, response) => void response.end(`host ${request.headers.host}`),
  );
  let addresses: string[] = [];
  await using egress = openEgress({ resolve: async () => addresses });
  addresses = ["10.0.0.1", "::1", "fd00::1"];
  assert.is(await failure(fetchWith(egress, `http://a.example:${origin.port}/`)), REFUSED);
  addresses = ["10.0.0.1", "127.0.0.1"];
  const answer = await fetchWith(egress, `http://a.example:${origin.port}/`);
  assert.is(await answer.text(), `host a.example:${origin.port}`);
});

test("Egress.fetch() resolves a name once per connection, so that a name cannot change its mind", async () => {
  let reached = 0;
  await using origin = await httpOrigin((_request, response) => {
    reached += 1;
    response.end();
  });
  // The allowed address leads nowhere here; the forbidden one is where the secret server listens.
  for (const flip of [
    ["192.0.2.1", "127.0.0.1"],
    ["127.0.0.1", "192.0.2.1"],
  ]) {
    let asked = 0;
    await using egress = openEgress({
      allowAddresses: ["192.0.2.1"],
      connectTimeoutMs: 200,
      resolve: async () => [flip[asked++ % 2]!],
    });
    for (let i = 0; i < 6; i += 1) {
      assert.is(
        await failure(
          fetchWith(egress, `http://flip${i}.example:${origin.port}/`, {
            signal: AbortSignal.timeout(120_000),
          }),
        ),
        REFUSED,
      );
      assert.is(asked, i + 1, "one look-up for one connection");
    }
  }
  assert.is(reached, 0);
});

test("Egress.fetch() checks each hop of a redirect anew", async () => {
  let reached = 0;
  await using secret = await httpOrigin((_request, response) => {
    reached += 1;
    response.end("secret");
  });
  let target = "";
  await using origin = await httpOrigin(
    (_request, response) => void response.writeHead(302, { location: target }).end(),
  );
  await using egress = openEgress({
    resolve: async (name) => (name === "ok.example" ? ["127.0.0.1"] : ["127.0.0.2"]),
  });
  for (target of [
    `http://[::1]:${secret.port}/`,
    `http://127.0.0.2:${secret.port}/`,
    `http://evil.example:${secret.port}/`,
    `http://2130706434:${secret.port}/`,
  ]) {
    assert.is(await failure(fetchWith(egress, `http://ok.example:${origin.port}/`)), REFUSED, target);
  }
  for (target of [
    "file:///etc/passwd",
    "data:text/plain,a",
    "ftp://ok.example/",
    "http://u:p@ok.example/",
    "http://ok.example:25/",
    "http://[",
  ]) {
    assert.match(
      await failure(fetchWith(egress, `http://ok.example:${origin.port}/`)),
      /^TypeError: Cannot fetch: /,
      target,
    );
  }
  assert.is(reached, 0);
});

test.run();
