import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LoadJob } from "../../../bench/load/load-job.ts";
import { loadJob, runLoad } from "../../../bench/load/run-load.ts";
import { countOf, Distribution } from "../../../bench/statistics/distribution.ts";
import { answerOf } from "../../../bench/subjects/site.ts";

/** Runs a job against a server in this process. */
async function load(listener: RequestListener, job: Partial<LoadJob>): ReturnType<typeof runLoad> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await runLoad(loadJob({ ...job, port: (server.address() as AddressInfo).port }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const hello: RequestListener = (request, response) => {
  const tenant = Number(/^t(\d+)/.exec(request.headers.host!)![1]);
  response.end(answerOf("hello", tenant));
};

test("at a rate, a server that stalls is not spared the requests that fell due meanwhile", async () => {
  const [ratePerSecond, stallMs] = [200, 400];
  let asked = 0;
  const { wholeUs, count } = await load(
    (request, response) => {
      // The whole server stands still, as in a collection of garbage.
      if (++asked === 20) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
      hello(request, response);
    },
    { mode: "rate", connections: 4, ratePerSecond, timeMs: 500 },
  );
  assert.is(count, 100);
  // Timed from when each was sent, only the four that were under way would have waited.
  const { values, counts } = Distribution.of(wholeUs);
  const late = values.reduce((sum, us, at) => sum + (us > (stallMs * 1_000) / 4 ? counts[at]! : 0), 0);
  assert.ok(late >= (ratePerSecond * stallMs * 0.5) / 1_000, `${late} of ${count}`);
});

test("what warms up is not counted, and comes from the same client", async () => {
  const asked: string[] = [];
  const { wholeUs, count } = await load(
    (request, response) => {
      asked.push(request.headers.host!);
      hello(request, response);
    },
    {
      mode: "each",
      requests: 2,
      warmUpRequests: 3,
      warmUpTenants: { first: 0, count: 2 },
      tenants: { first: 5, count: 9 },
    },
  );
  assert.equal(
    asked,
    ["t0", "t1", "t0", "t5", "t6"].map((name) => `${name}.localhost`),
  );
  assert.equal([count, countOf(wholeUs)], [2, 2]);
});

test("a load goes on until as many were answered as shall warm up", async () => {
  let asked = 0;
  const { count } = await load(
    (request, response) => {
      asked++;
      hello(request, response);
    },
    { mode: "saturate", connections: 2, warmUpRequests: 300, timeMs: 20 },
  );
  assert.ok(count > 0 && asked >= 300 + count, `${asked} asked, ${count} counted`);
});

test("a wrong answer ends the load, and so does a server that is not there, in words", async () => {
  const wrong: RequestListener = (_, response) => void response.writeHead(503).end("busy");
  await refused(() => load(wrong, { mode: "saturate", timeMs: 60_000 }), 'tenant 0 answered 503 "busy"');
  await refused(async () => await runLoad(loadJob({ port: 1 })), "ECONNREFUSED");
});

async function refused(work: () => Promise<unknown>, words: string): Promise<void> {
  const message = await work().then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );
  assert.match(message, words);
  assert.not.match(message, "client.ts");
}

test.run();
