import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { getMimeType } from "hono/utils/mime";
import { SkerryError } from "../../src/errors/skerry-error.ts";
import type { AssetFile } from "../../src/index.ts";
import { IgnoreFile } from "./ignore-file.ts";

const IGNORE_FILE = ".assetsignore";
const HEADERS_FILE = "_headers";
const REDIRECTS_FILE = "_redirects";
/** What is never meant to be served, unless `.assetsignore` takes it back with `!`. */
const LEFT_OUT = [
  `/${IGNORE_FILE}`,
  `/${HEADERS_FILE}`,
  `/${REDIRECTS_FILE}`,
  ".git/",
  ".skerry/",
  ".wrangler/",
  ".dev.vars*",
  ".env*",
];
/** Largest file that Cloudflare takes, which is the host's default too. */
const MAX_FILE_BYTES = 25 * 1024 ** 2;
/** Hosts take no more, whatever they are told. */
const MAX_FILES = 100_000;

/** A folder of assets cannot be taken as it is. */
export class AssetsRefused extends SkerryError {
  constructor(problems: readonly string[]) {
    super("ASSETS_REFUSED", problems.join("\n"));
  }
}

/** One content, and where it is. */
export interface AssetContent extends AssetFile {
  readonly path: string;
  readonly contentType: string | null;
}

/** A folder of assets. */
export interface CollectedAssets {
  readonly files: Readonly<Record<string, AssetFile>>;
  /** Each content once. */
  readonly contents: readonly AssetContent[];
  /** Text of `_headers`, if there is one. */
  readonly headers?: string;
  readonly redirects?: string;
  /** Files that went in: a change of one calls for collecting again. */
  readonly inputs: readonly string[];
}

/**
 * Collects the files of a folder as wrangler does: all but `_headers`, `_redirects`, and what `.assetsignore` names; here
 * also without local secrets, and what tools keep for themselves.
 * Links to files are followed, links to folders are not.
 * @throws AssetsRefused naming files that are too large, and a `_worker.js` that would be served
 */
export async function collectAssets(folder: string): Promise<CollectedAssets> {
  const ignoreText = await textOf(join(folder, IGNORE_FILE));
  const ignored = new IgnoreFile([...LEFT_OUT, ignoreText ?? ""].join("\n"));
  const found: string[] = [];
  const inputs: string[] = [];
  await walk(folder, "", ignored, found, inputs);
  const problems: string[] = [];
  if (found.length > MAX_FILES)
    problems.push(`${folder} has ${found.length} files; at most ${MAX_FILES} can be served`);
  if (ignoreText === undefined && found.some((path) => /^_worker\.js(?:\/|$)/.test(path)))
    problems.push(
      `${folder} has a "_worker.js", which would be served with its source; name it in ${IGNORE_FILE}, or make an empty ${IGNORE_FILE} if that is wanted`,
    );
  if (problems.length > 0) throw new AssetsRefused(problems);
  const files: Record<string, AssetFile> = {};
  const contents = new Map<string, AssetContent>();
  for (const relative of found.toSorted()) {
    const path = join(folder, relative);
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      problems.push(`${path} has ${size} bytes; an asset may have at most ${MAX_FILE_BYTES}`);
      continue;
    }
    const content = await readContent(path);
    files[`/${relative}`] = { hash: content.hash, sizeBytes: content.sizeBytes };
    contents.set(content.hash, content);
  }
  if (problems.length > 0) throw new AssetsRefused(problems);
  for (const name of [IGNORE_FILE, HEADERS_FILE, REDIRECTS_FILE]) inputs.push(join(folder, name));
  const headers = await textOf(join(folder, HEADERS_FILE));
  const redirects = await textOf(join(folder, REDIRECTS_FILE));
  return {
    files,
    contents: [...contents.values()],
    ...(headers !== undefined && { headers }),
    ...(redirects !== undefined && { redirects }),
    inputs,
  };
}

/** @param at path of the folder below the root, with a slash at its end; the root has none */
async function walk(
  folder: string,
  at: string,
  ignored: IgnoreFile,
  found: string[],
  inputs: string[],
): Promise<void> {
  for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
    const path = at + entry.name;
    if (ignored.ignores(path, entry.isDirectory())) continue;
    if (entry.isDirectory()) {
      await walk(folder, `${path}/`, ignored, found, inputs);
    } else if (entry.isFile() || (await stat(join(folder, path))).isFile()) {
      inputs.push(join(folder, path));
      found.push(path);
    }
  }
}

/** Two files of the same bytes but different endings have different types, and so are two contents. */
async function readContent(path: string): Promise<AssetContent> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
    hash.update(piece);
    sizeBytes += piece.length;
  }
  hash.update(extname(path));
  return { hash: hash.digest("hex").slice(0, 32), sizeBytes, path, contentType: getMimeType(path) ?? null };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
