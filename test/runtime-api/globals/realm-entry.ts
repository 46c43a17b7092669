import type { AskCell } from "../../../runtime-api/contract/sync.ts";
import { exposeGlobals } from "../../../runtime-api/globals/expose.ts";
import {
  hardenRealm,
  lockCodeGeneration,
  monotonicUs,
  runFinalizers,
} from "../../../runtime-api/globals/harden.ts";
import { hideLaziness } from "../../../runtime-api/globals/lazy.ts";
import { setIo } from "../../../runtime-api/io/io.ts";
import { exposeNavigator } from "../../../runtime-api/navigator/expose-navigator.ts";
import { exposePerformance } from "../../../runtime-api/performance/expose-performance.ts";
import { exposeWebAssembly } from "../../../runtime-api/wasm/expose-web-assembly.ts";
import { wasmSettings } from "../../../runtime-api/wasm/native.ts";
import { arrayJoin, arrayPush } from "../../../runtime-api/primordials/array.ts";

/** What the realm under test hands to its test. */
export interface Controls {
  setClock(ms: number): void;
  lock(): void;
  runFinalizers(): void;
  monotonicUs(): number;
  /** Texts of logs and reported errors since the last call. */
  taken(): string;
}

/** A realm with the standard globals, hardened, over a turn loop that only remembers. */
export function boot(ask: AskCell): Controls {
  let clock = 0;
  let seen: string[] = [];
  const refuse = (): never => {
    throw new Error("not here");
  };
  setIo({
    ask,
    now: () => clock,
    call: refuse,
    hostBody: refuse,
    hostSocket: refuse,
    sendStream: refuse,
    setTimer: refuse,
    clearTimer: refuse,
    log: (level, text) => void arrayPush(seen, `${level} ${text}`),
    reportException: (error) => void arrayPush(seen, `exception ${String(error)}`),
    requireEvent() {},
  });
  exposeGlobals(globalThis);
  exposeNavigator(globalThis);
  exposePerformance(globalThis);
  exposeWebAssembly(globalThis);
  hardenRealm();
  hideLaziness(globalThis);
  wasmSettings.memoryMb = 16;
  return {
    setClock(ms) {
      clock = ms;
    },
    lock: lockCodeGeneration,
    runFinalizers,
    monotonicUs,
    taken() {
      const all = arrayJoin(seen, "\n");
      seen = [];
      return all;
    },
  };
}
