import { test } from "uvu";
import * as assert from "uvu/assert";
import { AbortController as OwnController } from "../../../runtime-api/abort/abort-controller.ts";
import { abortInternals, AbortSignal as OwnSignal } from "../../../runtime-api/abort/abort-signal.ts";
import { collectGarbage } from "../../collect-garbage.ts";
import { standInIo } from "../stand-in-io.ts";

test("AbortController.abort() aborts once, algorithms before listeners", () => {
  standInIo();
  const controller = new OwnController();
  const calls: string[] = [];
  controller.signal.addEventListener("abort", (event) => calls.push(`listener ${event.isTrusted}`));
  controller.signal.onabort = () => calls.push("handler");
  abortInternals.onAbort(controller.signal, () => calls.push("algorithm"));
  abortInternals.onAbort(controller.signal, () => calls.push("taken back"))();
  controller.abort("why");
  controller.abort("again");
  assert.equal(calls, ["algorithm", "listener true", "handler"]);
  assert.is(controller.signal.reason, "why");
  assert.throws(
    () => controller.signal.throwIfAborted(),
    (reason: unknown) => reason === "why",
  );
});

test("AbortSignal.abort() has an AbortError as its reason unless given one", () => {
  standInIo();
  assert.is((OwnSignal.abort().reason as Error).name, "AbortError");
  assert.is(OwnSignal.abort(3).reason, 3);
  assert.throws(() => new OwnSignal(), /Illegal constructor/);
});

test("AbortSignal.timeout() arms a timer of the event and aborts with TimeoutError", () => {
  const seen = standInIo();
  const signal = OwnSignal.timeout(50);
  const [timer] = [...seen.timers.values()];
  assert.is(timer?.delayMs, 50);
  assert.is(signal.aborted, false);
  timer?.callback();
  assert.is((signal.reason as Error).name, "TimeoutError");
  assert.throws(
    () => OwnSignal.timeout(-1),
    (error: unknown) => error instanceof TypeError,
  );
  assert.throws(
    () => OwnSignal.timeout(Number.NaN),
    (error: unknown) => error instanceof TypeError,
  );
});

test("AbortSignal.any() follows all sources, through other dependent signals too", () => {
  standInIo();
  const [a, b, c] = [new OwnController(), new OwnController(), new OwnController()];
  const inner = OwnSignal.any([a.signal, b.signal]);
  const outer = OwnSignal.any([inner, c.signal]);
  const calls: string[] = [];
  outer.addEventListener("abort", () => calls.push(`outer ${inner.aborted}`));
  inner.addEventListener("abort", () => calls.push(`inner ${outer.aborted}`));
  b.abort("b");
  c.abort("c");
  assert.is(outer.reason, "b");
  assert.equal(calls, ["inner true", "outer true"]);
  assert.is(OwnSignal.any([OwnSignal.abort(1), a.signal]).reason, 1);
  assert.is(OwnSignal.any([]).aborted, false);
});

test("AbortSignal.any() costs a source nothing once its signals are gone; those that are listened to stay", async () => {
  standInIo();
  const source = new OwnController();
  const refs: WeakRef<OwnSignal>[] = [];
  const heard: number[] = [];
  for (let i = 0; i < 200; i++) {
    const signal = OwnSignal.any([source.signal]);
    if (i === 7) signal.addEventListener("abort", () => heard.push(i));
    if (i === 8) abortInternals.onAbort(signal, () => heard.push(i));
    if (i === 9) abortInternals.onAbort(signal, () => heard.push(i))();
    refs.push(new WeakRef(signal));
  }
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
  }
  const alive = refs.flatMap((ref, i) => (ref.deref() === undefined ? [] : [i]));
  assert.equal(
    alive.filter((i) => i < 190),
    [7, 8],
  );
  source.abort();
  assert.equal(heard, [7, 8]);
});

test.run();
