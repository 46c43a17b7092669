/** Bytes that stand before a content in its file: what type it has. */
export const CONTENT_HEAD_BYTES = 256;
const FORMAT = 1;
/** What a `Content-Type` may look like here. */
const TYPE = /^[\x21-\x7e][\x20-\x7e]{0,127}$/;

/** Whether a text can be the type of a content. */
export function isContentType(type: unknown): type is string {
  return typeof type === "string" && TYPE.test(type);
}

/** @param type null: it is served without one */
export function writeContentHead(type: string | null): Uint8Array {
  const head = new Uint8Array(CONTENT_HEAD_BYTES);
  const text = Buffer.from(type ?? "", "latin1");
  head[0] = FORMAT;
  head[1] = text.length;
  head.set(text, 2);
  return head;
}

/** @returns the type of a content; undefined if the head is none that this Skerry wrote */
export function readContentHead(head: Uint8Array): string | null | undefined {
  if (head.length !== CONTENT_HEAD_BYTES || head[0] !== FORMAT) return undefined;
  const length = head[1]!;
  if (length === 0) return null;
  const type = Buffer.from(head.subarray(2, 2 + length)).toString("latin1");
  return isContentType(type) ? type : undefined;
}
