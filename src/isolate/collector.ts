import { setFlagsFromString } from "node:v8";
import type ivm from "isolated-vm";

/** Everything that can go, and what can be given back to the system: see V8's `gc` extension. */
const COLLECT = 'gc({ type: "major", flavor: "last-resort" })';

/** Isolates that are being made, in whose realms the function must not be. */
let making = 0;
/** Settles when V8 shows it to nobody any more. */
let shown: Promise<void> | undefined;

/** Makes an isolate, whose realm never has V8's `gc`. */
export async function withoutCollector<T>(make: () => Promise<T>): Promise<T> {
  while (shown !== undefined) await shown;
  making++;
  try {
    return await make();
  } finally {
    making--;
  }
}

/**
 * Collects an isolate's garbage, which V8 does by itself only where code runs. V8 offers it to scripts of realms that
 * are made while a flag stands. So one is made for it in the isolate, beside the worker's, and the flag falls at once:
 * the worker's realm has no such function, and no way to the other realm. Code caches that are opened meanwhile, in less
 * than a millisecond, are of no use, as they were made under other flags.
 *
 * @param track counts calls into the isolate
 * @returns whether it was done; not while isolates are being made
 */
export async function collectGarbage(
  isolate: ivm.Isolate,
  track: <T>(call: Promise<T>) => Promise<T>,
): Promise<boolean> {
  if (making > 0 || shown !== undefined) return false;
  let realm: ivm.Context;
  const { promise, resolve } = Promise.withResolvers<void>();
  shown = promise;
  setFlagsFromString("--expose-gc");
  try {
    realm = await track(isolate.createContext());
  } finally {
    setFlagsFromString("--no-expose-gc");
    shown = undefined;
    resolve();
  }
  await track(realm.eval(COLLECT));
  realm.release();
  return true;
}
