import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { BundleInputs } from "../../src/isolate/bundle-files.ts";

/**
 * Bundles a few files as the image is bundled, but for its names, which stay long.
 * @param files texts by name, in a folder `src`; `entry.ts` is where it begins, and what it exports is `made`
 */
export async function smallBundle(
  files: Readonly<Record<string, string>>,
): Promise<{ text: string; inputs: BundleInputs }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "skerry-bundle-")));
  try {
    await mkdir(join(folder, "src"));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, "src", name), text);
    const result = await build({
      absWorkingDir: folder,
      entryPoints: [join(folder, "src/entry.ts")],
      bundle: true,
      format: "iife",
      minifySyntax: true,
      globalName: "made",
      write: false,
      metafile: true,
    });
    return { text: result.outputFiles[0]!.text, inputs: result.metafile.inputs };
  } finally {
    await rm(folder, { recursive: true });
  }
}
