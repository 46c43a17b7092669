import type { Blob } from "../blob/blob.ts";
import { LatePart } from "../globals/late-part.ts";
import type { FormData } from "./form-data.ts";
import type { EncodedForm } from "./multipart-encode.ts";

/** The memory of a blob, which nobody writes to, and its type. */
export interface BlobContent {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** What the rest of the runtime does with blobs and forms. */
export interface FormPart {
  blobBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined;
  blobOf(bytes: Uint8Array<ArrayBuffer>, type: string): Blob;
  isForm(value: unknown): value is FormData;
  encode(form: FormData): EncodedForm;
  parseMultipart(bytes: Uint8Array, boundary: string): FormData;
  parseUrlencoded(text: string): FormData;
  createObjectUrl(value: unknown): string;
  revokeObjectUrl(url: string): void;
  contentOfUrl(url: string): BlobContent | undefined;
}

/** Blob, File and FormData; `forms.ts` has them. */
export const forms: LatePart<FormPart> = new LatePart("Blobs and forms");

/** The memory of a blob, not a copy, which the caller never writes to; undefined if it is none. */
export function blobBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  return forms.peek()?.blobBytes(value);
}

/** A blob on memory that nobody writes to from now on. */
export function blobOf(bytes: Uint8Array<ArrayBuffer>, type: string): Blob {
  return forms.get().blobOf(bytes, type);
}

/** Whether the value is a FormData, by its brand. */
export function isFormData(value: unknown): value is FormData {
  const part = forms.peek();
  return part !== undefined && part.isForm(value);
}

/** A form as `multipart/form-data`. */
export function encodeForm(form: FormData): EncodedForm {
  return forms.get().encode(form);
}

/**
 * Parses a whole `multipart/form-data` body.
 * @throws TypeError where it is malformed
 */
export function parseMultipart(bytes: Uint8Array, boundary: string): FormData {
  return forms.get().parseMultipart(bytes, boundary);
}

/** Parses a whole `application/x-www-form-urlencoded` body. */
export function parseUrlencoded(text: string): FormData {
  return forms.get().parseUrlencoded(text);
}

/** A URL for a blob. @throws TypeError where the value is none */
export function createObjectUrl(value: unknown): string {
  return forms.get().createObjectUrl(value);
}

/** Lets go of the blob behind a URL. */
export function revokeObjectUrl(url: string): void {
  forms.peek()?.revokeObjectUrl(url);
}

/** The content of the blob behind a URL. */
export function contentOfUrl(url: string): BlobContent | undefined {
  return forms.peek()?.contentOfUrl(url);
}
