import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BUNDLE_OPTIONS } from "../../runtime-api/contract/bundle.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";

const fromSource = import.meta.url.endsWith(".ts");
/** Name of the image's script in a published build. */
const BUILT_NAME = "image.js";

/** Files that a bundle was made of, by which a kept one is known to be fresh. */
interface KeptBundle {
  readonly inputs: readonly { readonly path: string; readonly mtimeMs: number; readonly size: number }[];
  readonly script: string;
}

/**
 * The image's script. A published build has it as a file; from source it is bundled, and kept in
 * `cacheFolder` until one of its files changes.
 */
export async function imageScript(cacheFolder: string | undefined): Promise<string> {
  if (!fromSource) return readFile(new URL(`../../${BUILT_NAME}`, import.meta.url), "utf8");
  const kept = cacheFolder === undefined ? undefined : join(cacheFolder, `bundle-${hashOf(import.meta.url)}`);
  if (kept !== undefined) {
    const script = await freshBundle(kept);
    if (script !== undefined) return script;
  }
  const bundle = await bundleImage();
  if (kept !== undefined) await writeSealed(kept, Buffer.from(JSON.stringify(bundle)));
  return bundle.script;
}

/** Writes the image's script into the folder of a published build. */
export async function buildImage(outFolder: string): Promise<void> {
  await mkdir(outFolder, { recursive: true });
  await writeFile(join(outFolder, BUILT_NAME), (await bundleImage()).script);
}

async function bundleImage(): Promise<KeptBundle> {
  const { build } = await import("esbuild");
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const result = await build({
    ...BUNDLE_OPTIONS,
    absWorkingDir: root,
    entryPoints: [join(root, "runtime-api/install.ts")],
    // One-byte strings take half the memory. Names stay, since workers see those of classes.
    charset: "ascii",
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const paths = Object.keys(result.metafile.inputs).map((path) => join(root, path));
  const inputs = await Promise.all(paths.map(async (path) => ({ path, ...(await times(path)) })));
  return { inputs, script: result.outputFiles[0]!.text };
}

async function freshBundle(file: string): Promise<string | undefined> {
  try {
    const kept = await readSealed(file);
    if (kept === undefined) return undefined;
    const { inputs, script } = JSON.parse(Buffer.from(kept).toString()) as KeptBundle;
    const now = await Promise.all(inputs.map(({ path }) => times(path)));
    const same = inputs.every(({ mtimeMs, size }, i) => now[i]!.mtimeMs === mtimeMs && now[i]!.size === size);
    return same ? script : undefined;
  } catch {
    return undefined;
  }
}

async function times(path: string): Promise<{ mtimeMs: number; size: number }> {
  const { mtimeMs, size } = await stat(path);
  return { mtimeMs, size };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
