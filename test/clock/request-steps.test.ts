import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Connection } from "../../bench/load/connection.ts";
import { endStep, REQUEST_STEPS, type RequestStep, stepsOf } from "../../src/clock/request-steps.ts";
import { createHost, type Host, type StartRecord } from "../../src/index.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

const CELL = (process.env["SKERRY_TEST_CELL"] ?? "in-process") as "in-process" | "process";
const BEFORE = ["arrived", "read", "routed", "admitted"];
const SENT = ["isolate", "sent"];
const AFTER = ["answered", "written"];
const WARM_STEPS = [...BEFORE, ...SENT, ...AFTER];
// The request is on its way along with the start.
const COLD_STEPS = [...BEFORE, "place", "code", ...SENT, "load", ...AFTER];

/** Hears the steps of all requests until it is disposed of. */
function listen(): { of(): string[][]; readonly all: RequestStep[] } & Disposable {
  const all: RequestStep[] = [];
  const hear = (step: unknown): void => void all.push(step as RequestStep);
  subscribe(REQUEST_STEPS, hear);
  return {
    all,
    of: () =>
      [...Map.groupBy(all, ({ request }) => request).values()].map((steps) => steps.map(({ step }) => step)),
    [Symbol.dispose]: () => void unsubscribe(REQUEST_STEPS, hear),
  };
}

async function deploy(host: Host, name: string): Promise<void> {
  const content = `export default { fetch: () => new Response("${name}") };`;
  await host.deploy({
    name,
    main: "index.js",
    modules: [{ name: "index.js", type: "esm", content }],
    routes: [`${name}.localhost/*`],
  });
}

test("a listener hears each step of a request in order, with the parts of a start where there was one", async () => {
  const starts: StartRecord[] = [];
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    cells: 1,
    warm: { maxIsolates: 1 },
    onStart: (start) => starts.push(start),
  });
  // The second one ends the isolate that deploying left to the first.
  await deploy(host, "one");
  await deploy(host, "two");
  const { port } = await host.listen({ port: 0 });
  const client = await Connection.open(port);
  using heard = listen();
  for (const name of ["one", "one", "none"]) await client.ask(`${name}.localhost`);
  client.close();
  assert.equal(heard.of(), [COLD_STEPS, WARM_STEPS, ["arrived", "read", "written"]]);

  const times = heard.all.map(({ atMs }) => atMs);
  assert.equal(
    times,
    times.toSorted((a, b) => a - b),
  );
  const { claimMs, compileMs, evaluateMs, codeCache } = starts.at(-1)!;
  const load = heard.all.find(({ step }) => step === "load");
  assert.equal(load!.partsMs, { claim: claimMs, compile: compileMs, evaluate: evaluateMs });
  assert.is(codeCache, "none");
});

test("requests that wait for each other's starts keep their own steps", async () => {
  const names = ["one", "two", "three"];
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    cells: 1,
    warm: { maxIsolates: 1, maxLoading: 1 },
  });
  for (const name of [...names, "last"]) await deploy(host, name);
  const { port } = await host.listen({ port: 0 });
  using heard = listen();
  await Promise.all(
    names.map(async (name) => {
      const client = await Connection.open(port);
      assert.is((await client.ask(`${name}.localhost`)).body, name);
      client.close();
    }),
  );
  assert.equal(heard.of(), [COLD_STEPS, COLD_STEPS, COLD_STEPS]);
});

test("nothing is told where nobody listens", async () => {
  assert.is(
    stepsOf(() => "answer"),
    "answer",
  );
  using heard = listen();
  endStep("read");
  assert.equal(heard.all, []);
});

test.run();
