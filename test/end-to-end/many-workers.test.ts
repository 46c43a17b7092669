import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeHosts, makeHost, upload } from "./fixture.ts";

const WORKERS = 1_000;
const REQUESTS = 10_000;

test("a thousand workers share two hundred places, without an error and with flat memory", async () => {
  await using at = await makeHost({ cell: "process", cells: 2, spares: 3, warm: { maxIsolates: 200 } });
  const ask = async (n: number): Promise<void> => {
    const answer = await at.host.worker(`w${n}`)!.fetch("http://w/");
    assert.is(await answer.text(), `worker ${n}`);
  };
  const together = async (total: number, job: (i: number) => Promise<void>): Promise<void> => {
    let next = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (next < total) await job(next++);
      }),
    );
  };
  // Other tests share the cores: time inside an isolate passes while its thread waits for one.
  const limits = { cpuMs: 20_000, wallMs: 300_000 };
  const source = (n: number): string => `export default { fetch() { return new Response("worker ${n}"); } };`;
  await together(WORKERS, async (n) => void (await at.host.deploy(upload(`w${n}`, source(n), { limits }))));
  // The newest first: their isolates are still warm from the deploy.
  await together(WORKERS, (n) => ask(WORKERS - 1 - n));
  const rss: number[] = [];
  let seed = 1;
  for (let round = 0; round < 5; round++) {
    await together(REQUESTS / 5, async () => {
      // Few workers get most of the traffic, as it is in life.
      seed = (seed * 48_271) % 2_147_483_647;
      await ask(Math.floor(WORKERS * (seed / 2_147_483_647) ** 10));
    });
    const { rssBytes, cellRssBytes } = await at.host.stats();
    rss.push((rssBytes + cellRssBytes) / 1024 ** 2);
  }
  const { warm } = await at.host.stats();
  assert.ok(warm.isolates <= 200, `${warm.isolates} isolates`);
  assert.ok(at.events.every(({ outcome }) => outcome === "ok"));
  assert.is(warm.failedStarts, 0);
  assert.ok(
    rss.at(-1)! < rss[1]! * 1.3 + 50,
    `resident memory by round, in MB: ${rss.map(Math.round).join(", ")}`,
  );
});

test("the hosts of these tests close", closeHosts);

test.run();
