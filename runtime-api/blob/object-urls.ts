import { randomUuid } from "../crypto/random-uuid.ts";
import { mapDelete, mapGet, MapOf, mapSet } from "../primordials/collections.ts";
import { stringIndexOf, stringSlice } from "../primordials/string.ts";
import type { BlobContent } from "../form-data/late-forms.ts";
import { type Blob, blobBytes, blobType, isBlob } from "./blob.ts";

/** Blobs by their URLs. Each is kept, at the worker's own cost, until its URL is revoked or the isolate goes. */
const blobs = new MapOf<string, Blob>();

/**
 * A URL under which `fetch` finds a blob, in this isolate only. File API, 8.
 *
 * @throws TypeError where the value is no Blob
 */
export function createObjectUrl(value: unknown): string {
  if (!isBlob(value))
    throw new TypeError("Failed to execute 'createObjectURL' on 'URL': the argument is not a Blob.");
  const url = `blob:null/${randomUuid()}`;
  mapSet(blobs, url, value);
  return url;
}

/** Lets go of the blob behind a URL. */
export function revokeObjectUrl(url: string): void {
  mapDelete(blobs, url);
}

/** The content of the blob behind a URL, not a copy; the URL's fragment does not matter. */
export function contentOfUrl(url: string): BlobContent | undefined {
  const hash = stringIndexOf(url, "#");
  const blob = mapGet(blobs, hash < 0 ? url : stringSlice(url, 0, hash));
  if (blob === undefined) return undefined;
  return { bytes: blobBytes(blob) as Uint8Array<ArrayBuffer>, type: blobType(blob) };
}
