import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  BindingError,
  type BindingPlugIns,
  createHost,
  type Host,
  type WorkerUpload,
} from "../../../src/index.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

const CELL = (process.env["SKERRY_TEST_CELL"] ?? "in-process") as "in-process" | "process";
const AI = [{ binding: "AI", type: "ai", config: { model: "m" } }];

async function make(bindings: BindingPlugIns): Promise<Host & { faults: string[] }> {
  const faults: string[] = [];
  const host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    bindings,
    onInternalError: (error) => void faults.push(String(error)),
  });
  return Object.assign(host, { faults });
}

async function ask(host: Host, body: string, more: Partial<WorkerUpload> = {}): Promise<unknown> {
  const content = `import { EmailMessage } from "cloudflare:email";
    const told = (promise) => promise.then((value) => value, (error) => error.name + ": " + error.message);
    export default { async fetch(request, env, ctx) { ${body} } }`;
  await host.deploy({
    name: "w",
    main: "i.js",
    modules: [{ name: "i.js", type: "esm", content }],
    plugIns: AI,
    ...more,
  });
  return await (await host.worker("w", more.account)!.fetch("http://w/")).json();
}

test("a plug-in is told who asks for what, with arguments as plain data, and its answer comes back", async () => {
  const calls: unknown[] = [];
  await using host = await make({
    ai: (method, args, { account, worker, binding, type, config }) => {
      calls.push([method, args, { account, worker, binding, type, config }]);
      return { ok: true, bytes: new Uint8Array([1, 2]), text: "é".repeat(5_000), none: undefined };
    },
  });
  const answer = await ask(
    host,
    `const message = new EmailMessage("a@x", "b@x", new Blob(["raw"]).stream());
     const found = await env.AI.run("m", { list: [1, null, "x"], bytes: new Uint8Array([9, 8]), message, when: new Date(0) });
     return Response.json([found.ok, found.bytes instanceof Uint8Array, [...found.bytes], found.text.length, "none" in found,
       Object.keys(env.AI), typeof env.AI.models, typeof env.AI.gateway]);`,
  );
  assert.equal(answer, [true, true, [1, 2], 5_000, false, [], "function", "undefined"]);
  const raw = new TextEncoder().encode("raw");
  assert.equal(calls, [
    [
      "run",
      [
        "m",
        {
          list: [1, null, "x"],
          bytes: new Uint8Array([9, 8]),
          message: { from: "a@x", to: "b@x", raw },
          when: "1970-01-01T00:00:00.000Z",
        },
      ],
      { account: "default", worker: "w", binding: "AI", type: "ai", config: { model: "m" } },
    ],
  ]);
});

test("errors of a plug-in stay with the host, but for those that are meant for workers", async () => {
  await using host = await make({
    ai(method, [what]) {
      if (what === "known") throw new BindingError("no such model", "RangeError");
      if (what === "function") return () => 1;
      if (what === "stream")
        return new ReadableStream({
          pull: (controller) => controller.error(new Error("secret in a stream")),
        });
      throw new Error("secret of the host");
    },
  });
  const answer = await ask(
    host,
    `const read = async (stream) => await new Response(stream).text();
     return Response.json([await told(env.AI.run("known")), await told(env.AI.run("x")), await told(env.AI.run("function")),
       await told(env.AI.run("stream").then(read)), await told(env.AI.run(() => 1)), await told(env.AI.run({ get a() { throw new Error("mine") } }))]);`,
  );
  assert.equal(answer, [
    "RangeError: no such model",
    'Error: The binding "AI" failed',
    "Error: The binding's answer cannot travel: it has a function",
    "TypeError: The binding's answer broke off",
    "TypeError: A function cannot travel to a binding",
    "Error: mine",
  ]);
  assert.equal(host.faults, ["Error: secret of the host", "Error: secret in a stream"]);
});

