import type ivm from "isolated-vm";
import type { CodeCacheUse, LoadRequest } from "../cell/cell.ts";
import type { RawLoad } from "../cell/core/isolates.ts";
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
  const { isolate, doors, ask } = live.spare;
  const startupUs = request.limits.startupCpuMs * 1_000;
  tellOfIsolate(isolate);
  try {
    const compileStart = performance.now();
    const startUs = live.boundedUs;
    const values = await code.values.take();
    live.entry = new Entry(new Map([[0, startupUs + COMPILE_US]]), ask.marks, live.boundedUs);
    const { modules, codeCache } = await runScript(live, code);
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
        cpuMs: (live.boundedUs - startUs) / 1_000,
        spare: start.spare,
      },
      codeCache,
    };
  } catch (error) {
    return failed(error);
  } finally {
    code.values.release();
  }
}

/** Runs the version's script, which gives its modules. Where no code cache has to be looked at, that is one entry. */
async function runScript(
  live: LiveIsolate,
  { script, codeCache: cachedData }: StoredCode,
): Promise<{ readonly modules: ivm.Reference; readonly codeCache: CodeCacheUse }> {
  const { isolate, context } = live.spare;
  const filename = VERSION_SCRIPT_NAME;
  if (cachedData === undefined) {
    const modules = (await live.track(
      context.eval(script, { filename, reference: true }),
    )) as unknown as ivm.Reference;
    return { modules, codeCache: "none" };
  }
  const compiled = await live.track(isolate.compileScript(script, { filename, cachedData }));
  const modules = await live.track(compiled.run(context, { reference: true, release: true }));
  const { cachedDataRejected } = compiled as { readonly cachedDataRejected?: boolean };
  return { modules, codeCache: cachedDataRejected === true ? "rejected" : "used" };
}

function failed(error: unknown): RawLoad {
  return { ok: false, reason: "exception", error: errorText(error) };
}
