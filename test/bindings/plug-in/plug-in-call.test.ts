import { Invocations } from "../../../src/limits/invocations.ts";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Op } from "../../../runtime-api/contract/calls.ts";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { type Binding, CallError, type CallContext } from "../../../src/bindings/binding.ts";
import { CallGate } from "../../../src/bindings/plug-in/call-gate.ts";
import type { BindingPlugIn } from "../../../src/bindings/plug-in/plug-in.ts";
import { createPlugInBinding } from "../../../src/bindings/plug-in/plug-in-binding.ts";
import { readyPlugIn } from "../../../src/bindings/plug-in/ready-plug-in.ts";
import { DEFAULT_LIMITS } from "../../../src/limits/defaults.ts";
import { collectGarbage } from "../../collect-garbage.ts";

function bindingOf(plugIn: BindingPlugIn): { binding: Binding; faults: string[] } {
  const faults: string[] = [];
  const fault = (error: unknown): void => void faults.push(String(error));
  const target = { account: "a", binding: "AI", type: "ai", config: {} };
  const binding = createPlugInBinding(target, readyPlugIn("ai", plugIn), new CallGate(100), fault);
  return { binding, faults };
}

function contextOf(signal: AbortSignal, opened: ReadableStream<Uint8Array>[] = []): CallContext {
  const none = (): never => {
    throw new Error("not of this test");
  };
  return {
    account: "a",
    worker: "w",
    versionId: "v",
    limits: DEFAULT_LIMITS,
    event: {},
    depth: 0,
    invocations: new Invocations(),
    isolate: { whenGone: () => {}, goStale: () => {} },
    signal,
    charge: () => {},
    openStream: (source) => opened.push(source),
    openSocket: none,
    readBody: (_kind, value) => value as Uint8Array | null,
  };
}

test("the time of a call that was answered does not run on", async () => {
  const signals: AbortSignal[] = [];
  const { binding } = bindingOf({
    timeoutMs: 100,
    answer: (_method, args, { signal }) => {
      signals.push(signal);
      return args.length;
    },
  });
  const event = new AbortController();
  const call = async (): Promise<readonly Flat[]> =>
    await binding.call(
      Op.invoke,
      ["run", `[{"\\u0000":[0]}]`, new Uint8Array(100_000)],
      contextOf(event.signal),
    );
  assert.equal(await call(), [BodyKind.none, null, "1"]);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.is(signals[0]!.aborted, false);
  event.abort();
  assert.is(signals[0]!.aborted, false);
});

test("the arguments of a call that was answered are not kept until its time is over", async () => {
  const seen: WeakRef<object>[] = [];
  const { binding } = bindingOf({
    timeoutMs: 3_600_000,
    answer: (_method, args) => void seen.push(new WeakRef(args[0] as object)),
  });
  const event = new AbortController();
  for (let i = 0; i < 20; i++)
    await binding.call(
      Op.invoke,
      ["run", `[{"\\u0000":[0]}]`, new Uint8Array(100_000)],
      contextOf(event.signal),
    );
  const held = (): number => seen.filter((ref) => ref.deref() !== undefined).length;
  for (let i = 0; i < 200 && held() > 1; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
  }
  assert.ok(held() <= 1, `arguments of ${held()} calls are held`);
  assert.is(event.signal.aborted, false);
});

test("a call under way is told why it is withdrawn, at once where it is already", async () => {
  const reasons: unknown[] = [];
  const { binding } = bindingOf({
    answer: async (_method, _args, { signal }) => {
      if (!signal.aborted)
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve());
        });
      reasons.push(signal.reason);
    },
  });
  const event = new AbortController();
  const call = binding.call(Op.invoke, ["run", "[]"], contextOf(event.signal));
  event.abort("gone");
  await call;
  await binding.call(Op.invoke, ["run", "[]"], contextOf(event.signal));
  assert.equal(reasons, ["gone", "gone"]);
});

test("a request of a worker that no Request can be is the worker's error, and no fault of the host", async () => {
  const { binding, faults } = bindingOf({ fetch: () => new Response("reached") });
  const args = ["get", "http://x/", "", BodyKind.bytes, new Uint8Array(1), "follow", ""];
  const error = await binding.call(Op.fetch, args, contextOf(new AbortController().signal)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, CallError);
  assert.is((error as CallError).message, "Cannot fetch: the request is malformed");
  assert.is((error as CallError).errorName, "TypeError");
  assert.equal(faults, []);
});

test.run();