test("calls end in time, are bounded by account, and their signal aborts with the event", async () => {
  let aborted = 0;
  await using host = await make({
    ai: {
      timeoutMs: 300,
      concurrency: 2,
      answer: async (_method, [what], { signal }) => {
        signal.addEventListener("abort", () => aborted++);
        if (what === "quick") return 1;
        await new Promise(() => {});
        return 2;
      },
    },
  });
  const answer = await ask(
    host,
    `const slow = [env.AI.run("never"), env.AI.run("never")];
     const third = await told(env.AI.run("quick"));
     const [first] = await Promise.all(slow.map(told));
     return Response.json([third, first, await told(env.AI.run("quick"))]);`,
  );
  assert.equal(answer, [
    "Error: Too many calls to this kind of binding are under way: try again later",
    "TimeoutError: The binding did not answer in time",
    1,
  ]);
  assert.ok(aborted >= 2);
  const before = aborted;
  await ask(host, `env.AI.run("never").catch(() => {}); return Response.json(1)`);
  for (let i = 0; i < 6_000 && aborted === before; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(aborted > before);
});

test("a method that answers nothing is not waited for, and reaches the plug-in though the event is over", async () => {
  const points: unknown[] = [];
  await using host = await make({
    analytics_engine: async (_method, [point]) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      points.push(point);
      return "ignored";
    },
  });
  const plugIns = [{ binding: "AE", type: "analytics_engine" }];
  const answer = await ask(
    host,
    `return Response.json([env.AE.writeDataPoint({ blobs: ["a"] }) === undefined])`,
    {
      plugIns,
    },
  );
  assert.equal(answer, [true]);
  for (let i = 0; i < 6_000 && points.length === 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(points, [{ blobs: ["a"] }]);
});

test("a plug-in's fetch gets a Request and gives a Response, streams included", async () => {
  await using host = await make({
    browser: {
      fetch: async (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === "/throw") throw new Error("secret");
        if (pathname === "/to") return Response.redirect("http://x/there", 302);
        const text = await request.text();
        return new Response(`${request.method} ${pathname} ${request.headers.get("x-a")} ${text.length}`, {
          status: 201,
          headers: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
          ],
        });
      },
    },
  });
  const answer = await ask(
    host,
    `const post = await env.B.fetch("http://x/p", { method: "POST", headers: { "x-a": "b" }, body: "y".repeat(300_000) });
     const to = await env.B.fetch("http://x/to");
     return Response.json([post.status, await post.text(), post.headers.getSetCookie(), await to.text(), await told(env.B.fetch("http://x/throw"))]);`,
    { plugIns: [{ binding: "B", type: "browser" }] },
  );
  assert.equal(answer, [
    201,
    "POST /p b 300000",
    ["a=1", "b=2"],
    "GET /there null 0",
    'Error: The binding "B" failed',
  ]);
  assert.equal(host.faults, ["Error: secret"]);
});

test("plug-ins that are not what they must be are refused before anything starts", async () => {
  const refusal = async (bindings: object): Promise<string> =>
    await createHost({ bindings: bindings as BindingPlugIns }).then(
      () => "nothing was thrown",
      (error: Error) => error.message,
    );
  const message = await refusal({
    kv_namespace: () => null,
    "A b": () => null,
    d1: () => null,
    ai: 5,
    queue: { timeoutMs: 0, methods: ["then"], extra: 1 },
    stream: {},
  });
  for (const text of [
    `"bindings.kv_namespace": Skerry answers bindings of this type itself`,
    `"bindings.A b": a type of bindings has`,
    `"bindings.d1" needs "methods"`,
    `"bindings.ai" is 5; it must be a function or a plug-in`,
    `"bindings.queue.timeoutMs" is 0`,
    `"bindings.queue.methods" must be a list of names of methods`,
    `"bindings.queue" has "extra"`,
    `"bindings.stream" needs one of "answer", "fetch" and "values"`,
  ])
    assert.ok(message.includes(text), `${text} in ${message}`);
});

test.run();
