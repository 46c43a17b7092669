import { test } from "uvu";
import * as assert from "uvu/assert";
import { startExample } from "./start-example.ts";

// Runs in the kind of cell that process.env["SKERRY_TEST_CELL"] names.

const BREAKS = [
  ["cpu", 503, "exceededCpu", "1102"],
  ["promise-loop", 503, "exceededCpu", "1102"],
  ["regex", 503, "exceededCpu", "1102"],
  ["memory", 503, "exceededMemory", "1102"],
  ["throw", 500, "exception", "1101"],
  ["reject", 500, "exception", "1101"],
  ["no-response", 500, "exception", "1101"],
  ["hang", 500, "exception", "1101"],
  ["subrequests", 500, "exception", "1101"],
] as const;

test("limits: each path ends in its outcome and status, and the next request is answered", async () => {
  await using example = await startExample("limits");
  for (const [path, status, outcome, code] of BREAKS) {
    const seen = example.events.length;
    const response = await fetch(`${example.url}/${path}`);
    const text = await response.text();
    assert.is(response.status, status, path);
    assert.match(text, code, path);
    assert.not.match(text, /on purpose|index\.js/, path);
    const event = await eventually(() =>
      example.events.slice(seen).find((record) => record.url?.endsWith(`/${path}`)),
    );
    assert.match(event.outcome, new RegExp(`^${outcome}$`), path);
    assert.is((await fetch(example.url)).status, 200, `after ${path}`);
  }
});

test("limits: errors reach the log with the worker's own place", async () => {
  await using example = await startExample("limits");
  await (await fetch(`${example.url}/throw`)).text();
  const { exception } = await eventually(() =>
    example.events.find((record) => record.outcome === "exception"),
  );
  assert.is(exception?.name, "TypeError");
  assert.is(exception?.message, "thrown on purpose");
  assert.match(exception?.stack ?? "", /index\.js:18:\d+/);
  assert.not.match(exception?.stack ?? "", /\/work|node_modules|runtime-api|src\//);
});

test("limits: a log that is too long is cut, and says so", async () => {
  await using example = await startExample("limits");
  const response = await fetch(`${example.url}/log`);
  assert.is(response.status, 200);
  await response.text();
  await eventually(() => example.events[0]);
  assert.is(example.logs[0]?.text, "line 0");
  assert.ok(example.logs.length <= 257, String(example.logs.length));
});

async function eventually<T>(find: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 12_000; tries++) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not come");
}

test.run();
