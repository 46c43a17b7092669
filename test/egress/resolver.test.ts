import { test } from "uvu";
import * as assert from "uvu/assert";
import { LookupQueue } from "../../src/egress/lookup-queue.ts";
import { SystemResolver } from "../../src/egress/resolver.ts";

test("SystemResolver answers an account while another floods it with names that are never answered", async () => {
  let under = 0;
  let most = 0;
  const resolver = new SystemResolver(async (name) => {
    most = Math.max(most, (under += 1));
    if (name.startsWith("slow")) await new Promise(() => {});
    under -= 1;
    return ["192.0.2.1"];
  });
  let refused = 0;
  for (let i = 0; i < 10_000; i += 1)
    resolver.resolve(`slow${i}.example`, "flood").catch(() => {
      refused += 1;
    });
  // A name that the other waits for already is no trap.
  resolver.resolve("good5.example", "flood").catch(() => {});
  for (let i = 0; i < 20; i += 1)
    assert.equal(await resolver.resolve(`good${i}.example`, "neighbour"), ["192.0.2.1"]);
  assert.is(most, 2);
  assert.ok(refused > 9_800, "what waits is bounded");
});

test("SystemResolver asks once for what is under way or known, and again after a failure", async () => {
  const asked: string[] = [];
  const resolver = new SystemResolver(async (name) => {
    asked.push(name);
    if (name === "no.example" && asked.length < 3) throw new Error("ENOTFOUND");
    return ["192.0.2.1"];
  });
  await Promise.all([resolver.resolve("a.example", "a"), resolver.resolve("a.example", "a")]);
  await resolver.resolve("a.example", "b");
  assert.equal(asked, ["a.example"]);
  await resolver.resolve("no.example", "a").then(
    () => assert.unreachable(),
    () => {},
  );
  assert.equal(await resolver.resolve("no.example", "a"), ["192.0.2.1"]);
});

test("LookupQueue lets accounts take turns, and forgets those that are done", async () => {
  const queue = new LookupQueue(2);
  const order: string[] = [];
  const ask = (account: string): Promise<void> =>
    queue.run(account, async () => {
      order.push(account);
      await new Promise((resolve) => setImmediate(resolve));
    });
  await Promise.all("aaaaaabbcc".split("").map(ask));
  assert.ok(order.indexOf("c") < 5, order.join(""));
  assert.is(queue.accounts, 0);
});

test.run();
