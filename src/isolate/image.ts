import { createHash } from "node:crypto";
import { join } from "node:path";
import ivm from "isolated-vm";
import type { PartScripts } from "./ask/part.ts";
import { defaultCacheFolder } from "../cell/cache-folder.ts";
import { imageScripts } from "./image-script.ts";
import { type ImageParts, readPreparedImage, writePreparedImage } from "./prepared-image.ts";
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
  /** A file of {@link prepareImage}, read in place of all that. */
  readonly preparedImage?: string | undefined;
}

/** Makes the image: the script, and V8's code cache of it, made after it has served a request. */
export async function loadImage(options: ImageOptions = {}): Promise<Image> {
  const { script, parts, codeCache } =
    options.preparedImage === undefined
      ? await imageParts(options, options.cacheFolder ?? defaultCacheFolder())
      : await readPreparedImage(options.preparedImage);
  if (codeCache === undefined) return { script, parts, codeCache };
  return { script, parts, codeCache: new ivm.ExternalCopy(codeCache.buffer as ArrayBuffer) };
}

/**
 * Makes the image for other processes, so that those need only read one file.
 *
 * @param folder a folder of the host's own, for what every start would make anew, and for the file
 * @returns the file's path
 */
export async function prepareImage(folder: string): Promise<string> {
  return await writePreparedImage(folder, await imageParts({}, folder));
}

async function imageParts(options: ImageOptions, folder: string | undefined): Promise<ImageParts> {
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
  let codeCache = file === undefined ? undefined : await readSealed(file);
  if (codeCache === undefined) {
    codeCache = await warmCodeCache(script, parts).catch(() => undefined);
    if (codeCache !== undefined && file !== undefined) await writeSealed(file, codeCache);
  }
  return { script, parts, codeCache };
}
