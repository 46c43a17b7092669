import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";
import { BUNDLE_OPTIONS, IMAGE_NAME, PART_OPTIONS } from "../../runtime-api/contract/bundle.ts";
import { type PartName, PARTS } from "../../runtime-api/contract/parts.ts";
import type { BundleInputs } from "./bundle-files.ts";
import { cutLateParts, type CutScript, markLatePart } from "./cut-late-parts.ts";
import { mendBundlerHelpers } from "./mend-bundler-helpers.ts";
import { nestLateParts } from "./nest-late-parts.ts";
import { shortenWrappers, unwrapEarlyFiles } from "./unwrap-early-files.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";

const fromSource = import.meta.url.endsWith(".ts");
const sourceRoot = fileURLToPath(new URL("../../", import.meta.url));
/** Names of the image's script and of all parts' in a published build. */
const BUILT_NAME = "image.js";
const BUILT_PARTS = "image-parts.json";

/** All scripts that run in every isolate, or can. */
export interface ImageScripts {
  /** The image itself. */
  readonly image: string;
  /** Scripts of the parts outside it, by name: those of `PARTS`, and the late parts that were cut out of it. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Files that bundles were made of, by which kept ones are known to be fresh. */
interface KeptBundle {
  readonly inputs: readonly { readonly path: string; readonly mtimeMs: number; readonly size: number }[];
  readonly scripts: ImageScripts;
}

/**
 * The image's script and those of its parts. A published build has them as files; from source they are bundled,
 * and kept in `cacheFolder` until one of their files changes.
 */
export async function imageScripts(cacheFolder: string | undefined): Promise<ImageScripts> {
  if (!fromSource) return builtScripts();
  const kept = cacheFolder === undefined ? undefined : join(cacheFolder, `bundle-${hashOf(import.meta.url)}`);
  if (kept !== undefined) {
    const scripts = await freshBundle(kept);
    if (scripts !== undefined) return scripts;
  }
  const bundle = await bundleAll();
  if (kept !== undefined) await writeSealed(kept, Buffer.from(JSON.stringify(bundle)));
  return bundle.scripts;
}

/** Writes the image's script and those of its parts into the folder of a published build. */
export async function buildImage(outFolder: string): Promise<void> {
  await mkdir(outFolder, { recursive: true });
  const { image, parts } = (await bundleAll()).scripts;
  await writeFile(join(outFolder, BUILT_NAME), image);
  await writeFile(join(outFolder, BUILT_PARTS), JSON.stringify(parts));
}

async function builtScripts(): Promise<ImageScripts> {
  const read = (name: string): Promise<string> => readFile(new URL(`../../${name}`, import.meta.url), "utf8");
  return {
    image: await read(BUILT_NAME),
    parts: JSON.parse(await read(BUILT_PARTS)) as ImageScripts["parts"],
  };
}

async function byName(script: (name: PartName) => Promise<string>): Promise<Record<PartName, string>> {
  const entries = PARTS.map(async (name) => [name, await script(name)] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<PartName, string>;
}

async function bundleAll(): Promise<KeptBundle> {
  const paths = new Set<string>();
  const { script: image, parts: lateParts } = await bundleWithLateParts("install.ts", paths);
  const parts = await byName(async (name) => {
    const { text } = await bundle(
      `parts/${name}.ts`,
      { ...partOptions(name), minifyWhitespace: true },
      paths,
    );
    return text;
  });
  // How they were bundled is a part of what they are.
  for (const name of [
    "image-script.ts",
    "bundle-files.ts",
    "mend-bundler-helpers.ts",
    "nest-late-parts.ts",
    "unwrap-early-files.ts",
    "cut-late-parts.ts",
  ])
    paths.add(join(import.meta.dirname, name));
  const inputs = await Promise.all([...paths].map(async (path) => ({ path, ...(await times(path)) })));
  return { inputs, scripts: { image, parts: { ...parts, ...lateParts } } };
}

function partOptions(name: PartName): BuildOptions {
  return {
    ...PART_OPTIONS,
    conditions: [...PART_OPTIONS.conditions],
    minifyIdentifiers: true,
    // Frames of this name are left out of the stacks that workers see.
    footer: { js: `${PART_OPTIONS.footer.js}\n//# sourceURL=${IMAGE_NAME}/${name}` },
  };
}

async function bundleWithLateParts(entry: string, paths: Set<string>): Promise<CutScript> {
  const { transform } = await import("esbuild");
  const { text, inputs } = await bundle(entry, BUNDLE_OPTIONS, paths);
  const path = `runtime-api/${entry}`;
  const nested = shortenWrappers(
    nestLateParts(unwrapEarlyFiles(mendBundlerHelpers(text), inputs, path), inputs, path, markLatePart),
  );
  const { target } = BUNDLE_OPTIONS;
  // What workers see the name of is given it by the runtime (`nameConstructor`).
  const minified = await transform(nested, {
    target,
    charset: "ascii",
    minifyIdentifiers: true,
    minifyWhitespace: true,
    minifySyntax: true,
  });
  return cutLateParts(minified.code, IMAGE_NAME);
}

async function bundle(
  entry: string,
  options: BuildOptions,
  paths: Set<string>,
): Promise<{ readonly text: string; readonly inputs: BundleInputs }> {
  const { build } = await import("esbuild");
  const result = await build({
    ...options,
    absWorkingDir: sourceRoot,
    entryPoints: [join(sourceRoot, "runtime-api", entry)],
    // One-byte strings take half the memory.
    charset: "ascii",
    minifySyntax: true,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const { inputs } = result.metafile!;
  for (const path of Object.keys(inputs)) paths.add(join(sourceRoot, path));
  return { text: result.outputFiles![0]!.text, inputs };
}

async function freshBundle(file: string): Promise<ImageScripts | undefined> {
  try {
    const kept = await readSealed(file);
    if (kept === undefined) return undefined;
    const { inputs, scripts } = JSON.parse(Buffer.from(kept).toString()) as KeptBundle;
    const now = await Promise.all(inputs.map(({ path }) => times(path)));
    const same = inputs.every(({ mtimeMs, size }, i) => now[i]!.mtimeMs === mtimeMs && now[i]!.size === size);
    return same && PARTS.every((name) => typeof scripts.parts[name] === "string") ? scripts : undefined;
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
