import type { RawLoad } from "../cell/core/isolates.ts";
import type { LoadRequest } from "../cell/cell.ts";
import { VERSION_SCRIPT_NAME } from "../cell/version-code.ts";
import type { StoredCode } from "./code-store.ts";
import type { CpuMeter } from "./cpu-meter.ts";
import { Entry } from "./entry.ts";
import { errorText } from "./error-text.ts";
import { tellOfIsolate } from "./isolate-channel.ts";
import type { LiveIsolate } from "./live-isolate.ts";
import { collect, settleTurn } from "./run-turn.ts";

/** CPU that compiling may take beside the top level, in microseconds. */
export const COMPILE_US = 2_000_000;

export interface LoadStart {
  readonly claimMs: number;
  readonly spare: boolean;
  readonly clockMs: number;
}

/** Compiles a version in a claimed isolate and evaluates its top level, then lets its values go. Never rejects. */
export async function loadVersion(
  live: LiveIsolate,
  request: LoadRequest,
  code: StoredCode,
  meter: CpuMeter,
  start: LoadStart,
): Promise<RawLoad> {
  const { isolate, context, doors, ask } = live.spare;
  const startupUs = request.limits.startupCpuMs * 1_000;
  tellOfIsolate(isolate);
  try {
    const compileStart = performance.now();
    const values = await code.values.take();
    live.entry = new Entry(new Map([[0, startupUs + COMPILE_US]]), ask.marks, live.boundedUs);
    const cached = code.codeCache === undefined ? {} : { cachedData: code.codeCache };
    const script = await live.track(
      isolate.compileScript(code.script, { filename: VERSION_SCRIPT_NAME, ...cached }),
    );
    const modules = await live.track(script.run(context, { reference: true, release: true }));
    const { cachedDataRejected } = script as { readonly cachedDataRejected?: boolean };
    const evaluateStart = performance.now();
    meter.settle(live);
    live.entry = new Entry(new Map([[0, startupUs]]), ask.marks, live.boundedUs);
    const call = doors.load.apply(undefined, [
      modules.derefInto({ release: true }),
      values,
      request.configJson,
      start.clockMs,
    ]) as Promise<unknown>;
    const { output, floating, failure } = await settleTurn(live, [call], [0], collect(live));
    if (failure !== undefined) return failed(new Error(failure));
    meter.settle(live);
    return {
      ok: true,
      turn: { output, floating, cpuUs: live.entry.spentUs(live.boundedUs) },
      phases: {
        claimMs: start.claimMs,
        compileMs: evaluateStart - compileStart,
        evaluateMs: performance.now() - evaluateStart,
        spare: start.spare,
      },
      codeCache: code.codeCache === undefined ? "none" : cachedDataRejected === true ? "rejected" : "used",
    };
  } catch (error) {
    return failed(error);
  } finally {
    code.values.release();
  }
}

function failed(error: unknown): RawLoad {
  return { ok: false, reason: "exception", error: errorText(error) };
}
