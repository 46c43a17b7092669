import type { Blob } from "../blob/blob.ts";
import { decodeText, withoutBom } from "../blob/decode-text.ts";
import { utf8Decode, utf8Encode } from "../encoding/utf8.ts";
import type { FormData } from "../form-data/form-data.ts";
import { blobOf, parseMultipart, parseUrlencoded } from "../form-data/late-forms.ts";
import { bytesCopy, typedBuffer } from "../primordials/bytes.ts";
import {
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  reflectOwnKeys,
} from "../primordials/object.ts";
import { jsonParse } from "../primordials/values.ts";
import type { ByteStream } from "../streams/stream-state.ts";
import { bodyStream, isUsed, readBody } from "./body.ts";
import type { Body, WholeBody } from "./body.ts";
import { mimeParameter, mimeTypeText, parseMimeType } from "./mime-type.ts";
import type { MimeType } from "./mime-type.ts";

/** What Request and Response have in common. */
export interface BodyMixin {
  readonly body: ByteStream | null;
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  formData(): Promise<FormData>;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

/** How the mixin reaches into an object of the class; both throw a TypeError for any other object. */
export interface BodyOwner {
  body(self: unknown): Body | null;
  /** The content type; empty if there is none. */
  contentType(self: unknown): string;
}

const EMPTY: WholeBody = { data: "", later: undefined, shared: false };

function read(body: Body | null): WholeBody {
  return body === null ? EMPTY : readBody(body);
}

function toText(data: string | Uint8Array): string {
  return typeof data === "string" ? withoutBom(data) : decodeText(data);
}

function toBytes({ data, shared }: WholeBody): Uint8Array<ArrayBuffer> {
  if (typeof data === "string") return utf8Encode(data);
  return shared ? bytesCopy(data) : data;
}

function parseForm(data: string | Uint8Array, type: MimeType | undefined, contentType: string): FormData {
  if (type?.essence === "application/x-www-form-urlencoded")
    return parseUrlencoded(typeof data === "string" ? data : utf8Decode(data));
  if (type?.essence !== "multipart/form-data") {
    throw new TypeError(
      `Unrecognized Content-Type header value. FormData can only parse the following MIME types: multipart/form-data, application/x-www-form-urlencoded (it is "${contentType}")`,
    );
  }
  const boundary = mimeParameter(type, "boundary");
  if (boundary === undefined)
    throw new TypeError("Cannot parse the body as multipart/form-data: its content type has no boundary");
  return parseMultipart(typeof data === "string" ? utf8Encode(data) : data, boundary);
}

/** Gives a class the members of the Body mixin, as its own. */
export function mixInBody(prototype: object, owner: BodyOwner): void {
  const members = {
    get body(): ByteStream | null {
      const body = owner.body(this);
      return body === null ? null : bodyStream(body);
    },
    get bodyUsed(): boolean {
      const body = owner.body(this);
      return body !== null && isUsed(body);
    },
    async arrayBuffer(): Promise<ArrayBuffer> {
      const whole = read(owner.body(this));
      if (whole.later !== undefined) await whole.later;
      return typedBuffer(toBytes(whole)) as ArrayBuffer;
    },
    async blob(): Promise<Blob> {
      const whole = read(owner.body(this));
      const type = parseMimeType(owner.contentType(this));
      if (whole.later !== undefined) await whole.later;
      return blobOf(toBytes(whole), type === undefined ? "" : mimeTypeText(type));
    },
    async bytes(): Promise<Uint8Array<ArrayBuffer>> {
      const whole = read(owner.body(this));
      if (whole.later !== undefined) await whole.later;
      return toBytes(whole);
    },
    async formData(): Promise<FormData> {
      const whole = read(owner.body(this));
      const contentType = owner.contentType(this);
      const type = parseMimeType(contentType);
      if (whole.later !== undefined) await whole.later;
      return parseForm(whole.data, type, contentType);
    },
    async json(): Promise<unknown> {
      const whole = read(owner.body(this));
      if (whole.later !== undefined) await whole.later;
      return jsonParse(toText(whole.data));
    },
    async text(): Promise<string> {
      const whole = read(owner.body(this));
      if (whole.later !== undefined) await whole.later;
      return toText(whole.data);
    },
  };
  for (const key of reflectOwnKeys(members)) {
    objectDefineProperty(prototype, key, objectGetOwnPropertyDescriptor(members, key) as PropertyDescriptor);
  }
}
