import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UNREACHABLE } from "../../src/egress/egress-error.ts";
import { failure, fetchWith, httpOrigin, openEgress } from "./egress-fixture.ts";

const TRIES = 1_000;

test("of 1,000 tries to rebind a name none reaches the other address", async () => {
  let reached = 0;
  // 127.0.0.1 is allowed; what must not be reached has the same port on another address of the machine.
  await using allowed = await httpOrigin((_request, response) => {
    response.writeHead(200, { connection: "close" }).end("public");
  });
  const secret = createServer((_request, response) => {
    reached += 1;
    response.end("secret");
  });
  const forbidden = await new Promise<string>((resolve, reject) => {
    secret.once("error", () => secret.once("error", reject).listen(allowed.port, "127.0.0.2"));
    secret.on("listening", () => resolve((secret.address() as AddressInfo).address));
    secret.listen(allowed.port, "::1");
  });
  let asked = 0;
  const answers = [["127.0.0.1"], [forbidden], ["127.0.0.1", forbidden], [forbidden, "127.0.0.1"]];
  // A server of names that says something else each time.
  await using egress = openEgress({ resolve: async () => answers[asked++ % answers.length]! });
  let refused = 0;
  for (let i = 0; i < TRIES; i += 1) {
    const before = asked;
    const name = i % 3 === 0 ? "one.example" : `flip${i}.example`;
    const end = await fetchWith(egress, `http://${name}:${allowed.port}/`).then(
      (answer) => answer.text(),
      (error: Error) => error.message,
    );
    assert.is(asked, before + 1, "one look-up for one connection");
    if (end === UNREACHABLE) refused += 1;
    else assert.is(end, "public");
  }
  assert.is(reached, 0);
  assert.is(refused, TRIES / 4, "only where the forbidden address was the only one");
  // A kept connection stays with its address, whatever the name says now.
  answers.splice(0, 4, [forbidden]);
  assert.match(await failure(fetchWith(egress, `http://one.example:${allowed.port}/`)), UNREACHABLE);
  await new Promise((resolve) => secret.close(resolve));
});

test.run();
