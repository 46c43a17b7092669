import { readEntityTags } from "../cache/conditional.ts";
import type { EdgeBody, EdgeResponse } from "../dispatch/edge.ts";
import { codingOf } from "../egress/coding.ts";
import { accepts, encodeBody } from "./encode-body.ts";
import { type ResponseHead, withoutHeader } from "./response-head.ts";

/** A response in the form that goes over the wire. */
export interface WireForm {
  /** Null where it is coded and not sent: nobody knows its length. */
  readonly body: EdgeBody;
  readonly head: ResponseHead;
}

/** The request, as far as the form of its answer depends on it. */
export interface Asked {
  readonly isHead: boolean;
  readonly acceptEncoding: string | undefined;
}

/**
 * Brings a plain body into the form that its Content-Encoding names; that header is left out where the client does not
 * take that form, where the account has too many bodies that are being encoded, and for a part: bytes of a plain body are
 * none of its coded form. A response to HEAD gets the head that GET would, and no encoder. What is coded already, has no
 * body, or names a coding that is not made here stays as it is. RFC 9110, 8.4, 8.8.3.3 and 12.5.5.
 */
export function wireForm(
  { isHead, acceptEncoding }: Asked,
  { status, body, isPlain, account = "", spent }: EdgeResponse,
  head: ResponseHead,
): WireForm {
  const coding = isPlain === true && body !== null ? codingOf(head.contentEncoding) : null;
  if (body === null || coding === null) return { body, head };
  const raw = varied(head.raw);
  const plain = { body, head: { ...head, raw: withoutHeader(raw, "content-encoding") } };
  if (status === 206 || !accepts(acceptEncoding, coding)) return plain;
  const encoded = isHead ? null : encodeBody(body, coding, account, spent);
  if (encoded === null && !isHead) return plain;
  return { body: encoded, head: { ...head, raw: weaklyTagged(raw), contentLength: -1 } };
}

/**
 * The head of a 304: its ETag is weak where the client has that of a coded form, which is the only one that the client
 * knows. RFC 9110, 15.4.5: it is the ETag that a 200 would have; RFC 9111, 4.3.4: by another one nothing is found that
 * is stored.
 * @param known the request's If-None-Match
 */
export function notModifiedHead(known: string | undefined, head: ResponseHead): ResponseHead {
  const tags = known === undefined ? [] : readEntityTags(known);
  const hasCodedForm = (etag: string): boolean => tags.includes(`W/${etag}`) && !tags.includes(etag);
  const raw = weaklyTagged(head.raw, hasCodedForm);
  return { ...head, raw };
}

/** The headers with an Accept-Encoding in their Vary: caches must keep the forms apart. */
function varied(raw: readonly string[]): string[] {
  const values = raw.filter((_, index) => isValueOf(raw, index, "vary"));
  const names = values.flatMap((value) => value.toLowerCase().split(",", 64)).map((name) => name.trim());
  if (names.includes("*") || names.includes("accept-encoding")) return [...raw];
  const value = [...values.filter((text) => text.trim() !== ""), "Accept-Encoding"].join(", ");
  return [...withoutHeader(raw, "vary"), "Vary", value];
}

/** The headers of another form: it is not the same byte by byte, as a strong ETag says. */
function weaklyTagged(raw: readonly string[], isOther: (etag: string) => boolean = () => true): string[] {
  return raw.map((text, index) =>
    isValueOf(raw, index, "etag") && text.startsWith('"') && isOther(text.trim()) ? `W/${text}` : text,
  );
}

function isValueOf(raw: readonly string[], index: number, name: string): boolean {
  return index % 2 === 1 && raw[index - 1]!.toLowerCase() === name;
}
