import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import type { ModuleDefinition } from "../../../runtime-api/contract/boot.ts";
import { Linker } from "../../../runtime-api/worker/linker/linker.ts";
import { VERSION_SCRIPT_NAME } from "../../../src/cell/version-code.ts";
import { transformUpload } from "../../../src/versions/transform/transform-upload.ts";

const LIMITS = { scriptBytes: 1e6, memoryMb: 128 };

/** Modules call `out(…)`; what they said, in order. */
type Said = string[];
declare global {
  var out: (...values: unknown[]) => void;
}

/** Runs ES modules twice, as Node does and as a transformed version, and returns what each run said. */
export async function runBothWays(
  modules: Record<string, string>,
  main = "main.mjs",
): Promise<[real: Said, ours: Said]> {
  return [await said(() => runAsModules(modules, main)), await said(() => runTransformed(modules, main))];
}

/** Transforms ES modules and gives the script's definitions to the runtime's own linker. */
export async function runTransformed(
  modules: Record<string, string>,
  main = "main.mjs",
): Promise<Record<string, unknown>> {
  const result = transformUpload(
    {
      main,
      modules: Object.entries(modules).map(([name, content]) => ({ name, type: "esm" as const, content })),
    },
    LIMITS,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const definitions = runInThisContext(result.version.code.script, {
    filename: VERSION_SCRIPT_NAME,
  }) as ModuleDefinition[];
  const linker = new Linker(definitions, []);
  const module = linker.get(main);
  await linker.run(module);
  return module.namespace;
}

async function runAsModules(modules: Record<string, string>, main: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "skerry-modules-"));
  try {
    for (const [name, content] of Object.entries(modules)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    await import(pathToFileURL(join(folder, main)).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function said(run: () => Promise<unknown>): Promise<Said> {
  const lines: Said = [];
  globalThis.out = (...values) => void lines.push(values.map((value) => show(value)).join(" "));
  try {
    await run();
  } catch (error) {
    lines.push(`threw ${error instanceof Error ? error.name : String(error)}`);
  }
  return lines;
}

function show(value: unknown): string {
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "object" && value !== null) return JSON.stringify(value) ?? "object";
  return String(value);
}
