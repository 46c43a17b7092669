import { createHash } from "node:crypto";
import { join } from "node:path";
import ivm from "isolated-vm";
import type { PartScripts } from "./ask/part.ts";
import { defaultCacheFolder } from "./cache-folder.ts";
import { imageScripts } from "./image-script.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";
import { warmCodeCache } from "./warm-up.ts";

/** What every isolate starts from. */
export interface Image {
  readonly script: string;
  /** Scripts of the parts outside the image, by name; an isolate gets one when it asks for it. */
  readonly parts: PartScripts;
  /** V8's code cache for it; undefined where making one failed, which costs time only. */
  readonly codeCache: ivm.ExternalCopy<ArrayBuffer> | undefined;
}

export interface ImageOptions {
  /** Where bundles and code caches are kept between starts. @default the user's cache folder */
  readonly cacheFolder?: string | undefined;
  /** Another script than Skerry's own runtime, without parts, for tests of the protocol. */
  readonly script?: string | undefined;
}

/** Makes the image: the script, and V8's code cache of it, made after it has served a request. */
export async function loadImage(options: ImageOptions = {}): Promise<Image> {
  const folder = options.cacheFolder ?? defaultCacheFolder();
  const { image: script, parts } =
    options.script === undefined ? await imageScripts(folder) : { image: options.script, parts: {} };
  const key = createHash("sha256");
  for (const part of [
    script,
    process.versions.v8,
    process.arch,
    ...process.execArgv,
    process.env["NODE_OPTIONS"] ?? "",
  ]) {
    key.update(part).update("\0");
  }
  const file = folder === undefined ? undefined : join(folder, `image-${key.digest("hex")}`);
  let bytes = file === undefined ? undefined : await readSealed(file);
  if (bytes === undefined) {
    bytes = await warmCodeCache(script).catch(() => undefined);
    if (bytes !== undefined && file !== undefined) await writeSealed(file, bytes);
  }
  if (bytes === undefined) return { script, parts, codeCache: undefined };
  return { script, parts, codeCache: new ivm.ExternalCopy(bytes.buffer as ArrayBuffer) };
}
