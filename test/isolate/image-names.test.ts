import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EnvEntry } from "../../runtime-api/contract/boot.ts";
import { loadImage } from "../../src/isolate/image.ts";
import { makeSpare } from "../../src/isolate/spare.ts";
import { only, TestIsolate } from "../runtime-api/worker/isolate-fixture.ts";

/* The bundler shortens all names in the image. Those that workers can see are given by the runtime itself. */

test("a global function has the name of its global", async () => {
  const { isolate, context } = await makeSpare(await loadImage({}), { memoryMb: 64 });
  try {
    const wrong: unknown =
      await context.eval(`JSON.stringify(Object.getOwnPropertyNames(globalThis).filter((key) => {
      const { value } = Object.getOwnPropertyDescriptor(globalThis, key);
      return typeof value === "function" && value.name !== key;
    }))`);
    // The same class as TailEvent, under its older name.
    assert.is(wrong, '["TraceEvent"]');
  } finally {
    isolate.dispose();
  }
});

test("what a worker is handed is of a class with a name, as is what it extends", async () => {
  using isolate = await TestIsolate.create();
  const env: EnvEntry[] = [
    { name: "KV", type: "kv", slot: 1 },
    { name: "OTHER", type: "service", slot: 2 },
    { name: "RATE", type: "rateLimit", slot: 3 },
  ];
  await isolate.load(
    `[["main.js", "esm", ["cloudflare:workers", "cloudflare:workflows", "cloudflare:email"], [], false, function* (imports, meta, load, define) {
      "use strict";
      define({ default: () => handler });
      yield;
      const handler = { fetch(request, env, ctx) {
        const { WorkerEntrypoint, RpcTarget, DurableObject } = imports[0];
        const handed = [ctx, env.KV, env.RATE].map((it) => it.constructor.name);
        const extended = [WorkerEntrypoint, RpcTarget, DurableObject, imports[1].NonRetryableError, imports[2].EmailMessage];
        return new Response(JSON.stringify([...handed, ...extended.map((it) => it.name)]));
      } };
    }]]`,
    { env },
  );
  const head = only(await isolate.fetch(), "head");
  const names = ["ExecutionContext", "KvNamespace", "RateLimit"];
  const extended = ["WorkerEntrypoint", "RpcTarget", "DurableObject", "NonRetryableError", "EmailMessage"];
  assert.equal(JSON.parse(String(head[4])), [...names, ...extended]);
});

test("what a module of Cloudflare's exports has the name that it is exported under", async () => {
  using isolate = await TestIsolate.create();
  await isolate.load(`[["main.js", "esm", ["cloudflare:workers"], [], false, function* (imports, meta, load, define) {
    "use strict";
    define({ default: () => handler });
    yield;
    const handler = { fetch() {
      const functions = Object.entries(imports[0]).filter(([, it]) => typeof it === "function");
      return new Response(JSON.stringify(functions.flatMap(([key, { name }]) => key === "waitUntil" || key !== name ? [key, name] : [])));
    } };
  }]]`);
  const head = only(await isolate.fetch(), "head");
  assert.equal(JSON.parse(String(head[4])), ["waitUntil", "waitUntil"]);
});

test.run();
