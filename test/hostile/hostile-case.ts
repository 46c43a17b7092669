import type { Limits, WorkerUpload } from "../../src/index.ts";

/**
 * How a case may end. `OK`: the worker answers as it should; `THROW`: what it tried threw an error of its own
 * realm, which it could catch; `EXCEPTION`: the event ends with an error that nobody caught; `TERM-…`: the event is
 * stopped by a limit and the worker serves the next; `KILL`: the cell is lost and replaced, and the worker is named.
 */
export type Ending =
  | "OK"
  | "THROW"
  | "EXCEPTION"
  | "TERM-CPU"
  | "TERM-MEM"
  | "TERM-WALL"
  | "TERM-QUOTA"
  | "KILL";

/** One thing that a worker does to harm others, or to get where it may not. */
export interface HostileCase {
  /** Number in the list of hostile behaviours (`numbers.ts`). */
  readonly number: number;
  /** What the worker does, in a few words; unique. */
  readonly name: string;
  /** The endings that are right: one, or those between which V8 and the moment choose. */
  readonly ends: readonly Ending[];
  /** Body of `async fetch(request, env, ctx)`. What it throws counts as `THROW` where that is an ending. */
  readonly body: string;
  /** Code at the top level of the module, before the handlers. */
  readonly top?: string;
  /** What the answer has to be where the case ends with `OK`. @default "ok" */
  readonly answers?: string | RegExp;
  /** Where the defaults of the suite do not do. */
  readonly limits?: Partial<Limits>;
  readonly upload?: Partial<WorkerUpload>;
  /** `env.SELF` asks the worker itself. */
  readonly asksItself?: boolean;
  readonly init?: RequestInit;
  /** Runs in process cells only: in process, nothing but the end of the process would stop it. */
  readonly processOnly?: boolean;
  /** Events that are sent at once. @default 1 */
  readonly times?: number;
  /** The worker may have spoilt its own isolate for the next request. */
  readonly spoils?: boolean;
  /** A ceiling for the resident memory of the cells while it runs, in MB over what they held before. */
  readonly peakMb?: number;
  /** What does not hold yet, and why: it stands in the table, and nothing asserts it. */
  readonly unmet?: string;
  /** Takes too long or too much for a place in a soak of thousands. */
  readonly rare?: boolean;
}

/** Limits of every hostile worker: small, so that a case is short. */
export const SUITE_LIMITS: Partial<Limits> = {
  cpuMs: 250,
  memoryMb: 64,
  wallMs: 15_000,
  waitUntilMs: 15_000,
};

/** More than any machine needs, in ms. */
const WIDE_MS = 30_000;

/** The module of a case: `/again` asks whether the worker still serves. */
export function sourceOf({ top = "", body, ends }: HostileCase): string {
  const guarded = ends.includes("THROW")
    ? `try { ${body} } catch (error) {
         return new Response(error instanceof Error && error.constructor.constructor === Function ? "threw " + error.name : "threw a stranger");
       }`
    : body;
  return `${top}
export default { async fetch(request, env, ctx) {
  if (request.url.endsWith("/again")) return new Response("again");
  ${guarded}
} };`;
}

/** The upload of a case under a name. */
export function uploadOf(one: HostileCase, name: string, account: string): WorkerUpload {
  return {
    account,
    name,
    main: "index.js",
    kvNamespaces: [{ binding: "KV", id: "hostile" }],
    ...(one.asksItself === true && { services: [{ binding: "SELF", service: name }] }),
    ...one.upload,
    modules: [{ name: "index.js", type: "esm", content: sourceOf(one) }, ...(one.upload?.modules ?? [])],
    limits: limitsOf(one),
  };
}

/**
 * Limits of a case's worker. Those that are not meant to end it are wide: a machine that stands still may charge that
 * time to whoever ran.
 */
function limitsOf({ ends, limits }: HostileCase): Partial<Limits> {
  const all = { ...SUITE_LIMITS, startupCpuMs: WIDE_MS, ...limits };
  return {
    ...all,
    cpuMs: ends.includes("TERM-CPU") ? all.cpuMs! : Math.max(WIDE_MS, all.cpuMs!),
    wallMs: ends.includes("TERM-WALL") ? all.wallMs! : Math.max(WIDE_MS, all.wallMs!),
  };
}
