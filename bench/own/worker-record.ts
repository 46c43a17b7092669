import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import { CODE_TYPES, type WorkerRecord } from "../laboratory/records.ts";
import type { OwnWorker, ScriptPart } from "./own-worker.ts";

/** Modules and parts that a record names; the largest first. */
const MOST_NAMED = 50;

/** What a worker is made of, for the file of its run. */
export function workerRecord(
  { upload, parts }: OwnWorker,
  path: string,
  hasCodeCache: boolean | null,
): WorkerRecord {
  const { modules = [], limits = {} } = upload;
  const sized = modules.map(({ name, type, content }) => ({ name, type, bytes: sizeOf(content) }));
  const code = modules.filter(({ type }) => CODE_TYPES.includes(type));
  const codeBytes = code.reduce((sum, { content }) => sum + sizeOf(content), 0);
  const lines = code.reduce((sum, { content }) => sum + linesOf(content), 0);
  const { scriptBytes, memoryMb, startupCpuMs } = { ...DEFAULT_LIMITS, ...limits };
  return {
    type: "worker",
    name: upload.name,
    path,
    hasCodeCache,
    codeBytes,
    codeLines: lines,
    otherBytes: sized.reduce((sum, { bytes }) => sum + bytes, 0) - codeBytes,
    moduleCount: sized.length,
    modules: largest(sized),
    partCount: parts.length,
    parts: largest(byPackage(parts)),
    limits: { scriptBytes, memoryMb, startupCpuMs },
  };
}

/** Puts the files of each package together: what can be left out is a package. */
function byPackage(parts: readonly ScriptPart[]): ScriptPart[] {
  const sums = new Map<string, number>();
  for (const { name, bytes } of parts) {
    const found = [...name.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1)?.[1];
    const of = found === undefined ? name : `package ${found}`;
    sums.set(of, (sums.get(of) ?? 0) + bytes);
  }
  return [...sums].map(([name, bytes]) => ({ name, bytes }));
}

function largest<Sized extends { readonly bytes: number }>(all: readonly Sized[]): Sized[] {
  return all.toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST_NAMED);
}

function sizeOf(content: string | Uint8Array): number {
  return typeof content === "string" ? Buffer.byteLength(content) : content.length;
}

function linesOf(content: string | Uint8Array): number {
  return (typeof content === "string" ? content : new TextDecoder().decode(content)).split("\n").length;
}
