import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import { readRange } from "../cache/byte-range.ts";
import { isNotModified, rangeHolds } from "../cache/conditional.ts";
import { headerOf, type HeaderList, writeHeaders } from "../cache/flat-headers.ts";
import { acceptsEncoding, compressedForms } from "./compressed-form.ts";
import type { FoundAsset, Manifest } from "./manifest.ts";
import type { AnswerHeaders } from "./site-rules.ts";

/** Browsers ask each time whether what they have is still right. */
const CACHE_CONTROL = "public, max-age=0, must-revalidate";

/** An answer from assets. */
export interface SiteAnswer {
  readonly status: number;
  readonly headers: FlatHeaders;
  /** Bytes are not to be changed: others are answered with them too. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
}

/** A file that answers a request. */
export interface AssetRequest {
  /** `GET` or `HEAD`. */
  readonly method: string;
  readonly headers: HeaderList;
  readonly path: string;
  readonly file: FoundAsset;
  readonly status: 200 | 404;
  readonly manifest: Manifest;
  /** Whether a compressed form may be given to clients that take it. */
  readonly compresses: boolean;
  /** Applies the rules of the site. */
  readonly finish: (headers: AnswerHeaders) => AnswerHeaders;
  readonly read: (
    file: FoundAsset,
    start: number,
    end: number,
  ) => Promise<Uint8Array | ReadableStream<Uint8Array>>;
}

/** An answer without a body. */
export function plainAnswer(status: number, headers: AnswerHeaders = []): SiteAnswer {
  return { status, headers: writeHeaders(headers), body: null };
}

/** Answers with a file, a part of it, or with word that the client has it already (RFC 9110 §13, §14). */
export async function answerAsset(request: AssetRequest): Promise<SiteAnswer> {
  const { method, headers, status, finish, read } = request;
  const rangeHeader = headerOf(headers, "range");
  const { file, more } = formOf(request, rangeHeader !== undefined);
  const finished = (): AnswerHeaders => [...finish(list), ...more];
  const { hash, sizeBytes } = file;
  const list: AnswerHeaders = [["etag", `"${hash}"`]];
  if (request.file.contentType !== null) list.push(["content-type", request.file.contentType]);
  if (rangeHeader === undefined && headerOf(headers, "authorization") === undefined)
    list.push(["cache-control", CACHE_CONTROL]);
  if (isNotModified(headers, list)) return plainAnswer(304, finished());
  const range =
    method === "GET" && status === 200 && rangeHeader !== undefined && rangeHolds(headers, list)
      ? readRange(rangeHeader, sizeBytes)
      : null;
  if (range === "unsatisfiable")
    return plainAnswer(416, [...finished(), ["content-range", `bytes */${sizeBytes}`]]);
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  const all = finished();
  all.push(["content-length", String(end - start)]);
  if (range !== null)
    all.push(["accept-ranges", "bytes"], ["content-range", `bytes ${start}-${end - 1}/${sizeBytes}`]);
  const flat = writeHeaders(all);
  if (method === "HEAD") return { status, headers: flat, body: null };
  const body = end === start ? new Uint8Array() : await read(file, start, end);
  return { status: range === null ? status : 206, headers: flat, body };
}

/** The file itself, or a smaller form of it that the client takes. */
function formOf(
  { manifest, path, file, headers, compresses }: AssetRequest,
  hasRange: boolean,
): { readonly file: FoundAsset; readonly more: AnswerHeaders } {
  const forms = compresses ? compressedForms(manifest, path, file) : [];
  if (forms.length === 0) return { file, more: [] };
  const vary = ["vary", "Accept-Encoding"] as const;
  const accepted = headerOf(headers, "accept-encoding") ?? "";
  const form = hasRange ? undefined : forms.find(({ encoding }) => acceptsEncoding(accepted, encoding));
  if (form === undefined) return { file, more: [vary] };
  return { file: form.file, more: [["content-encoding", form.encoding], vary] };
}
