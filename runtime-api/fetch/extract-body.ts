import type { Blob } from "../blob/blob.ts";
import { blobBytes, encodeForm, isFormData } from "../form-data/late-forms.ts";
import { bytesCopy, bytesOf } from "../primordials/bytes.ts";
import { stringIsWellFormed, stringToWellFormed } from "../primordials/string.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { isDisturbed, isLocked, isReadableStream } from "../streams/stream-state.ts";
import type { ByteStream } from "../streams/stream-state.ts";
import { URLSearchParams } from "../url/url-search-params.ts";
import { makeBody, streamBody } from "./body.ts";
import type { Body } from "./body.ts";

/** What a body can be made of. */
export type BodyInit = string | ByteStream | Blob | ArrayBuffer | ArrayBufferView | object;

/** A body with the content type that it brings along; empty where it brings none. */
export interface ExtractedBody {
  readonly body: Body;
  readonly contentType: string;
}

const TEXT_TYPE = "text/plain;charset=UTF-8";
const paramsText = uncurry(URLSearchParams.prototype.toString) as (self: unknown) => string;

/** The text of URLSearchParams; undefined for anything else. */
function urlencoded(value: object): string | undefined {
  try {
    return paramsText(value);
  } catch {
    return undefined;
  }
}

function extractText(text: string): ExtractedBody {
  return {
    body: makeBody(stringIsWellFormed(text) ? text : stringToWellFormed(text), true),
    contentType: TEXT_TYPE,
  };
}

/**
 * Makes a body of anything that `new Response` or `new Request` takes, except null and undefined.
 *
 * @throws TypeError where it is a stream that was read or is locked
 */
export function extractBody(init: unknown): ExtractedBody {
  if (typeof init === "string") return extractText(init);
  if (typeof init === "object" && init !== null) {
    const buffer = bytesOf(init);
    if (buffer !== undefined) return { body: makeBody(bytesCopy(buffer), false), contentType: "" };
    if (isReadableStream(init)) {
      if (isDisturbed(init) || isLocked(init)) {
        throw new TypeError(
          "This ReadableStream is disturbed (has already been read from), and cannot be used as a body.",
        );
      }
      return { body: streamBody(init), contentType: "" };
    }
    const blob = blobBytes(init);
    if (blob !== undefined) return { body: makeBody(blob, true), contentType: (init as Blob).type };
    if (isFormData(init)) {
      const { body, contentType } = encodeForm(init);
      return { body: makeBody(body, false), contentType };
    }
    const query = urlencoded(init);
    if (query !== undefined)
      return { body: makeBody(query, true), contentType: "application/x-www-form-urlencoded;charset=UTF-8" };
  }
  return extractText(`${init as string}`);
}
