import ivm from "isolated-vm";
import { BodyKind, type Flat } from "../../runtime-api/contract/flat.ts";
import { In } from "../../runtime-api/contract/in.ts";
import { loadImage } from "../../src/isolate/image.ts";
import { makeSpare } from "../../src/isolate/spare.ts";
import type { WarmPathWorker } from "./warm-path-workers.ts";

/** One isolate with a worker in it and nothing around it: no queue, no host, no limits. */
export interface BareIsolate extends Disposable {
  /** One turn with one request. */
  turn(): Promise<void>;
}

/** Loads a worker that needs no I/O into an isolate of its own. */
export async function bareIsolate(worker: WarmPathWorker): Promise<BareIsolate> {
  const { isolate, context, doors } = await makeSpare(await loadImage(), { memoryMb: 128 });
  const source = worker.source.replace("export default", "exported =");
  const script = await isolate.compileScript(
    `[["main.js","esm",[],[],false,function*(i,m,d,define){"use strict";let exported;define({default:()=>exported});yield;${source}}]]`,
  );
  const modules = await script.run(context, { reference: true });
  const config = JSON.stringify({
    main: "main.js",
    env: [],
    liveClock: false,
    bodyBytes: 1e8,
    memoryMb: 128,
  });
  await doors.load.apply(undefined, [modules.derefInto(), new ivm.ExternalCopy([]).copyInto(), config, 1]);
  await doors.collect.apply(undefined, [], { result: { copy: true } });
  let event = 0;
  const { method, body } = worker;
  return {
    async turn() {
      const record = [
        In.fetch,
        method,
        "http://bench.test/",
        "accept\n*/*",
        body === undefined ? BodyKind.none : BodyKind.text,
        body ?? null,
        "{}",
      ];
      const slice = [++event, 1, ...record] as Flat[];
      const entry = doors.deliver.apply(undefined, [slice], { arguments: { copy: true } });
      const out = (await doors.collect.apply(undefined, [], { result: { copy: true } })) as Flat[];
      await entry;
      if (out.length < 8) throw new Error("the worker did not answer in its first turn");
    },
    [Symbol.dispose]: () => isolate.dispose(),
  };
}
