import type { Random } from "../../cell/random.ts";
import { CPU } from "../cases/cpu.ts";
import { ESCAPES } from "../cases/escape.ts";
import { MEMORY } from "../cases/memory.ts";
import { UNSTOPPABLE } from "../cases/unstoppable.ts";
import type { HostileCase } from "../hostile-case.ts";

/** What kind of stop a case mostly asks for, for the report. */
export type MixKind = "prompt" | "cpu" | "memory" | "kill";

/** A case of the mix, with limits so small that thousands fit in minutes. */
export interface MixedCase {
  readonly kind: MixKind;
  readonly one: HostileCase;
}

/** Of a thousand cases. */
const SHARES: Readonly<Record<MixKind, number>> = { prompt: 720, cpu: 200, memory: 50, kill: 30 };

const POOLS: Readonly<Record<MixKind, readonly HostileCase[]>> = {
  prompt: [...ESCAPES, ...MEMORY, ...CPU].filter(({ ends, rare }) => rare !== true && isPrompt(ends)),
  cpu: CPU.filter(
    ({ ends, name }) => ends.includes("TERM-CPU") && !isPrompt(ends) && !name.includes("clones"),
  ),
  memory: MEMORY.filter(({ ends }) => !isPrompt(ends)),
  kill: UNSTOPPABLE.filter(({ rare }) => rare !== true),
};

/** Draws a case by its share. */
export function drawCase(random: Random): MixedCase {
  let left = random.int(1_000);
  for (const kind of Object.keys(SHARES) as MixKind[]) {
    left -= SHARES[kind];
    if (left < 0) return { kind, one: shortened(kind, random.pick(POOLS[kind])) };
  }
  throw new Error("the shares do not sum up to a thousand");
}

/** Every case there is to draw, each once. */
export function everyCase(): MixedCase[] {
  return (Object.keys(POOLS) as MixKind[]).flatMap((kind) =>
    POOLS[kind].map((one) => ({ kind, one: shortened(kind, one) })),
  );
}

function isPrompt(ends: HostileCase["ends"]): boolean {
  return ends.every((ending) => ending === "OK" || ending === "THROW" || ending === "EXCEPTION");
}

/** Only cases that end by it need the short one: on busy cores a second of CPU may take many. In ms. */
const PATIENT = { wallMs: 90_000, waitUntilMs: 90_000 } as const;

function shortened(kind: MixKind, whole: HostileCase): HostileCase {
  const patience = whole.ends.includes("TERM-WALL") ? {} : PATIENT;
  const one = { ...whole, limits: { ...patience, ...whole.limits } };
  if (kind === "cpu")
    return { ...one, limits: { ...one.limits, cpuMs: 50 }, times: Math.min(one.times ?? 1, 5) };
  if (kind === "memory") return { ...one, limits: { ...one.limits, memoryMb: 32, cpuMs: 2_000 } };
  if (kind === "kill") return { ...one, limits: { ...one.limits, cpuMs: 100 } };
  return { ...one, times: 1 };
}
