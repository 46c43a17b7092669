import type { AssetFiles } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";
import type { ApiRequest } from "../api-context.ts";
import { hasMore } from "../body/has-more.ts";
import { readBody } from "../body/read-body.ts";

/** 100,000 files with paths of usual length, or fewer with longer ones. */
const MANIFEST_BYTES = 16 * 1024 * 1024;
const COMMAS_PER_FILE = 8;

/**
 * The files that a client wants to upload: their form is the host's to check.
 * @throws ApiError 400 for what is no list of files, or names more than a version may have; 413
 */
export async function readManifest(context: ApiRequest, mostFiles: number): Promise<AssetFiles> {
  const bytes = await readBody(context, MANIFEST_BYTES);
  // Counted before it is parsed: meanwhile the host does nothing else. An entry has two members, and paths few commas.
  if (hasMore(bytes, '"hash"', mostFiles) || hasMore(bytes, ",", mostFiles * COMMAS_PER_FILE + 64))
    throw new ApiError(
      400,
      Code.badAssets,
      `The manifest has more files than a version may have: at most ${mostFiles}`,
    );
  const manifest = manifestOf(bytes);
  return Object.fromEntries(
    Object.entries(manifest).map(([path, entry]) => {
      const { hash, size } = Object(entry) as { hash: string; size: number };
      return [path, { hash, sizeBytes: size }];
    }),
  );
}

function manifestOf(bytes: Uint8Array): object {
  try {
    const { manifest } = Object(JSON.parse(new TextDecoder().decode(bytes))) as { manifest: unknown };
    if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) return manifest;
  } catch {
    // Said below.
  }
  throw new ApiError(400, Code.badJson, 'The request body is no JSON with an object "manifest"');
}
