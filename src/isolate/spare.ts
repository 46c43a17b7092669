import ivm from "isolated-vm";
import { IMAGE_SCRIPT_NAME } from "../cell/version-code.ts";
import { AskDoor } from "./ask/ask-door.ts";
import type { Image } from "./image.ts";
import "./process-end.ts";
import { rewriterModule } from "./rewriter-module.ts";

/** The four functions of the runtime, as isolated-vm references them. */
export interface Doors {
  readonly load: ivm.Reference;
  readonly deliver: ivm.Reference;
  readonly turn: ivm.Reference;
  readonly collect: ivm.Reference;
}

/** An isolate with the image booted and no tenant code in it yet. */
export interface Spare {
  readonly isolate: ivm.Isolate;
  readonly context: ivm.Context;
  readonly doors: Doors;
  /** All that the runtime gave, for what is called seldom. */
  readonly runtime: ivm.Reference<Record<string, unknown>>;
  readonly ask: AskDoor;
  readonly memoryMb: number;
  /** Hears of what V8 cannot recover from. May be set anew by the owner. */
  onCatastrophe: (message: string) => void;
}

export interface SpareOptions {
  /** Heap limit in MB; fixed for the isolate's life. */
  readonly memoryMb: number;
  /** Hears of the isolate before anything is done in it. */
  readonly onIsolate?: (isolate: ivm.Isolate) => void;
}

/** Makes a spare. Only the isolate itself is made on this thread (about 1 ms), the rest on the pool. */
export async function makeSpare(image: Image, options: SpareOptions): Promise<Spare> {
  const ask = new AskDoor(image.parts, rewriterModule);
  const hooks = { onCatastrophe: (_message: string): void => {} };
  const isolate = new ivm.Isolate({
    memoryLimit: options.memoryMb,
    onCatastrophicError: (message) => hooks.onCatastrophe(message),
  });
  options.onIsolate?.(isolate);
  try {
    const context = await isolate.createContext();
    const cached = image.codeCache === undefined ? {} : { cachedData: image.codeCache };
    const script = await isolate.compileScript(image.script, { filename: IMAGE_SCRIPT_NAME, ...cached });
    const boot = await script.run(context, { reference: true });
    const callback = new ivm.Callback(ask.ask, { sync: true });
    const marks = new ivm.ExternalCopy(ask.marks).copyInto({ release: true });
    const runtime = (await boot.apply(undefined, [callback, marks], {
      result: { reference: true },
    })) as ivm.Reference<Record<string, unknown>>;
    const [load, deliver, turn, collect] = await Promise.all(
      ["load", "deliver", "turn", "collect"].map((name) => runtime.get(name, { reference: true })),
    );
    return Object.assign(hooks, {
      isolate,
      context,
      runtime,
      ask,
      memoryMb: options.memoryMb,
      doors: { load: load!, deliver: deliver!, turn: turn!, collect: collect! },
    });
  } catch (error) {
    if (!isolate.isDisposed) isolate.dispose();
    throw error;
  }
}
